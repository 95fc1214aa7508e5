#!/bin/sh
# The bench's replacement for libusb against the real one, which meets the same bench on a bus played by umockdev: to
# programs and their users both are the same, down to the words about what goes wrong.
. "$(dirname "$0")/../lib/sim.sh"
need st-info
need openocd
through_kernel=$(dirname "$SWDOCTOR")/tests/bench_usb
[ -x "$through_kernel" ] || {
  skip "the real libusb on the bench" "it is built where libumockdev-dev is installed"
  exit 0
}
image=$work/image
make_image "$image" 8192

# What was said, but for seconds and what depends on how many polls fit into them.
words() {
  tr '\r' '\n' <"$1" | sed 's/[0-9.]*s (.*)//; s/^[0-9T:-]* //; /^Info : Unable to match/d'
}

# session LIBRARY SCENARIO COMMAND...: leaves what was said in $work/LIBRARY, the figures in $work/LIBRARY.stats
session() {
  library=$1 scenario=$2
  shift 2
  [ "$library" = ours ] || set -- "$through_kernel" "$@"
  timeout -k 1 60 "$SWDOCTOR" sim run --stats "$work/$library.stats" --flash-out "$work/$library.array" "$scenario" -- \
    timeout -k 1 50 "$@" >"$work/$library" 2>&1
  echo "ends with $?" >>"$work/$library"
  words "$work/$library" >"$work/$library.words"
}

# both NAME SCENARIO COMMAND...
both() {
  subject=$1
  shift
  session ours "$@"
  session real "$@"
  check "$subject: the same words" cmp "$work/ours.words" "$work/real.words"
}
same_flash() {
  check "$subject: the same flash" cmp "$work/ours.array" "$work/real.array"
}
same_commands() {
  check "$subject: as many commands" test "$(field "$work/ours.stats" commands)" = "$(field "$work/real.stats" commands)"
}
openocd() { # SCENARIO TARGET [INTERFACE]
  both "OpenOCD, $1, ${3-stlink}.cfg" "$1" openocd -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' \
    -f "interface/${3-stlink}.cfg" -f "target/$2.cfg" -c "program $image 0x08000000 verify reset exit"
}

# Our own program links libusb like any other.
diagnosis() { # SCENARIO CAUSE
  session real "$1" "$SWDOCTOR" check --probe usb --format json
  grep '^{' "$work/real" >"$work/json"
  has "swdoctor check, $1" "$work/json" "$2" findings 0 cause
}
diagnosis swdio-open-f405 swd-not-connected
diagnosis usb-stalls usb-unstable
case $SWDOCTOR in
*-san/*) finish ;;
esac

for scenario in healthy-f405-v2 healthy-l476-nucleo healthy-h743-v3 usb-no-probe-f405 usb-busy-f405 swdio-open-f405; do
  both "st-info, $scenario" "$scenario" st-info --probe
  same_commands
done
both "st-flash" healthy-f103-v2 st-flash --reset write "$image" 0x08000000
same_flash
check "st-flash: what it wrote is there" cmp -n 8192 "$work/real.array" "$image"

openocd healthy-f405-v2 stm32f4x
same_flash
check "OpenOCD: what it wrote is there" cmp -n 8192 "$work/real.array" "$image"
openocd healthy-f405-v2 stm32f4x stlink-dap
same_flash
openocd healthy-h743-v3 stm32h7x
same_flash
openocd usb-stalls stm32f1x
same_commands
openocd swdio-open-f405 stm32f4x
same_commands
openocd usb-unplugged-while-programming stm32f4x

finish
