#!/bin/sh
# flash on a terminal: a bar with phase, rate and what is left; a question where consent is missing.
. "$(dirname "$0")/../lib/sim.sh"
need true

export XDG_STATE_HOME="$work/state"
make_image "$work/image" 16384
make_image "$work/old" 32768

# on_terminal ANSWER COMMAND...: its output in $work/out; ends with its exit code
on_terminal() {
  "$PYTHON" "$here/lib/on_terminal.py" "$@" >"$work/out"
}
probe="--probe sim:healthy-f405-v2,flash-in=$work/old,flash-out=$work/array"

# shellcheck disable=SC2086 # a list of words
run 0 "flashing on a terminal" on_terminal "" "$SWDOCTOR" flash $probe --base 0x08000000 "$work/image"
check "a bar is drawn" grep -q '█\|#' "$work/out"
check "with the phase, and how far it is" grep -Eq 'verify +.*100 %' "$work/out"
check "with the rate" grep -q 'KiB/s' "$work/out"
check "the report follows" grep -q 'the program runs' "$work/out"

# shellcheck disable=SC2086
run 2 "who says no when asked" on_terminal no "$SWDOCTOR" erase $probe --range 0x08000000+1
check "was asked a question" grep -q 'Type yes:' "$work/out"
check "and nothing was erased" cmp -n 16384 "$work/array" "$work/image"
# shellcheck disable=SC2086
run 0 "who says yes" on_terminal yes "$SWDOCTOR" erase $probe --range 0x08000000+1
head -c 16384 "$work/array" >"$work/first"
check "has it erased" erased "$work/first" 0xff

finish
