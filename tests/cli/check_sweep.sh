#!/bin/sh
# check --sweep: error rates as it estimates them, against the bench's own model; `make sweep-stats` is the long form.
. "$(dirname "$0")/../lib/sim.sh"

need true

measured() { # KEY LEAST
  "$PYTHON" -c 'import json,sys
v = json.loads(open(sys.argv[1]).readlines()[-1])[sys.argv[2]]
sys.exit(not v >= float(sys.argv[3]))' "$work/out" "$1" "$2"
}

run 0 "a sweep is held against the bench's model" "$PYTHON" "$here/score/sweep.py" "$SWDOCTOR" --seeds 2 --clean 6
check "the estimates are within their own bounds" measured within_bounds 0.93
check "from ten errors on they are within a factor of three" measured within_3 0.97
check "a link that spoils one word in ten thousand is found at once" measured power_1e-4 0.5
none() {
  "$PYTHON" -c 'import json,sys
sys.exit(json.loads(open(sys.argv[1]).readlines()[-1])["false_alarms"] != 0)' "$work/out"
}
check "a clean link with WAITs and a lost transfer raises no alarm" none
finish
