#!/bin/sh
# run: another tool's output passes through untouched, its status stays, and its failure is explained. The tools
# here are fakes that print real logs.
. "$(dirname "$0")/../lib/cli.sh"

log=$sure_log

cat >"$work/tool" <<'TOOL'
#!/bin/sh
# tool LOG STATUS: prints a log on standard error and ends with a status
cat "$1" >&2
exit "$2"
TOOL
chmod +x "$work/tool"

nothing_more() { # FILE: standard error is that file and nothing else
  cmp "$1" "$work/err"
}
begins_with() { # FILE: standard error begins with that file
  head -c "$(wc -c <"$1")" "$work/err" | cmp - "$1"
}

run 3 "a tool that fails keeps its status" "$SWDOCTOR" run -- "$work/tool" "$log" 3
check "... its output comes first, byte by byte" begins_with "$log"
check "... and what it did not print stays empty" test ! -s "$work/out"
said "... then follows the triage" "problem: "
check "... with the result as the last line" grep -qE '^RESULT code=3 class=[a-z]+ cause=[a-z-]+' "$work/err"

run 0 "a tool that ends with 0 keeps that" "$SWDOCTOR" run -- "$work/tool" "$log" 0
said "... but its log is judged all the same" "problem: "

printf 'nothing to see\n' >"$work/dull"
run 0 "without a failure nothing is added" "$SWDOCTOR" run -- "$work/tool" "$work/dull" 0
check "... not a byte" nothing_more "$work/dull"
run 9 "a failure without a reason is told, too" "$SWDOCTOR" run -- "$work/tool" "$work/dull" 9
said "... as unknown" "unknown: "

run 143 "a signal makes 128 and its number" "$SWDOCTOR" run -- sh -c 'kill -TERM $$'
run 137 "so does the hardest one" "$SWDOCTOR" run -- sh -c 'kill -KILL $$'
run 127 "a tool that is not there makes 127" "$SWDOCTOR" run -- "$work/nothing"
said "... and is named" "$work/nothing: cannot run: No such file or directory"
run 126 "a file that cannot be run makes 126" "$SWDOCTOR" run -- "$log"
run 2 "no tool is wrong usage" "$SWDOCTOR" run
run 5 "the two dashes may be left out" "$SWDOCTOR" run "$work/tool" "$work/dull" 5
run 0 "the tool's options are its own" "$SWDOCTOR" run echo --help --format
printed "... all of them" "--help --format"

head -c 3000000 /dev/urandom >"$work/noise"
run 0 "bytes of any kind pass" "$SWDOCTOR" run -- cat "$work/noise"
check "... unchanged" cmp "$work/noise" "$work/out"
check "... without a word" test ! -s "$work/err"
run 4 "also when the tool fails" "$SWDOCTOR" run -- sh -c 'cat "$1"; exit 4' sh "$work/noise"
said "... though they tell nothing" "RESULT code=4 "

run 0 "standard output and standard error stay apart" "$SWDOCTOR" run -- sh -c 'echo one; echo two >&2; echo three'
printf 'one\nthree\n' >"$work/want"
check "... the one" cmp "$work/want" "$work/out"
printf 'two\n' >"$work/want"
check "... and the other" cmp "$work/want" "$work/err"
# shellcheck disable=SC2016 # $i belongs to the tool
"$SWDOCTOR" run -- sh -c 'i=0; while [ $i -lt 500 ]; do echo "out $i"; echo "err $i" >&2; i=$((i + 1)); done' \
  >"$work/both" 2>&1
i=0
while [ $i -lt 500 ]; do
  printf 'out %d\nerr %d\n' $i $i
  i=$((i + 1))
done >"$work/want"
check "in one file they keep their order" cmp "$work/want" "$work/both"

run 0 "standard input reaches the tool" "$SWDOCTOR" run -- cat <"$work/noise"
check "... unchanged" cmp "$work/noise" "$work/out"

"$SWDOCTOR" run -- yes 2>"$work/err" | head -n 1 >"$work/out"
check "a reader that leaves ends the tool" grep -qx y "$work/out"

begin=$(date +%s)
run 0 "what a tool leaves in the background does not hold us" "$SWDOCTOR" run -- sh -c 'sleep 60 & echo started'
check "... for long" test $(($(date +%s) - begin)) -lt 20

"$SWDOCTOR" run -- sh -c 'trap "echo told; exit 7" TERM; echo ready; while :; do sleep 0.1; done' >"$work/out" 2>"$work/err" &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  grep -q ready "$work/out" && break
  sleep 0.2
done
kill -TERM $pid
wait $pid
check "a signal sent to us reaches the tool" test $? = 7
printed "... which may answer it" told

result=$work/result.json
run 3 "--result keeps the diagnosis" "$SWDOCTOR" run --result "$result" -- "$work/tool" "$log" 3
valid "... valid" "$result"
has "... with the tool's status" "$result" 3 child status
has "... and the verdict" "$result" problem verdict
run 0 "also after a success" "$SWDOCTOR" run --result "$result" -- "$work/tool" "$work/dull" 0
has "... with its status" "$result" 0 child status
valid "... valid" "$result"
run 127 "and when nothing ran" "$SWDOCTOR" run --result "$result" -- "$work/nothing"
has "... as failed" "$result" failed state
valid "... valid" "$result"

run 2 "and when the rules are bad" "$SWDOCTOR" run --rules /nonexistent --result "$result" -- "$work/tool" "$log" 3
has "... as failed" "$result" failed state
valid "... valid" "$result"

run 3 "--format json makes the triage JSON" "$SWDOCTOR" run --format json -- "$work/tool" "$log" 3
grep '^{' "$work/err" >"$work/json"
valid "... valid" "$work/json"

# lines of the two streams are not mixed up, however they arrive
run 1 "half a line waits for its other half" "$SWDOCTOR" run --format json -- sh -c '
  printf "Open On-Chip Debugger 0.11.0\nInfo : STLINK V2J37S7 (API v2) VID:PID 0483:3748\nInfo : Target vol" >&2
  echo "a word on the other stream"
  printf "tage: 1.552756\n" >&2
  exit 1'
grep '^{' "$work/err" >"$work/json"
has "... and is understood" "$work/json" 1553 facts target.vtref_mv
finish
