# What the command line tests share; sourced by tests/cli/*.sh. Each check prints one TAP line.
# shellcheck shell=sh
set -u

: "${SWDOCTOR:?the program to test}"
SWDOCTOR=$(realpath "$SWDOCTOR")
: "${PYTHON:=/usr/bin/python3}"
here=$(cd "$(dirname "$0")/.." && pwd) # tests/
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

ok() { # NAME
  echo "ok - $1"
}

not_ok() { # NAME [WHY]
  echo "not ok - $1"
  [ -z "${2-}" ] || echo "# $2"
  failures=$((failures + 1))
}

# check NAME COMMAND...: the command succeeds
check() {
  name=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    ok "$name"
  else
    not_ok "$name" "failed: $*"
    sed 's/^/# /' "$work/check.log" | head -n 40
  fi
}

skip() { # NAME WHY
  echo "ok - $1 # SKIP $2"
}

# run CODE NAME COMMAND...: the command ends with that code. Its output is left in $work/out and $work/err.
run() {
  want=$1 name=$2
  shift 2
  "$@" >"$work/out" 2>"$work/err"
  got=$?
  if [ "$got" = "$want" ]; then
    ok "$name"
  else
    not_ok "$name" "ended with $got, not $want: $*"
    sed 's/^/# out: /' "$work/out" | head -n 20
    sed 's/^/# err: /' "$work/err" | head -n 20
  fi
}

# said NAME TEXT: standard error of the last run holds TEXT; printed: the same of standard output
said() {
  check "$1" grep -qF -e "$2" "$work/err"
}

printed() {
  check "$1" grep -qF -e "$2" "$work/out"
}

finish() {
  [ "$failures" = 0 ]
  exit
}
