#!/bin/sh
# Two banks with a controller each (H7): what one of them does costs no time of the other. Both hold the image then; an
# erase that one of them refuses does not spoil what the other was doing; and whatever happens, the next run ends it.
. "$(dirname "$0")/../lib/sim.sh"
need true

export XDG_STATE_HOME="$work/state" SWDOCTOR_LOCK_DIR="$work"
sector=131072

# random SEED BYTES FILE
random() {
  "$PYTHON" -c 'import random, sys; sys.stdout.buffer.write(random.Random(int(sys.argv[1])).randbytes(int(sys.argv[2])))' \
    "$1" "$2" >"$3"
}

# on CHIP SETTINGS COMMAND...: on a board that holds $work/old
on() {
  settings=chip=$1${2:+,$2} command=$3
  shift 3
  rc=0
  "$SWDOCTOR" "$command" --format json --probe "sim:healthy-h743-v3,$settings,flash-in=$work/old,flash-out=$work/array" \
    "$@" >"$work/json" 2>"$work/err" || rc=$?
  return "$rc"
}

# holds_at OFFSET FILE: the array has the file there, and is as it was everywhere else
holds_at() {
  "$PYTHON" -c '
import sys
array, old, new = (open(f, "rb").read() for f in (sys.argv[3], sys.argv[4], sys.argv[2]))
at = int(sys.argv[1])
old += bytes([255]) * (len(array) - len(old))
sys.exit(array != old[:at] + new + old[at + len(new):])' "$1" "$2" "$work/array" "$work/old"
}

# milliseconds PHASE
milliseconds() {
  "$PYTHON" -c 'import json, sys; print(int(1000 * json.load(open(sys.argv[1]))["outcome"]["phases"][sys.argv[2]]))' \
    "$work/json" "$1"
}

random 1 $((16 * sector)) "$work/old"
random 2 $((6 * sector)) "$work/image"

on H743 "" flash --base 0x08000000 "$work/image"
check "six sectors of one bank are written" holds_at 0 "$work/image"
one=$(milliseconds write)
on H743 "" flash --base 0x080a0000 "$work/image"
check "three sectors of each bank are written" holds_at $((5 * sector)) "$work/image"
both=$(milliseconds write)
check "both banks at once take less than three quarters of the time ($both of $one ms)" test $((both * 4)) -lt $((one * 3))

random 3 40000 "$work/small"
on H7A3 "" flash --base 0x080fb000 "$work/small"
check "small sectors across the banks, those in part kept" holds_at $((0x0fb000)) "$work/small"

on H743 "" erase --allow erase --range 0x080e0000+256K
"$PYTHON" -c 'import sys; sys.stdout.buffer.write(b"\xff" * int(sys.argv[1]))' $((2 * sector)) >"$work/blank"
check "a sector of each bank is erased" holds_at $((7 * sector)) "$work/blank"
check "in the time of one" "$PYTHON" -c '
import json, sys
sys.exit(not 0.9 < json.load(open(sys.argv[1]))["outcome"]["seconds"] < 1.5)' "$work/json"

# ---- one bank refuses ----

on H743 "chip.write-protected=[0x08100000]" flash --base 0x080a0000 "$work/image"
check "a sector of bank 2 that is write-protected ends it" test "$rc" -eq 9
check "and is named" grep -q 'erasing 0x08100000: WRPERR' "$work/err"
check "no sector is torn: old, blank or new, and new or blank only where the image goes" "$PYTHON" -c '
import sys
array, old, image = (open(f, "rb").read() for f in sys.argv[1:4])
s = 131072
def part(bytes, n): return bytes[n * s:(n + 1) * s]
image = old[:5 * s] + image + old[11 * s:]
may = [(part(old, n), part(image, n), bytes([255]) * s if 5 <= n < 8 else b"") for n in range(16)]
sys.exit(part(array, 5) != bytes([255]) * s or any(part(array, n) not in may[n] for n in range(16)))' \
  "$work/array" "$work/old" "$work/image"

# ---- cut short, in the middle of what both do ----

cut() { # NAME FAULT
  on H743 "faults=[$2]" flash --base 0x080a0000 "$work/image"
  if [ "$rc" -eq 0 ]; then
    check "$1: the run ends it by itself" holds_at $((5 * sector)) "$work/image"
    return
  fi
  cp "$work/old" "$work/before"
  cp "$work/array" "$work/old"
  on H743 "" flash --base 0x080a0000 "$work/image"
  cp "$work/before" "$work/old"
  check "$1: the next run ends it" holds_at $((5 * sector)) "$work/image"
}

cut "the reset button is pressed" "{what: nrst-pulse, at: transaction 260}"
cut "the probe's answer is lost" "{what: usb-reply-lost, at: transaction 300}"
cut "the supply is gone while both banks are erased" "{what: supply, volts: 1.0, at: operation 3, for: 20 ms}"

finish
