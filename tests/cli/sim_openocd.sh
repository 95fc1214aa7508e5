#!/bin/sh
# Unmodified OpenOCD on the virtual bench, chip by chip, over both of its adapter drivers: it attaches, reads and
# writes memory and registers, stops at a breakpoint, erases, programs, verifies, reads back. What the array holds
# in the end is compared from outside.
. "$(dirname "$0")/../lib/sim.sh"
need openocd

image=$work/image
make_image "$image" 16384
make_image "$work/old" 32768

# session INTERFACE TARGET ERASE CHIP PROBE
session() {
  bench "$4" "$5" openocd -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' \
    -f "interface/$1.cfg" -f "target/$2.cfg" -c 'adapter speed 1800; init; reset halt' \
    -c 'mww 0x20000100 0x89abcdef; mwb 0x20000101 0x55; mdw 0x20000100' \
    -c 'mwh 0x20000106 0x1234; mdh 0x20000106' \
    -c 'reg r3 0xcafe0003; echo [reg r3]' -c "$3" \
    -c "program $image 0x08000000 verify; adapter speed 1800; reset halt" \
    -c 'bp 0x08000042 2 hw; resume; wait_halt 1000; echo [reg pc]; rbp all' \
    -c "dump_image $work/dump 0x08000000 16384; resume; shutdown"
}

# chip NAME TARGET ERASE [ERASED [PROBE]]
chip() {
  for interface in stlink stlink-dap; do
    with="$1, $interface.cfg"
    rm -f "$work/array" "$work/dump"
    session "$interface" "$2" "$3" "$1" "${5-v2}" >"$work/out" 2>&1
    check "$with: OpenOCD ends well" test $? = 0
    printed "$with: words of RAM" "0x20000100: 89ab55ef"
    printed "$with: half-words of RAM" "0x20000106: 1234"
    printed "$with: a core register" "r3 (/32): 0xcafe0003"
    printed "$with: the image is verified" "** Verified OK **"
    printed "$with: it runs, into a breakpoint" "pc (/32): 0x08000042"
    check "$with: what is read back is the image" cmp "$work/dump" "$image"
    check "$with: the array holds the image, and nothing else" holds "$work/array" "$image" "${4-0xff}"
  done
}

chip F103 stm32f1x 'stm32f1x mass_erase 0'
chip F405 stm32f4x 'stm32f2x mass_erase 0'
chip L476 stm32l4x 'stm32l4x mass_erase 0'
chip G071 stm32g0x 'stm32l4x mass_erase 0'
chip H743 stm32h7x 'stm32h7x mass_erase 0' 0xff v3
chip F051 stm32f0x 'stm32f1x mass_erase 0'
chip F303 stm32f3x 'stm32f1x mass_erase 0'
chip L053 stm32l0 'stm32lx mass_erase 0' 0x00
chip G431 stm32g4x 'stm32l4x mass_erase 0'
chip U575 stm32u5x 'stm32l4x mass_erase 0' 0xff v3

finish
