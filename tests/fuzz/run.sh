#!/bin/sh
# Fuzz every target for a while, as many at a time as there are processors. What is found new stays in the build folder;
# an input that fails goes to tests/fuzz/corpus/TARGET once its mistake is mended.
#
#   tests/fuzz/run.sh BUILD SECONDS TARGET...
set -u
build=$1 seconds=$2
shift 2

one() { # TARGET
  mkdir -p "$build/fuzz-work/$1"
  dictionary=
  [ ! -e "tests/fuzz/$1.dict" ] || dictionary=-dict=tests/fuzz/$1.dict
  # shellcheck disable=SC2086 # none or one word
  "$build/fuzz_$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    $dictionary -artifact_prefix="$build/fuzz-work/$1." "$build/fuzz-work/$1" "tests/fuzz/corpus/$1" \
    >"$build/fuzz-work/$1.log" 2>&1
  echo $? >"$build/fuzz-work/$1.rc"
}

if [ "${FUZZ_ONE-}" ]; then
  one "$1"
  exit 0
fi
FUZZ_ONE=1
export FUZZ_ONE
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 "$0" "$build" "$seconds"

failed=0
for target in "$@"; do
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz-work/$target.log")
  if [ "$(cat "$build/fuzz-work/$target.rc")" = 0 ]; then
    echo "ok - $target: ${runs:-?} inputs in $seconds s without a finding"
  else
    echo "not ok - $target"
    tail -n 60 "$build/fuzz-work/$target.log"
    failed=1
  fi
done
exit $failed
