#!/bin/sh
# run --trace: what another program says to its probe is recorded, whatever way it uses libusb.
. "$(dirname "$0")/../lib/cli.sh"

tests=$(dirname "$SWDOCTOR")/tests
mock=$tests/mock_run peer=$tests/usb_peer
serial=57FF0102030405060708090A
trace=$work/trace.pcapng

# recorded COUNT: so many transactions are in the trace
recorded() {
  [ "$("$SWDOCTOR" trace --format jsonl "$trace" | wc -l)" = "$1" ]
}
count_of() { # COMMAND COUNT
  [ "$("$SWDOCTOR" trace --format jsonl "$trace" | grep -c "\"command\":\"$1\"")" = "$2" ]
}
whole() { # every reply and every written byte is there
  "$SWDOCTOR" trace --format jsonl "$trace" | "$PYTHON" -c '
import json, sys
for line in sys.stdin:
    t = json.loads(line)
    want = {"GET_VERSION": "294783044837", "WRITEMEM_32BIT": "010203" + 13 * "00"}.get(t["command"], "80")
    assert t["data_head"].replace(" ", "").startswith(want[:32]), t
    assert t["outcome"] == "ok", t
'
}

for mode in sync async; do
  run 0 "a program that uses libusb's $mode calls is recorded" \
    "$mock" --serial "$serial" -- "$SWDOCTOR" run --trace "$trace" -- "$peer" "$mode" 20
  printed "and works as ever" "0 of 60 failed"
  said "how many there were is told" "60 transactions are in "
  check "not one is missing" recorded 60
  check "each is what it was" count_of WRITEMEM_32BIT 20
  check "with its bytes" whole
done

run 0 "without a probe the tool runs all the same" \
  "$mock" --pid 0 -- "$SWDOCTOR" run --trace "$trace" -- true
said "nothing was recorded, and that is said" "nothing was recorded: true used no libusb-1.0, or met no ST-LINK"
check "the trace of the run before is gone" [ ! -s "$trace" ]

twice() {
  "$mock" --serial "$serial" -- "$SWDOCTOR" run --trace "$trace" -- sh -c "$peer sync 3 && $peer async 4"
}
run 0 "programs one after another" twice
check "are in one trace" recorded 21

run 1 "a failure is recorded as it was" "$mock" --fail 3:stall-reply --serial "$serial" -- \
  "$SWDOCTOR" run --trace "$trace" -- "$peer" async 2
stalls() {
  "$SWDOCTOR" trace --format jsonl "$trace" | grep -q '"outcome":"stall"'
}
run 1 "so is a stall in a blocking call" "$mock" --fail 3:stall-reply --serial "$serial" -- \
  "$SWDOCTOR" run --trace "$trace" -- "$peer" sync 2
check "with its outcome" stalls

run 2 "a trace that cannot be written is refused before the tool is started" \
  "$SWDOCTOR" run --trace /nonexistent/x -- sh -c "touch $work/started"
check "the tool was not started" [ ! -e "$work/started" ]

if [ "$(command -v openocd)" ]; then
  openocd() {
    "$mock" --serial "$serial" -- "$SWDOCTOR" run --trace "$trace" -- openocd -f interface/stlink.cfg \
      -f target/stm32f4x.cfg -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled; init; exit'
  }
  openocd >"$work/out" 2>"$work/err"
  said "OpenOCD's transactions are evidence beside its log" "packet 13: #4 target voltage: 3.301 V"
else
  skip "OpenOCD's transactions are evidence beside its log" "openocd is not installed"
fi
if [ "$(command -v tshark)" ]; then
  comments() {
    tshark -r "$trace" -T fields -e frame.comment 2>/dev/null | grep -q "target voltage\|version"
  }
  run 0 "another session" "$mock" --serial "$serial" -- "$SWDOCTOR" run --trace "$trace" -- "$peer" sync 1
  check "tshark reads it, with the commands in words" comments
else
  skip "tshark reads it, with the commands in words" "tshark is not installed"
fi

functions() { # FILE
  nm -D --defined-only "$1" | awk '$2 == "T" && $3 ~ /^libusb_/ { print $3 }' | sort
}
real=$(ldd "$SWDOCTOR" | awk '$1 == "libusb-1.0.so.0" { print $3 }')
functions "$real" >"$work/theirs"
functions "$(dirname "$SWDOCTOR")/lib/swdoctor/libusb-1.0.so.0" >"$work/ours"
missing() {
  comm -23 "$work/theirs" "$work/ours" | grep .
}
check "there are functions to compare" [ -s "$work/theirs" ]
check "no function of the installed libusb is missing" not missing

cost=$("$here/usb/bench_preload.sh" "$(dirname "$SWDOCTOR")" 5000)
echo "# $cost"
cheap() {
  echo "$cost" | "$PYTHON" -c 'import json, sys; sys.exit(json.load(sys.stdin)["cost"] > 0.04)'
}
check "recording costs little (the figure itself: make bench-preload)" cheap

finish
