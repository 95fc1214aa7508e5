#!/bin/sh
# Bad input gets a clear message and the right exit code; nothing crashes, nothing hostile reaches a terminal.
. "$(dirname "$0")/../lib/cli.sh"

log=$sure_log

: >"$work/empty"
run 2 "an empty file is refused" "$SWDOCTOR" analyze "$work/empty"
said "... and named" "$work/empty: the input is empty"
run 2 "an empty stream is refused" "$SWDOCTOR" analyze - </dev/null
run 2 "a closed standard input is refused" "$SWDOCTOR" analyze - <&-

run 2 "a binary is refused" "$SWDOCTOR" analyze "$SWDOCTOR"
said "... as binary" "binary"
head -c 300000 /dev/zero >"$work/zeros"
run 2 "nothing but zeros is refused" "$SWDOCTOR" analyze "$work/zeros"

run 2 "a directory is refused" "$SWDOCTOR" analyze "$work"
said "... as a directory" "$work: a directory, not a log"
run 2 "a missing file is refused" "$SWDOCTOR" analyze "$work/nothing"
said "... as missing" "No such file or directory"
run 2 "a path through a file is refused" "$SWDOCTOR" analyze "$work/empty/log"
said "... as what it is" "Not a directory"

cp "$log" "$work/secret"
chmod 000 "$work/secret"
chmod 755 "$work"
nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
if [ "$(id -u)" != 0 ]; then
  run 2 "an unreadable file is refused" "$SWDOCTOR" analyze "$work/secret"
  said "... for lack of permission" "Permission denied"
elif $nobody "$SWDOCTOR" --version >"$work/out" 2>&1; then
  # shellcheck disable=SC2086 # a command with its options
  run 2 "an unreadable file is refused" $nobody "$SWDOCTOR" analyze "$work/secret"
  said "... for lack of permission" "Permission denied"
else
  skip "an unreadable file is refused" "no user but root can run the program here"
fi

head -c 100000000 /dev/zero | tr '\0' 'x' >"$work/long"
run 11 "100 MB on one line decide nothing" "$SWDOCTOR" analyze "$work/long"
rm "$work/long"

{
  cat "$log"
  printf 'Info : \033[2J\033]0;title\007 \302\2332J \342\200\256desrever \377\376 cut \303\n'
  printf 'Info : \033[31mred\033[0m\n'
} >"$work/bomb.log"
for format in text json; do
  run 1 "escape sequences in a log are harmless ($format)" \
    "$SWDOCTOR" analyze -v --all --color never --format $format "$work/bomb.log"
  check "... and do not come out" clean "$work/out"
done
valid "... and the JSON is valid" "$work/out"

name=$(printf '%s/\033[2Jevil' "$work")
run 2 "a hostile file name is refused" "$SWDOCTOR" analyze "$name"
check "... and shown, not sent" clean "$work/err"

{
  head -n 10 "$log"
  printf 'half a line \000\000 and on\n'
  tail -n +11 "$log"
} >"$work/nul.log"
run 1 "zero bytes among the text do no harm" "$SWDOCTOR" analyze "$work/nul.log"
{
  cat "$log"
  printf 'cut short \342\202'
} >"$work/cut.log"
run 1 "a cut UTF-8 character at the end does no harm" "$SWDOCTOR" analyze "$work/cut.log"

to_full() { # ARG...
  "$SWDOCTOR" "$@" >/dev/full
}
to_closed() { # ARG...
  "$SWDOCTOR" "$@" >&-
}
run 2 "a full disk is no success" to_full analyze "$log"
said "... and told" "standard output: cannot write: No space left on device"
run 2 "a closed standard output is no success" to_closed analyze "$log"
said "... and told" "standard output: cannot write"
run 2 "nor is a full disk for --help" to_full --help
run 2 "nor for --version" to_full --version

for bad in "$work/empty" "$work" "$work/nothing" "$work/zeros"; do
  run 2 "a bad input has its JSON, too" "$SWDOCTOR" analyze --format json "$bad"
  valid "... valid" "$work/out"
  has "... and failed" "$work/out" failed state
done

run 2 "one bad input of three decides the exit code" "$SWDOCTOR" analyze --format jsonl "$log" "$work/empty" "$log"
check "... and all three are reported" test "$(wc -l <"$work/out")" = 3
said "... and the last line on standard error says it" "RESULT code=2 class=user cause=none"
finish
