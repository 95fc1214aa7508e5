#!/bin/sh
# `swdoctor sim`, and the bench behind --probe: what they list, show and refuse.
. "$(dirname "$0")/../lib/cli.sh"

"$SWDOCTOR" sim list >"$work/list" 2>"$work/err" || {
  skip "the virtual bench" "$(cat "$work/err")"
  exit 0
}
check "a hundred scenarios and more are there" test "$(wc -l <"$work/list")" -ge 100
check "each names a cause, or health" not grep -q ' -$' "$work/list"

# Every cause that scenarios name is one that the rules know.
strangers() {
  cat "$here"/../rules/scenarios/*.yaml | sed -n 's/^truth: //p; s/^- cause: //p' | sort -u |
    while read -r cause; do
      [ "$cause" = healthy ] || "$SWDOCTOR" rules explain "$cause" >"$work/out" 2>&1 || echo "$cause"
    done
}
check "the rules know every cause" test -z "$(strangers)"

"$SWDOCTOR" rules list >"$work/causes"
check "every cause has a scenario or a reason for none; every fault of a wire has three" \
  "$PYTHON" "$here/lib/scenario_coverage.py" "$here/../rules/scenarios" "$here/../doc/scenarios.md" <"$work/causes"

"$SWDOCTOR" sim show swdio-open-f405 >"$work/mine.yaml"
check "a scenario can be shown" grep -q '^truth: swd-not-connected' "$work/mine.yaml"

# refused WORDS MESSAGE
refused() {
  "$SWDOCTOR" check --probe "$1" >"$work/out" 2>"$work/err"
  check "$1 is refused" test $? = 2
  check "$1 is told why" grep -qF -- "$2" "$work/err"
}
refused sim:no-such "there is no scenario 'no-such'"
refused sim:healthy-f405-v2,chip=Z80 "there is no chip 'Z80' on the bench"
refused sim:healthy-f405-v2,wires.swdo=open "unknown key 'swdo'"
refused sim:healthy-f405-v2,seed=none "a number from 1 belongs here"

"$SWDOCTOR" check --probe sim:healthy-f405-v2 --format json >"$work/json" 2>"$work/err"
check "a healthy board is found healthy" test $? = 0
has "the verdict says so" "$work/json" healthy verdict
"$SWDOCTOR" check --probe "sim:$work/mine.yaml" --format json >"$work/json" 2>"$work/err"
check "somebody's own file is taken" test $? = 6
has "what it shows is found" "$work/json" swd-not-connected findings 0 cause
"$SWDOCTOR" check --probe sim:healthy-f405-v2,host.denied=true >"$work/out" 2>"$work/err"
check "a probe that may not be opened is no permission" test $? = 4
"$SWDOCTOR" check --probe sim:healthy-f405-v2,host.no-probe=true >"$work/out" 2>"$work/err"
check "a probe that is not there is no probe" test $? = 3
"$SWDOCTOR" check --probe "sim:healthy-f405-v2,flash-out=$work/array" >"$work/out" 2>"$work/err"
check "the array is left in a file" test "$(wc -c <"$work/array")" = 1048576

finish
