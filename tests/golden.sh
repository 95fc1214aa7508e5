#!/bin/sh
# Golden cases: what `analyze` prints for the log in tests/golden/CASE, as text (expected.txt) and as JSON
# (expected.json, where a case has it), with the arguments in the file `args` if there is one.
#
#   tests/golden.sh PROGRAM            compare
#   tests/golden.sh --accept PROGRAM   take what it prints now (then look at the diff before you commit)
set -u
accept=
if [ "$1" = --accept ]; then
  accept=1
  shift
fi
program=$(realpath "$1")
cd "$(dirname "$0")/golden" || exit 70
export LC_ALL=C.UTF-8 COLUMNS=80 TERM=xterm
unset NO_COLOR FORCE_COLOR CLICOLOR_FORCE
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
failures=0

compare() { # CASE FILE
  if [ -n "$accept" ]; then
    cp "$new/$2" "$1/$2"
  elif diff -u "$1/$2" "$new/$2" >"$new/diff" 2>&1; then
    echo "ok - $1: $2"
  else
    echo "not ok - $1: $2"
    head -n 60 "$new/diff" | sed 's/^/# /'
    failures=$((failures + 1))
  fi
}

for case in */; do
  case=${case%/}
  args=
  [ ! -e "$case/args" ] || args=$(cat "$case/args")
  # shellcheck disable=SC2086 # args is a list of words
  (cd "$case" && "$program" analyze $args ./*.log) >"$new/expected.txt" 2>"$new/expected.err"
  # shellcheck disable=SC2086
  (cd "$case" && "$program" analyze $args --format json ./*.log) 2>/dev/null |
    "${PYTHON:-/usr/bin/python3}" -m json.tool >"$new/expected.json"
  tail -n 1 "$new/expected.err" >>"$new/expected.txt"
  compare "$case" expected.txt
  [ ! -e "$case/expected.json" ] || compare "$case" expected.json
done
# The README shows one of them in its first ``` block.
awk -v report=unpowered/expected.txt '
  /^```$/ && ++fence == 1 { print; print "$ swdoctor analyze flash.log"; while ((getline line < report) > 0) print line; next }
  fence != 1' ../../README.md | sed 's|^\./input\.log: |flash.log: |' >"$new/README.md"
compare ../.. README.md
[ "$failures" = 0 ]
