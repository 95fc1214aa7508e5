#!/bin/sh
# Benches beside each other: none disturbs another, and none costs much.
. "$(dirname "$0")/../lib/sim.sh"
need openocd
case $SWDOCTOR in
*-san/*)
  skip "many benches at once" "with sanitizers they cost more than they may"
  exit 0
  ;;
esac
check "20 benches side by side, 64 KiB written and verified on each, for half a second of processor time" \
  "$here/sim_parallel.sh" "$SWDOCTOR" 20 0.5
finish
