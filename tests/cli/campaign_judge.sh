#!/bin/sh
# The campaign finds out who cheats: planted false successes, untrue reports, states that stay broken, hangs and crashes.
. "$(dirname "$0")/../lib/sim.sh"
"$PYTHON" "$here/bench/campaign_test.py" >"$work/judged"
echo $? >"$work/code"
cat "$work/judged"
check "each cheat that was planted is found out" test "$(cat "$work/code")" = 0

finish
