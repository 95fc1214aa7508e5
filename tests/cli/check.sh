#!/bin/sh
# check: the examination on the virtual bench, its report, its consent and its exit codes.
. "$(dirname "$0")/../lib/sim.sh"

need true
export SWDOCTOR_LOCK_DIR="$work/locks" XDG_STATE_HOME="$work/state"
mkdir -m 777 "$SWDOCTOR_LOCK_DIR"

# scenario NAME TEXT: a file of that name
scenario() {
  printf '%b\n' "$2" >"$work/$1.yaml"
}
# examine CODE WHAT NAME [OPTION...]
examine() {
  code=$1 what=$2 name=$3
  shift 3
  run "$code" "$what" "$SWDOCTOR" check --probe "sim:$work/$name.yaml" "$@"
}
fits() { # FILE: it is as doc/result.schema.json says
  "$PYTHON" "$here/lib/validate.py" "$1" result.schema.json
}
fewer() { # FILE KEY... N
  "$PYTHON" -c 'import json,sys
v = json.load(open(sys.argv[1]))[sys.argv[2]]
sys.exit(not v < int(sys.argv[3]))' "$@"
}

scenario healthy 'probe: v2\nchip: F405\ntruth: healthy'
examine 0 "a healthy board ends with 0" healthy
printed "every hop that was tested is well" "ok           SWD wires and debug port"
printed "the reset line was not" "not tested   Reset line"
said "the last line tells it" "RESULT code=0 class=pass cause=none"

examine 0 "JSON has the same" healthy --format json --result "$work/result"
cp "$work/out" "$work/json"
check "it is as the schema says" fits "$work/json"
has "the verdict" "$work/json" healthy verdict
check "in fewer than 400 transactions" fewer "$work/json" lines 400
check "and so has the result file" cmp -s "$work/out" "$work/result"

examine 0 "with consent the reset line is tested" healthy --allow reset
printed "and found to be connected" "ok           Reset line"

examine 0 "what was seen can be listed" healthy --allow reset --events --format json
printed "with consent the port's id is read thousands of times" "read 2000 times at 1800 kHz, 0 times not"
printed "its answers belong to their questions" "0 answers were the other's"
printed "the debug clocks are read before and after" "DBGMCU_CR was 0x00000000 and is 0x00000000"
printed "and the memory protection unit is looked at" "the memory protection unit is off"

scenario blank-size 'probe: v2-1\nchip: {part: L476, told-kib: 65535}\ntruth: hardware-damaged'
examine 6 "a flash size that was never written is damage" blank-size
said "and named" "class=hardware cause=hardware-damaged"

scenario open 'probe: v2\nchip: L476\nwires: {swdio: open}\ntruth: swd-not-connected'
examine 6 "an open wire is hardware" open
said "and named" "class=hardware cause=swd-not-connected"

scenario off 'probe: v2\nchip: F103\nsupply: 0.0\ntruth: target-unpowered'
examine 6 "so is no supply" off
said "and named" "cause=target-unpowered"

scenario remap 'probe: v3\nchip: F405\nprogram: remap\ntruth: debug-pins-remapped'
examine 7 "a program that takes the pins is firmware" remap
said "and named" "class=firmware cause=debug-pins-remapped"

scenario stop 'probe: v2-1\nchip: L476\nprogram: stop\ntruth: target-low-power'
examine 7 "so is one that stops the clocks" stop
said "and told from the other" "cause=target-low-power"

scenario secure 'probe: v3\nchip: {part: L552, trustzone: true}\ntruth: secure-debug-locked'
examine 7 "so is a secure world that is closed" secure
said "and named" "cause=secure-debug-locked"
printed "with the level that the option bytes hold" "read-out level 0.5"

scenario nrst 'probe: v2-1\nchip: F303\nwires: {nrst: open}\ntruth: nrst-not-connected'
examine 0 "an open reset line is not seen without consent" nrst
examine 6 "with consent it is" nrst --allow reset
said "and named" "cause=nrst-not-connected"

scenario absent 'probe: v2\nchip: F405\nhost: {preset: nominal, no-probe: true}\ntruth: usb-probe-not-found'
examine 3 "no probe ends with 3" absent
said "and is named" "cause=usb-probe-not-found"

scenario denied 'probe: v2\nchip: F405\nhost: {preset: nominal, denied: true}\ntruth: usb-permission'
examine 4 "no permission ends with 4" denied
scenario busy 'probe: v2\nchip: F405\nhost: {preset: nominal, busy: true}\ntruth: usb-probe-busy'
examine 4 "a busy probe too" busy
scenario stuck 'probe: {type: v2, stuck: true}\nchip: F405\ntruth: probe-stuck'
examine 5 "a stuck one ends with 5" stuck
said "and is named" "cause=probe-stuck"

scenario noisy 'probe: v2\nchip: F405\nwires: {swdio: noisy}\ntruth: signal-integrity'
examine 8 "a noisy wire is a marginal link" noisy
said "and named" "cause=signal-integrity"

# What was said to the target, as the trace tells it.
traced() { # NAME OPTION...
  name=$1
  shift
  rm -f "$work/trace"
  "$SWDOCTOR" check --probe "sim:$work/$name.yaml" --trace "$work/trace" "$@" >"$work/out" 2>"$work/err"
  code=$?
  "$SWDOCTOR" trace "$work/trace" >"$work/rows"
}
writes() {
  grep -Eq 'write (word|memory|register|core)|queued|drive the reset line' "$work/rows"
}
not() {
  ! "$@"
}
released() { # the reset line, if it was ever pulled low, was let go last
  ! grep -q 'drive the reset line' "$work/rows" ||
    grep 'drive the reset line' "$work/rows" | tail -n 1 | grep -Eq 'high|timeout|stall|gone|error'
}

traced healthy
check "without consent nothing is written to a running target" not writes
traced healthy --allow reset
check "with it there is" writes
check "and the reset line is let go" released

traced healthy --allow reset --timeout 1
check "a deadline ends it with 124" test "$code" = 124
check "a partial report is given" grep -q "Power (VTref)" "$work/out"
check "and the reset line is let go" released

bad=
for kind in request-lost reply-lost stall status; do
  for nth in 1 3 17 60 150 229 233 236; do
    traced healthy --allow reset --fault "kind=$kind,nth=$nth"
    case $code in
    0 | 1 | 5 | 6 | 7 | 8 | 11) ;;
    *) bad="$bad $kind:$nth=$code" ;;
    esac
    released || bad="$bad $kind:$nth(NRST)"
    grep -Eq '^(healthy|problem|unknown):' "$work/out" || bad="$bad $kind:$nth(no report)"
  done
done
check "whatever transaction fails there is a report, and the reset line is let go:$bad" test -z "$bad"

examine 0 "a sweep shows the margin at every speed" healthy --allow reset --sweep
printed "with bars and bounds" "4000 kHz"
printed "and a speed that can be relied on" "recommended: 4000 kHz"
examine 0 "without consent there is no sweep" healthy --sweep

run 6 "of two probes the worse decides" \
  "$SWDOCTOR" check --probe "sim:$work/healthy.yaml" --probe "sim:$work/open.yaml" --format json
check "each has its line" test "$(wc -l <"$work/out")" = 2

if goes_with_preloading; then
  run 3 "--all where there is none ends with 3" "$SWDOCTOR" sim run usb-no-probe-f405 -- "$SWDOCTOR" check --all --format json
  check "with a line all the same" test "$(wc -l <"$work/out")" = 1
  run 0 "--all finds the one there is" "$SWDOCTOR" sim run healthy-f405-v2 -- "$SWDOCTOR" check --all --format json
  check "and says where" grep -q '"input":"usb@' "$work/out"
fi

# Two that wait for their probes, and are asked to stop by a signal that only the first process gets.
"$SWDOCTOR" check --probe usb@1-9 --probe usb@1-8 --wait 60 --format json >"$work/out" 2>"$work/err" &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do # until both are at it
  sleep 0.2
  [ "$(pgrep -c -P "$pid")" = 2 ] && break
done
sleep 0.3
kill -TERM "$pid"
wait "$pid"
check "two probes that are asked to stop end with 143" test "$?" = 143
check "and each has its line" test "$(wc -l <"$work/out")" = 2

run 2 "a probe that cannot be is wrong usage" "$SWDOCTOR" check --probe nonsense:1
run 2 "so is a consent that does not exist" "$SWDOCTOR" check --allow everything
finish
