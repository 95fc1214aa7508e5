#!/bin/sh
# Our flash and other tools on the same bench, one after the other: OpenOCD verifies what we wrote and st-flash reads it
# back, and what OpenOCD wrote is verified by us. All of them go through the same replacement of libusb.
. "$(dirname "$0")/../lib/sim.sh"
need openocd
case $SWDOCTOR in
*-san/*)
  skip "our flash and other tools on one bench" "libusb is replaced by preloading, which the sanitizer does not go with"
  exit 0
  ;;
esac

export XDG_STATE_HOME="$work/state" SWDOCTOR_LOCK_DIR="$work/locks"
mkdir -p "$work/locks"
image=$work/image
make_image "$image" 4096
make_image "$work/old" 4096 # OpenOCD finds its own bytes; the second image differs
make_image "$work/other" 4000

openocd_does() { # INTERFACE TARGET COMMANDS: as text for sh
  echo "openocd -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' -f interface/$1.cfg" \
    "-f target/$2.cfg -c 'init; reset halt; $3; shutdown'"
}
# chip NAME TARGET [PROBE [no-st-flash]]
chip() {
  here_probe=${3-v2}
  st_flash=st-flash
  [ -z "${4-}" ] || st_flash=no-st-flash # which does not know this chip
  bench "$1" "$here_probe" sh -c "
    '$SWDOCTOR' flash --base 0x08000000 '$work/other' || exit 1
    $(openocd_does stlink "$2" "echo [verify_image $work/other 0x08000000]") || exit 2
    ! command -v $st_flash || st-flash read '$work/read' 0x08000000 4000" >"$work/out" 2>&1
  check "$1: all three end well" test $? = 0
  printed "$1: we say what was verified" "RESULT code=0 class=pass"
  check "$1: OpenOCD verifies it" grep -q "^verified 4000 bytes" "$work/out"
  if command -v $st_flash >/dev/null; then
    check "$1: st-flash reads the same" cmp "$work/read" "$work/other"
  else
    skip "$1: st-flash reads the same" "st-flash is not installed, or does not know it"
  fi
  check "$1: so does the array from outside" cmp -n 4000 "$work/array" "$work/other"

  bench "$1" "$here_probe" sh -c "
    $(openocd_does stlink "$2" "program $work/other 0x08000000 verify") &&
    '$SWDOCTOR' verify --base 0x08000000 --verify full '$work/other'" >"$work/out" 2>&1
  check "$1: what OpenOCD wrote is verified by us" test $? = 0
  printed "$1: every byte of it" "RESULT code=0 class=pass"
}

chip F103 stm32f1x
chip F405 stm32f4x
chip L476 stm32l4x
chip G071 stm32g0x
chip F051 stm32f0x
chip F303 stm32f3x
chip L053 stm32l0
chip G431 stm32g4x
chip U575 stm32u5x v3 no-st-flash
chip F746 stm32f7x v3
chip G474 stm32g4x
chip H743 stm32h7x v3

finish
