#!/bin/sh
# check leaves a board as it found it, healthy or not, stopped or disturbed at any transaction; the board is looked at from
# outside. `make check-interrupted` tries every transaction; this is a sample.
. "$(dirname "$0")/../lib/sim.sh"

sweep() { # OPTION...
  timeout -k 5 300 "$PYTHON" "$here/lib/check_interrupted.py" "$SWDOCTOR" "$@"
}

"$PYTHON" "$here/lib/check_healthy.py" "$SWDOCTOR" || failures=$((failures + 1))

run 0 "interrupted: the reset line let go, the core running, the probe left, 130, a true report" \
  sweep --chip F405 --kind interrupt --every 24 --at 217 231
sed 's/^/# /' "$work/out"
run 0 "the same with a transfer that fails, on another board" \
  sweep --chip G071 --kind usb-reply-lost usb-stall --every 60 --at 216 222
sed 's/^/# /' "$work/out"

goes_with_preloading || finish
for word in interrupt kill; do # of other programs, too
  "$SWDOCTOR" sim run --set "faults=[{what: $word, at: transaction 5}]" healthy-f405-v2 -- \
    "$SWDOCTOR" check --no-history >"$work/out" 2>"$work/err"
  echo $? >"$work/$word"
done
check "a program of its own on the bench is asked to stop, too" grep -qx 130 "$work/interrupt"
check "or killed" grep -qx 137 "$work/kill"

finish
