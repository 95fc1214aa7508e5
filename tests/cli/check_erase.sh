#!/bin/sh
# check --allow erase: the supply while flash is erased, on a block that is blank. What is in flash stays byte for byte.
. "$(dirname "$0")/../lib/sim.sh"

need true
export SWDOCTOR_LOCK_DIR="$work"

program_and() { # BYTES: $work/image is a program that runs, and behind it bytes without a gap
  make_image "$work/bytes" "$1"
  "$PYTHON" - "$here/lib" "$work/bytes" "$work/image" <<'PROGRAM'
import sys
sys.path.insert(0, sys.argv[1])
from board_program import program
code = program(0x20000000, 0x2000)
with open(sys.argv[2], 'rb') as f, open(sys.argv[3], 'wb') as out:
    out.write(code + f.read()[len(code):])
PROGRAM
}
program_and 9000

# erase CODE WHAT BOARD [OPTION...]: on a board whose flash begins with the image
erase() {
  code=$1 what=$2 board=$3
  shift 3
  rm -f "$work/array"
  run "$code" "$what" "$SWDOCTOR" check --no-history --format json --events \
    --probe "sim:$board,flash-in=$work/image,flash-out=$work/array,state-out=$work/state" "$@"
}
changed() { # WORD: is among what the report says was changed
  "$PYTHON" -c 'import json, sys; sys.exit(sys.argv[2] not in json.load(open(sys.argv[1]))["changed"])' "$work/out" "$1"
}
runs() { # the core runs afterwards, as before
  "$PYTHON" -c 'import json, sys
state = json.load(open(sys.argv[1]))
sys.exit(state["before"]["core"] != state["after"]["core"])' "$work/state"
}

sag='supply={volts: 3.3, sag: 0.5, when: erasing}'
for board in F405,probe=v2,0xff L476,probe=v2-1,0xff F103,probe=v2,0xff L053,probe=v2-1,0x00; do
  blank=${board##*,} chip=${board%,0x*}
  erase 0 "$chip: a steady supply is healthy" "healthy-f405-v2,chip=$chip" --allow reset,erase
  printed "a blank block was erased" "while the blank block at 0x"
  check "and that is told" changed erased
  check "what was in flash is there, byte for byte, and nothing else" holds "$work/array" "$work/image" "$blank"
  check "and the program runs" runs
  erase 6 "$chip: one that sags under the load is found" "healthy-f405-v2,chip=$chip,$sag" --allow reset,erase
  said "and named" "cause=target-voltage-unstable"
  check "flash is as it was" holds "$work/array" "$work/image" "$blank"
done

erase 0 "without the word for it" "healthy-f405-v2,$sag" --allow reset
check "nothing is erased" not changed erased
check "flash is as it was" holds "$work/array" "$work/image" 0xff

program_and 1048576
erase 0 "where no block is blank" healthy-f405-v2 --allow reset,erase
printed "that is told" "nothing was erased"
check "and nothing is" not changed erased
check "flash is as it was" cmp -s "$work/array" "$work/image"
finish
