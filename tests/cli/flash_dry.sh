#!/bin/sh
# flash --dry-run says what flash then does: the same blocks, or the whole chip, and in about that time.
. "$(dirname "$0")/../lib/sim.sh"
need true

export XDG_STATE_HOME="$work/state"
"$PYTHON" "$here/lib/flash_dry.py" "$SWDOCTOR" "$work" >"$work/cases"
cat "$work/cases"
check "no case was off" not grep -q '^not ok' "$work/cases"
check "all were tried" test "$(wc -l <"$work/cases")" = 30

finish
