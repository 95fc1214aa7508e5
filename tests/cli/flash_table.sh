#!/bin/sh
# The whole table of chips, as far as the virtual bench has them: flashed, verified, read back, partly flashed again,
# erased; the array is compared from outside. `proof` in rules/chips.yaml says bench where, and only where, this was shown.
. "$(dirname "$0")/../lib/sim.sh"
need true
case $SWDOCTOR in
*-san/*)
  skip "every chip of the bench" "the plain program has done it; the sanitized one has done one of each controller"
  exit 0
  ;;
esac

export XDG_STATE_HOME="$work/state"
"$PYTHON" "$here/lib/flash_table.py" "$SWDOCTOR" "$work" "$here/../rules/chips.yaml" >"$work/cases"
cat "$work/cases"
check "no chip failed" not grep -q '^not ok' "$work/cases"
check "all were tried" test "$(wc -l <"$work/cases")" -ge 80

finish
