#!/bin/sh
# Recoveries: flash on benches where something goes wrong. The image must be in the array, with the bytes beside it, as seen
# from outside; or the stop must be told truthfully.
. "$(dirname "$0")/../lib/sim.sh"
need true

export XDG_STATE_HOME="$work/state"
make_image "$work/old" 32768
make_image "$work/image" 9001
base=0x08000000

# on SCENARIO OPTION...: into $work/array
on() {
  scenario=$1
  shift
  timeout -k 1 100 "$SWDOCTOR" flash --probe "sim:$scenario,flash-in=$work/old,flash-out=$work/array" --base $base \
    --format json "$@" "$work/image" </dev/null
}
# The image, and behind it what was there.
is_there() {
  "$PYTHON" - "$work/array" "$work/old" "$work/image" <<'PY'
import sys
array, old, image = (open(name, 'rb').read() for name in sys.argv[1:4])
want = image + old[len(image):]
bad = [i for i in range(len(want)) if array[i] != want[i]]
sys.exit(f'{len(bad)} bytes differ, the first at {bad[0]:#x}' if bad else 0)
PY
}
untouched() { cmp -s -n 32768 "$work/array" "$work/old"; }
fits() { "$PYTHON" "$here/lib/validate.py" "$work/out" flash.schema.json; }
seconds() { field "$work/out" outcome seconds; }
# named NAME CAUSES: the first cause, as the last line tells it
named() { check "$1" grep -qE "^RESULT .* cause=($2) " "$work/err"; }
# costs LIMIT WHAT: seconds more than the clean run
costs() {
  check "$2" "$PYTHON" -c "import sys; t = $(seconds) - $clean; sys.exit(f'{t:.3f} s' if t > $1 else 0)"
}
# gets_in NAME SCENARIO OPTION...
gets_in() {
  name=$1
  shift
  run 0 "$name: the image gets in" on "$@"
  check "$name: all of it, and nothing beside it changed" is_there
}

gets_in "no trouble" healthy-f405-v2
has "no trouble: nothing is degraded" "$work/out" false degraded
clean=$(seconds)

gets_in "one status word" healthy-f405-v2 --fault kind=status,status=0x11,nth=40
costs 0.050 "one status word: it costs at most 50 ms"
check "one status word: the result is as the schema says" fits
has "one status word: it is told" "$work/out" true degraded

gets_in "one lost reply" healthy-f405-v2 --fault kind=reply-lost,nth=45
costs 0.400 "one lost reply: it costs at most 0.4 s"
gets_in "a lost request while connecting" healthy-f405-v2 --fault kind=request-lost,nth=2
costs 0.400 "a lost request while connecting: it costs at most 0.4 s"
gets_in "a stall in the middle" healthy-f405-v2 --fault kind=stall,nth=60
gets_in "a probe that drops off the bus" healthy-f405-v2 --fault kind=gone,nth=70
check "a probe that drops off the bus: it was opened again" grep -q '"recovery":"reset-usb"' "$work/out"
check "a probe that drops off the bus: the cause is named" grep -q '"causes":\["usb-unstable"' "$work/out"
run 5 "told not to recover, it stops" on healthy-f405-v2 --fault kind=gone,nth=70 --no-recover

gets_in "one error in a hundred" healthy-f405-v2 --fault kind=refused,status=0x11,ppm=10000,seed=5
gets_in "one word in a thousand wrong" "healthy-f103-v2,wires.swdio.silent-read=1e-3,wires.swdio.silent-write=1e-3"
check "one word in a thousand wrong: they are counted" test "$(field "$work/out" words_written_again)" -gt 0
gets_in "stalls" usb-stalls,seed=3
gets_in "a watchdog" watchdog-f103
gets_in "a hardware watchdog" watchdog-hardware-l476
gets_in "a sleeper" sleeps-in-stop-f405
gets_in "pins given away" pins-remapped-f405
gets_in "a loose contact" intermittent-swdio,seed=6
gets_in "a fixed order" usb-stalls,seed=3 --strategy blind

run 6 "pins given away and no reset line: it stops" on nrst-open-remap --max-time 20
check "pins given away and no reset line: nothing was changed" untouched
check "pins given away and no reset line: what was tried is told" grep -q '"recoveries":\[{' "$work/out"
run 7 "a protected chip is left alone" on protected-rdp1-f405
check "a protected chip is left alone: nothing was changed" untouched
run 0 "a protected chip is opened by the user's word" on protected-rdp1-f405 --allow mass-erase
check "a protected chip is opened by the user's word: and that is told" grep -q '"recovery":"open-protection"' "$work/out"
run 9 "a word that no longer programs is found out" on cell-worn-f405
named "a word that no longer programs: the cause is named" flash-verify-mismatch
run 9 "... on a chip of small pages, too" on cell-worn-f103
named "... and is named" flash-verify-mismatch
run 9 "a page that no longer erases is found out" on erase-fails-g431
named "a page that no longer erases: a cause in the flash is named" "flash-(program|erase)-failed"
for scenario in supply-sags-while-erasing supply-sags-while-programming; do
  run 9 "$scenario: it stops" on $scenario
  named "$scenario: the cause is named" target-voltage-unstable
  has "$scenario: the chip said that it lost its supply" "$work/out" true outcome fault lost_power
  check "$scenario: the voltage before is told" test "$(field "$work/out" outcome fault supply_before_mv)" -ge 2900
  check "$scenario: it is not tried for long" test "$(field "$work/out" outcome attempts)" -le 15
done
# reads NAME FAULT: 32 KiB of the old bytes
reads() {
  run 0 "$1: reading gets through" "$SWDOCTOR" read --probe "sim:healthy-f405-v2,seed=3,flash-in=$work/old,faults=[{$2}]" \
    --range $base+32K --format json "$work/read"
  check "$1: what is read is right" cmp -s "$work/read" "$work/old"
  check "$1: reading: the result is as the schema says" fits
}
reads "one command in twenty refused" "what: status, word: 0x12, probability: 0.05"
reads "a probe away for 0.3 s" "what: usb-unplug, for: 300 ms, at: transaction 25"
run 2 "an impossible time is refused" on healthy-f405-v2 --max-time soon

printf 'schema: 1\nrecoveries:\n  signal-integrety: {lower-speed: 0.5}\n  tool-usage: {reset-ubs: 0.5}\n' >"$work/bad.yaml"
run 2 "mistakes in a list of recoveries are refused" "$SWDOCTOR" rules lint "$work/bad.yaml"
check "an unknown cause is told with its place" grep -q "bad.yaml:3:3: error\[R107\]: unknown cause 'signal-integrety'" "$work/out" "$work/err"
check "an unknown recovery is told with its place" grep -q "bad.yaml:4:16: error\[R118\]: unknown recovery 'reset-ubs'" "$work/out" "$work/err"
run 0 "a cause is explained" "$SWDOCTOR" rules explain signal-integrity
printed "a cause is explained: with what the engine tries" "lower-speed"

finish
