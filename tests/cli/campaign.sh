#!/bin/sh
# The fixed sample of the campaign: faults of every kind while flashing, each result held against the bench's array from outside.
. "$(dirname "$0")/../lib/sim.sh"
need true
case $SWDOCTOR in
*-san/*)
  skip "the sample of the campaign" "the plain program takes the same ways"
  exit 0
  ;;
esac

"$PYTHON" "$here/bench/campaign.py" "$SWDOCTOR" --jobs 2 --sample >"$work/table" 2>"$work/err"
echo $? >"$work/code"
sed 's/^/# /' "$work/table" "$work/err"
field() { # NAME: of the last line
  tail -n 1 "$work/table" | "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
check "the sample runs to its end" test "$(cat "$work/code")" = 0
check "no run claims what is not so" test "$(field false_success)" = 0
check "the next run repairs what one left" test "$(field unrepaired)" = 0
check "every run ends" test "$(field hangs)" = 0
# Of the sample's faults those of the parts power and kill allow no finish.
check "all single faults are got over unaided" test "$(field stopped_in_vain)" = 0

finish
