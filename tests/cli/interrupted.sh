#!/bin/sh
# flash, erase, option, reset and read told to stop in the middle: the board is looked at from outside, and what was said is
# so. A sample; `make interrupted` tries every transaction.
. "$(dirname "$0")/../lib/sim.sh"
need true

every=25
goes_with_preloading || every=97 # a sanitizer takes its time
run 0 "commands told to stop: the reset line let go, the probe left, a whole program running, 130, the truth said" \
  timeout -k 5 200 "$PYTHON" "$here/lib/interrupted.py" "$SWDOCTOR" --every $every
sed 's/^/# /' "$work/err"
check "some of them were in the middle of it" grep -q '"cut_short": [1-9]' "$work/out"

finish
