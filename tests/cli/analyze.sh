#!/bin/sh
# analyze: inputs, formats, workers, the result file, colour.
. "$(dirname "$0")/../lib/cli.sh"

log=$sure_log
esc=$(printf '\033')
export LC_ALL=C.UTF-8
unset NO_COLOR FORCE_COLOR CLICOLOR_FORCE COLUMNS

through_a_pipe() {
  { cat "$log"; sleep 0.1; } | "$SWDOCTOR" analyze -
}
to_full() { # ARG...
  "$SWDOCTOR" "$@" >/dev/full
}
last_line() { # FILE REGEX
  tail -n 1 "$1" | grep -qE "$2"
}

run 1 "a log with a problem ends with 1" "$SWDOCTOR" analyze "$log"
check "the last line tells verdict and first action" last_line "$work/out" "^problem: .*\. Do first \("
check "the last line on standard error is the result" \
  last_line "$work/err" '^RESULT code=1 class=[a-z]+ cause=[a-z-]+ word=[a-z]+$'
cp "$work/out" "$work/by-name"
sed '$d' "$work/out" >"$work/but-the-last"
check "no line but the last is wider than 80" narrow "$work/but-the-last"

sed '1,/^$/d' "$work/by-name" >"$work/body" # without the head, which names the file
run 1 "the same comes through a pipe" through_a_pipe
sed '1,/^$/d' "$work/out" >"$work/piped"
check "... with the same report" cmp "$work/body" "$work/piped"

run 1 "a locale without UTF-8 gets ASCII" env LC_ALL=C "$SWDOCTOR" analyze -v "$log"
check "... and nothing else" ascii "$work/out"
run 1 "a dumb terminal gets ASCII without colour" env TERM=dumb "$SWDOCTOR" analyze -v "$log"
check "... and nothing else" ascii "$work/out"

run 1 "colour is off where it goes to no terminal" "$SWDOCTOR" analyze "$log"
check "... really" not grep -q "$esc" "$work/out"
run 1 "--color always forces it" "$SWDOCTOR" analyze --color always "$log"
check "... really" grep -q "$esc" "$work/out"
run 1 "so does FORCE_COLOR" env FORCE_COLOR=1 "$SWDOCTOR" analyze "$log"
check "... really" grep -q "$esc" "$work/out"
run 1 "NO_COLOR wins over it" env NO_COLOR=1 FORCE_COLOR=1 "$SWDOCTOR" analyze "$log"
check "... really" not grep -q "$esc" "$work/out"
sed "s/$esc\[[0-9;]*m//g" "$work/out" >"$work/plain"
check "without its colours the report is the same" cmp "$work/plain" "$work/by-name"

for format in json jsonl; do
  run 1 "--format $format" "$SWDOCTOR" analyze --format $format "$log"
  valid "... is valid" "$work/out"
  check "... and is one line" test "$(wc -l <"$work/out")" = 1
done
has "it names the tool" "$work/out" openocd tool
has "it tells the verdict" "$work/out" problem verdict
has "and the exit code" "$work/out" 1 exit_code

set -- "$log" "$log" "$log" "$log" "$log"
run 1 "several inputs make an object each" "$SWDOCTOR" analyze --format jsonl "$@"
check "... on a line each" test "$(wc -l <"$work/out")" = 5
valid "... all valid" "$work/out"

ls "$here"/corpus/*.log >"$work/list"
# shellcheck disable=SC2046 # a list of names without spaces
set -- $(head -n 60 "$work/list")
"$SWDOCTOR" analyze --format jsonl "$@" >"$work/one" 2>"$work/one.err"
alone=$?
valid "60 logs of all tools give valid JSON" "$work/one"
for jobs in 2 7; do
  run $alone "$jobs workers end as one does" "$SWDOCTOR" analyze -j $jobs --format jsonl "$@"
  check "... with the same output in the same order" cmp "$work/one" "$work/out"
  check "... and the same messages" cmp "$work/one.err" "$work/err"
done
run $alone "the same as text" "$SWDOCTOR" analyze -j 3 "$@"
check "... with a head for every log" test "$(grep -cE '^/.*\.log: ' "$work/out")" = 60

result=$work/result.json
run 1 "--result writes the JSON to a file, too" "$SWDOCTOR" analyze --result "$result" "$log"
valid "... valid" "$result"
has "... and done" "$result" "done" state
check "... beside the text" cmp "$work/out" "$work/by-name"
run 2 "it is written when the input is bad" "$SWDOCTOR" analyze --result "$result" /nonexistent
has "... with the error" "$result" "cannot open: No such file or directory" error text
valid "... valid" "$result"
run 2 "it is written when the rules are bad" "$SWDOCTOR" analyze --rules /nonexistent --result "$result" "$log"
has "... as failed" "$result" failed state
valid "... valid" "$result"
run 2 "it is written when standard output is full" to_full analyze --result "$result" "$log"
has "... with the verdict" "$result" problem verdict
run 2 "a result file that cannot be written is told" "$SWDOCTOR" analyze --result /nonexistent/r "$log"
said "... by name" "/nonexistent/r: cannot write: No such file or directory"

rm -f "$result"
mkfifo "$work/fifo"
"$SWDOCTOR" analyze --result "$result" - <"$work/fifo" >"$work/out" 2>"$work/err" &
pid=$!
exec 9>"$work/fifo"
cat "$log" >&9
for _ in $(seq 100); do # a busy machine may take its time
  grep -qs running "$result" && break
  sleep 0.2
done
has "while it works the file says so" "$result" running state
valid "... valid" "$result"
kill -KILL $pid
wait $pid 2>/dev/null
exec 9>&-
has "after a kill it still does" "$result" running state

run 2 "rules that are not there" "$SWDOCTOR" analyze --format json --rules "$work/norules" "$log"
has "... leave whoever reads JSON with an object" "$work/out" user class
valid "... as the schema says" "$work/out"
run 2 "a wrong number" "$SWDOCTOR" analyze --format json --probe 99999 "$log"
valid "... leaves one, too" "$work/out"
finish
