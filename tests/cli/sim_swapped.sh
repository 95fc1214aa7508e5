#!/bin/sh
# Chips whose option says that bank 2 is seen first: what is flashed across the border of the banks, and erased there,
# lands where it is seen, whether the registers go along with the banks (H7) or the bank has to be named (all others).
. "$(dirname "$0")/../lib/sim.sh"
need true

export XDG_STATE_HOME="$work/state"
make_image "$work/image" 20000

# on COMMAND WORD...
on() {
  command=$1
  shift
  timeout -k 1 60 "$SWDOCTOR" "$command" \
    --probe "sim:healthy-f103-v2,chip={part: $chip,swapped: true},probe=v3,flash-in=$work/now,flash-out=$work/array" "$@" </dev/null
}
# seen: the image lies across the middle of an array of 0x3c, and whole blocks around it are what they were
seen() {
  "$PYTHON" - "$work/array" "$work/image" <<'PY'
import sys
array, image = (open(name, 'rb').read() for name in sys.argv[1:3])
at = len(array) // 2 - 10000
if array[at:at + len(image)] != image:
    sys.exit('the image is not there')
if any(byte != 0x3c for byte in array[:at] + array[at + len(image):]):
    sys.exit('something else was touched')
PY
}

lands() { # ADDRESS
  on flash "$work/image" --base "$1" >"$work/out" 2>&1 && seen
}

# Its size in KiB stands beside each.
for row in H743:2048 H7A3:2048 H563:2048 U575:2048 G0B1:512 G474:512 L476:1024 L4R5:2048; do
  chip=${row%:*}
  kib=${row#*:}
  "$PYTHON" -c "open('$work/now', 'wb').write(bytes([0x3c]) * $kib * 1024)"
  at=$(printf '0x%x' $((0x08000000 + kib * 512 - 10000)))
  check "$chip with its banks exchanged: the image is across their border" lands "$at"
done

chip=F405
on flash "$work/image" --base 0x08000000 >"$work/out" 2>&1
check "a chip without such an option is told so" grep -q 'this chip has no banks to exchange' "$work/out"

finish
