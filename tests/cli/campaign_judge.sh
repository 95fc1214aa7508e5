#!/bin/sh
# The campaign finds out who cheats: planted false successes, untrue reports, states that stay broken, hangs and crashes.
. "$(dirname "$0")/../lib/sim.sh"
"$PYTHON" "$here/bench/campaign_test.py" || failures=1
finish
