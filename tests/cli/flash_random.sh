#!/bin/sh
# Random images on every chip of the virtual bench: afterwards every byte of the array is the image's where it has one,
# and what it was everywhere else.
. "$(dirname "$0")/../lib/sim.sh"
need true

export XDG_STATE_HOME="$work/state"
case $SWDOCTOR in
*-san/*) last=8 ;; # the others take the same ways
*) last=60 ;;
esac
"$PYTHON" "$here/lib/random_flash.py" "$SWDOCTOR" "$work" 1 "${FLASH_RANDOM_LAST-$last}" >"$work/cases"
cat "$work/cases"
check "no case failed" not grep -q '^not ok' "$work/cases"
check "all cases were tried" test "$(wc -l <"$work/cases")" -ge "${FLASH_RANDOM_LAST-$last}"

finish
