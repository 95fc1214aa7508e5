#!/bin/sh
# Unmodified pyOCD, as Debian has it, on the virtual bench: it finds the probe, walks to the core, and programs chips
# through the flash algorithms it carries. What the array holds afterwards is compared from outside.
. "$(dirname "$0")/../lib/sim.sh"
need pyocd-flashtool

image=$work/image.bin # it tells the format by the name
make_image "$image" 16384
make_image "$work/old" 32768

bench F103E v2 pyocd-tool list >"$work/out" 2>&1
printed "pyOCD finds the probe" "53570000000000000000F00D"

# chip NAME TARGET PROBE
chip() {
  rm -f "$work/array"
  bench "$1" "$3" pyocd-flashtool -hp -t "$2" -a 0x08000000 "$image" >"$work/out" 2>&1
  check "$1: pyOCD programs" test $? = 0
  printed "$1: and says so" "Programmed 16384 bytes"
  check "$1: the array holds the image" cmp -n 16384 "$work/array" "$image"
}

chip F103E stm32f103rc v2
chip F051 stm32f051 v2
chip F429I stm32f439xi v2-1
chip L476 stm32l475xg v2-1

finish
