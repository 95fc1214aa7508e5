#!/bin/sh
# bench_preload.sh BUILD: what the pass-through libusb costs per transaction, before a libusb that costs nothing.
set -eu
build=$1 transactions=${2-20000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

best() { # MODE LD_LIBRARY_PATH: the best of five, in microseconds a transaction
  : >"$work/runs"
  for _ in 1 2 3 4 5; do
    : >"$work/trace"
    SWDOCTOR_TRACE_FILE=$work/trace SWDOCTOR_TRACE_LIBUSB=$build/tests/null/libusb-1.0.so.0 \
      LD_LIBRARY_PATH=$2 "$build/tests/usb_peer" "$1" "$transactions" >>"$work/runs"
  done
  sort -n "$work/runs" | head -n 1 | cut -d' ' -f1
}

report() {
  awk -v s0="$1" -v s1="$2" -v a0="$3" -v a1="$4" 'BEGIN {
    s = s1 - s0; a = a1 - a0; worst = s > a ? s : a
    printf "{\"target\":\"bench-preload\",\"sync_us\":%.2f,\"async_us\":%.2f,\"nominal_us\":350,\"cost\":%.4f}\n",
      s, a, worst / 350
  }'
}

# One by one, so that a run that fails ends the script.
sync_without=$(best sync "$build/tests/null")
sync_with=$(best sync "$build/lib/swdoctor")
async_without=$(best async "$build/tests/null")
async_with=$(best async "$build/lib/swdoctor")
report "$sync_without" "$sync_with" "$async_without" "$async_with"
