#!/bin/sh
# check on a fixed sample of the healthy boards that `make score-healthy` examines one and all.
. "$(dirname "$0")/../lib/sim.sh"

need true
every=60
case $SWDOCTOR in
*-san/*) every=240 ;;
esac
check "healthy boards of all kinds are left in peace, in less than 5 s and 400 transactions" \
  "$PYTHON" "$here/score/healthy.py" "$SWDOCTOR" --every "$every"
finish
