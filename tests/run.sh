#!/bin/sh
# Run the tests and end with one plain line: "N passed, N failed, N skipped".
#
#   tests/run.sh BUILD    everything: lint, then unit and command line tests of the plain build BUILD and the
#                         sanitized one BUILD-san, the fuzz corpora
#   tests/run.sh --lint   the checks of the sources alone
#
# A test is a program that prints TAP lines (ok, not ok, with "# SKIP" for skipped). One that fails without a
# "not ok", or says nothing, counts as one failure. What failed is printed in full.
set -u
cd "$(dirname "$0")/.." || exit 70

if [ "${1-}" = --one ]; then # DIR NAME COMMAND...: one test, called below
  log=$2/$3
  shift 3
  timeout -k 10 600 "$@" >"$log.log" 2>&1 </dev/null
  echo $? >"$log.rc"
  exit 0
fi

export PYTHON="${PYTHON:-/usr/bin/python3}" LC_ALL=C.UTF-8 CMOCKA_MESSAGE_OUTPUT=TAP
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS="suppressions=$PWD/tests/lib/unicorn.supp:print_suppressions=0"
unset COLUMNS NO_COLOR FORCE_COLOR CLICOLOR_FORCE

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

job() { # NAME COMMAND...: one line for xargs
  printf '%s %s\n' "$logs" "$*"
}

lint_jobs() {
  for script in tests/lint/*.sh; do
    job "lint-$(basename "$script" .sh)" "$script"
  done
}

unit_jobs() { # BUILD LABEL
  for test in tests/unit/test_*.c; do
    [ -e "$test" ] || continue
    name=$(basename "$test" .c)
    job "unit-$2-$name" "$1/tests/$name"
  done
}

cli_jobs() { # BUILD LABEL
  for script in tests/cli/*.sh; do
    job "cli-$2-$(basename "$script" .sh)" env "SWDOCTOR=$1/swdoctor" "$script"
  done
}

replay_jobs() { # BUILD
  for target in tests/fuzz/fuzz_*.c; do
    [ -e "$target" ] || continue
    name=$(basename "$target" .c)
    name=${name#fuzz_}
    job "fuzz-$name" "$1/tests/replay_$name" "tests/fuzz/corpus/$name"
  done
}

build=
[ "${1-}" = --lint ] || build=$(realpath "$1")
{
  if [ -z "$build" ]; then
    lint_jobs
  else
    cli_jobs "$build-san" san
    lint_jobs
    cli_jobs "$build" plain
    unit_jobs "$build" plain
    unit_jobs "$build-san" san
    job install tests/install.sh "$build"
    replay_jobs "$build-san"
  fi
} | xargs -P "$(nproc)" -L 1 tests/run.sh --one

passed=0 failed=0 skipped=0
for rc in "$logs"/*.rc; do
  log=${rc%.rc}.log
  bad=$(grep -c '^not ok' "$log")
  skip=$(grep -ci '^ok.*# *skip' "$log")
  good=$(($(grep -c '^ok' "$log") - skip))
  why=
  if [ "$(cat "$rc")" != 0 ] && [ "$bad" = 0 ]; then
    bad=1 why="ended with status $(cat "$rc")"
  elif [ $((good + bad + skip)) = 0 ]; then
    bad=1 why="said nothing"
  fi
  if [ "$bad" != 0 ]; then
    echo "---- $(basename "$rc" .rc)${why:+: $why}"
    tail -n 300 "$log"
  fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
done
summary="$passed passed, $failed failed, $skipped skipped"
[ -z "$build" ] || echo "$summary" >"$build/tests.summary"
echo "$summary"
[ "$failed" = 0 ]
