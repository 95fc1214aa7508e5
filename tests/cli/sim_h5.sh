#!/bin/sh
# A Cortex-M33 behind the second access port. OpenOCD 0.12 knows no STM32H5, so its own words of memory and registers
# drive the flash controller here, as RM0481 says it: chapters 7.3.4 (erase) and 7.3.5 (program).
. "$(dirname "$0")/../lib/sim.sh"
need openocd
make_image "$work/old" 4096

# h5 CHIP COMMANDS...: OpenOCD's generic core
h5() {
  part=$1
  shift
  bench "$part" v3e openocd -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' \
    -f interface/stlink-dap.cfg -c 'transport select dapdirect_swd; swd newdap h5 cpu -expected-id 0x6ba02477' \
    -c 'dap create h5.dap -chain-position h5.cpu; target create h5.core cortex_m -dap h5.dap -ap-num 1' \
    -c 'reset_config srst_only; adapter speed 1000' "$@" -c shutdown >"$work/out" 2>&1
}

h5 H563 -c 'init; reset halt; echo [mdw 0x44024000]; echo [mdw 0xe000ed00]; mdh 0x08fff80c' \
  -c 'mww 0x40022004 0x45670123; mww 0x40022004 0xcdef89ab; mww 0x40022028 0x80000044; mww 0x40022028 0x80000064' \
  -c 'sleep 20; echo [mdw 0x40022020]; mww 0x40022030 0xff0000; mww 0x40022028 2' \
  -c 'write_memory 0x08102000 32 {0x11223344 0x55667788 0x99aabbcc 0xddeeff00}; sleep 1; mdw 0x08102000 4'
check "H563: OpenOCD ends well" test $? = 0
printed "H563: the core's access port reads the device id" "0x44024000: 10016484"
printed "H563: and the core is a Cortex-M33" "0xe000ed00: 410fd214"
printed "H563: the flash size" "0x08fff80c: 0800"
printed "H563: a sector is erased" "0x40022020: 00010000"
printed "H563: a word is programmed and read back" "0x08102000: 11223344 55667788 99aabbcc ddeeff00"

h5 '{part: H563, rdp: 1}' -c 'init; echo [h5.dap apreg 0 0xfc]; mdw 0xe000ed00'
check "H563, closed: the core cannot be examined" test $? != 0
printed "H563, closed: the first access port answers all the same" "0x54770002"

finish
