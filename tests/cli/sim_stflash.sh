#!/bin/sh
# Unmodified st-info and st-flash on the virtual bench, chip by chip: found, written, read back, erased. What the
# array holds afterwards is compared from outside.
. "$(dirname "$0")/../lib/sim.sh"
need st-flash

make_image "$work/old" 32768

# chip NAME PROBE ID BYTES [ERASED]
chip() {
  image=$work/image.$4
  make_image "$image" "$4"
  rm -f "$work/array" "$work/read"
  bench "$1" "$2" st-info --probe >"$work/out" 2>&1
  printed "$1: st-info names the chip" "chipid:     0x0$3"

  bench "$1" "$2" st-flash write "$image" 0x08000000 >"$work/out" 2>&1
  check "$1: st-flash writes" test $? = 0
  printed "$1: and verifies" "Flash written and verified! jolly good!"
  check "$1: the array holds the image" cmp -n "$4" "$work/array" "$image"

  bench "$1" "$2" st-flash read "$work/read" 0x08000000 32768 >"$work/out" 2>&1
  check "$1: st-flash reads what was there" cmp "$work/read" "$work/old"

  bench "$1" "$2" st-flash erase >"$work/out" 2>&1
  check "$1: st-flash erases" test $? = 0
  check "$1: the array is erased" erased "$work/array" "${5-0xff}"
}

chip F103 v2 410 16384
chip F405 v2-1 413 32768
chip L476 v2-1 415 16384
chip G071 v2 460 4096
chip H743 v3 450 8192
chip F051 v2 440 8192
chip F303 v2 422 16384
# The loader that st-flash 1.7 has for L0 is no code for a Cortex-M0+: it faults, and words are written one by one.
chip L053 v2 417 1024 0x00
chip G431 v3 468 4096

# Relatives, and a chip that 1.7 does not know.
case $SWDOCTOR in
*-san/*) finish ;;
esac
chip G031 v2-1 466 4096
chip WB55 v2-1 495 4096
chip F401 v2-1 423 16384
bench G0B1 v2-1 st-flash write "$work/old" 0x08000000 >"$work/out" 2>&1
printed "G0B1: st-flash says that it does not know the chip" "unknown chip id! 0x467"

finish
