# What the command line tests share; sourced by tests/cli/*.sh. Each check prints one TAP line.
# shellcheck shell=sh
set -u

: "${SWDOCTOR:?the program to test}"
SWDOCTOR=$(realpath "$SWDOCTOR")
: "${PYTHON:=/usr/bin/python3}"
here=$(cd "$(dirname "$0")" && while [ ! -e lib/cli.sh ]; do cd ..; done && pwd) # tests/
# shellcheck disable=SC2034 # a log whose cause is beyond doubt
sure_log=$here/golden/unpowered/input.log
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state" # not into the user's traces
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
    sed 's/^/# /' "$work/check.log" | cut -c 1-300 | head -n 40
  fi
}

not() { # COMMAND...
  ! "$@"
}

# clean FILE: holds no byte that could steer a terminal
clean() {
  ! LC_ALL=C tr -d '\n -~\200-\377' <"$1" | grep -q . && # control characters
    ! LC_ALL=C grep -q "$(printf '\302[\200-\237]')" "$1" && # those of eight bits
    ! LC_ALL=C grep -q "$(printf '\342\200[\216\217\250-\256]')" "$1" # what turns text around
}

# narrow FILE: no line is wider than 80 columns
narrow() {
  ! grep -q '.\{81\}' "$1"
}

# ascii FILE
ascii() {
  ! LC_ALL=C grep -q '[^ -~]' "$1"
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
    sed 's/^/# out: /' "$work/out" | cut -c 1-300 | head -n 20
    sed 's/^/# err: /' "$work/err" | cut -c 1-300 | head -n 20
  fi
}

# said NAME TEXT: standard error of the last run holds TEXT; printed: the same of standard output
said() {
  check "$1" grep -qF -e "$2" "$work/err"
}

printed() {
  check "$1" grep -qF -e "$2" "$work/out"
}

# valid NAME FILE: every line of it is a result by the schema
valid() {
  check "$1" "$PYTHON" "$here/lib/validate.py" "$2"
}

# field FILE KEY...: the value in the first JSON object of FILE, as text; keys descend
field() {
  "$PYTHON" - "$@" <<'PY'
import json, sys
with open(sys.argv[1]) as f:
    value = json.loads(f.readline())
for key in sys.argv[2:]:
    value = value[int(key) if isinstance(value, list) else key]
print(value if isinstance(value, str) else json.dumps(value))
PY
}

# has NAME FILE VALUE KEY...: the field has the value
has() {
  title=$1 file=$2 want=$3
  shift 3
  got=$(field "$file" "$@" 2>&1)
  if [ "$got" = "$want" ]; then
    ok "$title"
  else
    not_ok "$title" "$* is '$got', not '$want'"
  fi
}

finish() {
  [ "$failures" = 0 ]
  exit
}
