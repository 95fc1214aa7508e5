#!/bin/sh
# The main jobs: a real log of a failed flash write is explained, a bad connection on the virtual bench is examined, and a
# program is flashed there. The exit codes are part of the show: 1, a problem was found in the log; 6, the target cannot be
# reached for a reason of hardware; 0, every byte is in place.
cd "$(dirname "$0")/.." || exit 70
swdoctor=$1

show() { # EXPECTED ARGS...
  expected=$1
  shift
  echo
  echo "\$ swdoctor $*"
  echo
  "$swdoctor" "$@"
  code=$?
  [ "$code" = "$expected" ] && return
  echo "exit code $code, not $expected" >&2
  exit 1
}

show 1 analyze tests/golden/seed/openocd-0.8-f405-stlink-v2.log
show 6 check --probe sim:swdio-open-f405 --allow reset
show 0 flash --probe sim:healthy-f405-v2 tests/demo/counter.hex
