#!/bin/sh
# The case this project began with reads as those who know it say it should. Its true cause was never established:
# certainty would be a mistake.
. "$(dirname "$0")/../lib/cli.sh"

cp "$here/golden/seed/openocd-0.8-f405-stlink-v2.log" "$work/seed.log"
run 1 "the seed log shows a problem" "$SWDOCTOR" analyze --format json "$work/seed.log"
cp "$work/out" "$work/seed.json"
valid "... in valid JSON" "$work/seed.json"
has "... as its verdict" "$work/seed.json" problem verdict
has "the tool is recognised" "$work/seed.json" openocd tool

ask() { # EXPRESSION over r (the result), f (ids of the findings in order), h (state by hop): true?
  "$PYTHON" - "$work/seed.json" "$1" <<'PY'
import json, sys
with open(sys.argv[1]) as file:
    r = json.load(file)
f = [x['cause'] for x in r['findings']]
h = {x['id']: x['state'] for x in r['hops']}
if not eval(sys.argv[2]):
    for x in r['findings'][:8]:
        print(x['cause'], x['confidence'], x['word'])
    sys.exit(f'{h}')
PY
}
check "nothing is likely" ask "all(x['word'] != 'likely' for x in r['findings'])"
check "the open reset line is among the first five" ask "'nrst-not-connected' in f[:5]"
check "a supply that sags is not forgotten" ask "'target-voltage-unstable' in f[:5]"
check "a missing or low supply does not come first" ask "f[0] not in ('target-unpowered', 'target-voltage-low')"
check "the SWD wires do not come first" ask "f[0] not in ('swd-not-connected', 'ground-missing')"
check "there is a next test" ask "r['next_test']"
for hop in host usb probe power swd core; do
  check "the log clears the hop $hop" ask "h['$hop'] == 'ok'"
done
finish
