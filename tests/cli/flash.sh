#!/bin/sh
# flash, verify and erase on the virtual bench, chip by chip: what the array holds afterwards is compared from outside,
# byte by byte and over all of it.
. "$(dirname "$0")/../lib/sim.sh"
need true

export XDG_STATE_HOME="$work/state"
array_bytes=32768

fits() { # FILE
  "$PYTHON" "$here/lib/validate.py" "$1" flash.schema.json
}
# on COMMAND WORD...: a chip whose flash holds $work/now, and holds it afterwards
on() {
  command=$1
  shift
  timeout -k 1 60 "$SWDOCTOR" "$command" \
    --probe "sim:healthy-f103-v2,chip=$chip,probe=$probe,flash-in=$work/now,flash-out=$work/array" "$@" </dev/null
}
# becomes OFFSET IMAGE: what $work/now is with the image in it is what the array holds
becomes() {
  "$PYTHON" - "$work/array" "$work/now" "$1" "$2" <<'PY'
import sys
array, now = (open(name, 'rb').read() for name in sys.argv[1:3])
at, image = int(sys.argv[3], 0), open(sys.argv[4], 'rb').read()
now = now + array[len(now):]  # blank from the start
want = now[:at] + image + now[at + len(image):]
for i, (a, b) in enumerate(zip(array, want)):
    if a != b:
        sys.exit(f'{i:#x}: {a:#04x} instead of {b:#04x}')
PY
}
# changed FILE OFFSET: a copy with one byte changed, $work/changed
changed() {
  "$PYTHON" - "$1" "$2" "$work/changed" <<'PY'
import sys
data = bytearray(open(sys.argv[1], 'rb').read())
data[int(sys.argv[2])] ^= 0x5a
open(sys.argv[3], 'wb').write(data)
PY
}

make_image "$work/old" $array_bytes
base=0x08000000

# try_chip NAME PROBE BYTES BLOCK ERASED [short]: an image of so many bytes; blocks of so many bytes where it ends
try_chip() {
  chip=$1 probe=$2 bytes=$3 block=$4 erased=$5
  make_image "$work/image" "$bytes"
  cp "$work/old" "$work/now"
  [ "$chip" != H743 ] || printf '\377' >"$work/now" # nothing to erase

  run 0 "$chip: what would be done is told" on flash --dry-run --base $base "$work/image"
  printed "$chip: and nothing is done" "nothing was changed: this was a dry run"
  check "$chip: the array is as it was" becomes 0 /dev/null

  run 0 "$chip: an image is flashed" on flash --base $base "$work/image" --format json
  check "$chip: its result is as the schema says" fits "$work/out"
  check "$chip: every byte was verified" test "$(field "$work/out" outcome bytes_verified)" -ge "$bytes"
  has "$chip: the program runs" "$work/out" true outcome running
  check "$chip: the array holds it, and beside it what it held" becomes 0 "$work/image"
  cp "$work/array" "$work/now"

  run 0 "$chip: the same once more" on flash --base $base "$work/image" --format json
  has "$chip: erases nothing" "$work/out" 0 outcome blocks_erased
  has "$chip: and programs nothing" "$work/out" 0 outcome bytes_programmed

  # The rest is for one chip of each shape of controller; H743's loader is emulated for a second of polling.
  [ -z "${6-}" ] || return 0
  changed "$work/image" $((bytes - 100))
  run 0 "$chip: one byte changed" on flash --base $base "$work/changed" --format json
  has "$chip: costs its block and the one with the vectors" "$work/out" 2 outcome blocks_erased
  check "$chip: and is there" becomes 0 "$work/changed"

  run 0 "$chip: what is there is verified" on verify --base $base "$work/image"
  run 9 "$chip: what is not there is found out" on verify --base $base "$work/changed"
  run 0 "$chip: it is read back" on read --range "$base+$bytes" "$work/read"
  check "$chip: the same" cmp "$work/read" "$work/image"

  run 0 "$chip: a block is erased" on erase --range "$base+1" --allow erase
  "$PYTHON" -c 'import sys; sys.stdout.buffer.write(bytes([int(sys.argv[1], 0)]) * int(sys.argv[2]))' \
    "$erased" "$block" >"$work/blank"
  check "$chip: that one and no other" becomes 0 "$work/blank"
  run 0 "$chip: all of it is erased" on erase --all --allow mass-erase
  check "$chip: nothing is left" erased "$work/array" "$erased"
}

try_chip F103 v2 5000 1024 0xff
case $SWDOCTOR in
*-san/*) finish ;; # the others take the same ways
esac
try_chip F405 v2-1 20000 16384 0xff
try_chip L476 v2-1 5000 2048 0xff
try_chip L053 v2 1500 128 0x00
try_chip U575 v3 9000 8192 0xff
for short in F051 F303 G071 G431 H743; do
  try_chip $short v3 3000 0 0xff short
done

finish
