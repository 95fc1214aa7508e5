#!/bin/sh
# What OpenOCD and st-flash say on the bench is enough for some causes: those are found. (All scenarios, and how often
# their words are enough: make score-scenarios.)
. "$(dirname "$0")/../lib/sim.sh"
need openocd
need st-flash
case $SWDOCTOR in
*-san/*)
  skip "what tools say on the bench" "it is the same with sanitizers"
  exit 0
  ;;
esac

found() { # TOOL SHARE SCENARIO...
  tool=$1 least=$2
  shift 2
  check "$tool: where its words carry the cause, it is found" "$PYTHON" "$here/score/scenarios.py" "$SWDOCTOR" "$@" --tool "$tool" \
    --at-least "$tool.strict=$least"
}
found openocd 1 healthy-f103-v2 healthy-g071-nucleo usb-busy-f405 usb-denied-v3 usb-no-probe-nucleo target-off-f405 \
  protected-rdp1-f103 write-protected-f405 clone-f103-core-id cell-stuck-f103 cell-worn-f405
found st-flash 1 healthy-f405-v2 healthy-l476-nucleo usb-busy-nucleo usb-no-probe-f405 write-protected-l476 unknown-chip-id \
  cell-stuck-g071 nrst-low-f405 usb-replies-get-lost
finish
