#!/bin/sh
# check on a terminal: it asks where consent is missing; its pictures follow what the terminal can show.
. "$(dirname "$0")/../lib/sim.sh"

need true
export XDG_STATE_HOME="$work/state" SWDOCTOR_LOCK_DIR="$work" LC_ALL=C.UTF-8
unset NO_COLOR TERM COLUMNS

on_terminal() { # ANSWER COMMAND...: its output in $work/out; ends with its exit code
  "$PYTHON" "$here/lib/on_terminal.py" "$@" >"$work/out"
}
not() {
  ! "$@"
}
# A board whose reset line is open: only a reset can tell.
open='healthy-f405-v2,wires={nrst: open}'

run 6 "who says yes when asked" on_terminal yes "$SWDOCTOR" check --no-history --probe "sim:$open"
check "was told what is not tested, and what that does" grep -q 'Not tested yet: .*resets the target.*Type yes:' "$work/out"
check "was asked once" test "$(grep -c 'Type yes:' "$work/out")" = 1
check "and has the reset line tested" grep -q 'cause=nrst-not-connected' "$work/out"

run 0 "who says no" on_terminal no "$SWDOCTOR" check --no-history --probe "sim:$open"
check "is told what would test it" grep -q -e '--allow reset' "$work/out"
check "and the line was not tested" grep -q 'not tested.*Reset line' "$work/out"

run 0 "who has given consent" on_terminal "" "$SWDOCTOR" check --no-history --allow reset --probe sim:healthy-f405-v2
check "is not asked" not grep -q 'Type yes:' "$work/out"
run 6 "nor are two at a time" on_terminal "" "$SWDOCTOR" check --no-history --probe sim:healthy-f405-v2 --probe sim:swdio-open-f405
check "who would not know for which" not grep -q 'Type yes:' "$work/out"
run 0 "nobody is asked where nobody sits" "$SWDOCTOR" check --no-history --probe "sim:$open"
printed "it says what was left out" "Not tested: the reset line"
printed "and what would test it" "--allow reset"

# Pictures.
broken="--probe sim:swdio-open-f405 --no-history"
# shellcheck disable=SC2086 # a list of words
run 6 "on a terminal with colours" on_terminal "" "$SWDOCTOR" check $broken
check "the connector is drawn with lines" grep -q '┌──' "$work/out"
check "the suspect wire is marked" grep -q '? SWDIO' "$work/out"
check "the supply is a line of blocks" grep -q 'VTref over the examination: .*█' "$work/out"
check "in colour" grep -q "$(printf '\033\\[')" "$work/out"
# shellcheck disable=SC2086
NO_COLOR=1 run 6 "who wants no colour" on_terminal "" "$SWDOCTOR" check $broken
check "gets none" not grep -q "$(printf '\033\\[')" "$work/out"
# shellcheck disable=SC2086
TERM=dumb run 6 "a terminal that can do nothing" on_terminal "" "$SWDOCTOR" check $broken
tr -d '\r' <"$work/out" >"$work/plain"
check "gets plain ASCII" ascii "$work/plain"
check "with the same picture" grep -q '+--------+' "$work/plain"
# shellcheck disable=SC2086
LC_ALL=C run 6 "so does a plain locale" "$SWDOCTOR" check $broken
check "which is all ASCII" ascii "$work/out"
printed "the wire is marked there, too" "? SWDIO"
printed "and the supply drawn" "VTref over the examination: #"
LC_ALL=C run 0 "and so is the sweep" "$SWDOCTOR" check --no-history --probe sim:healthy-f405-v2 --allow reset --sweep
check "which is all ASCII" ascii "$work/out"
check "bars are of number signs" grep -Eq '4000 kHz +#+' "$work/out"

# Every connector there is.
for connector in arm-20 cortex-10 dongle-a dongle-b nucleo-6 stdc-14 tc2030; do
  # shellcheck disable=SC2086
  run 6 "the wires on $connector" "$SWDOCTOR" check $broken --connector $connector
  printed "with the suspect one marked" "? SWDIO"
  sed -n '/seen from above/,/^$/p' "$work/out" >"$work/map"
  check "no line is wider than the page" narrow "$work/map"
done
# shellcheck disable=SC2086
run 2 "a connector that is none is wrong usage" "$SWDOCTOR" check $broken --connector scart
run 0 "without a suspect no wires are drawn" "$SWDOCTOR" check --no-history --probe sim:healthy-f405-v2
check "unless they are asked for" not grep -q 'seen from above' "$work/out"

# --connect, --speed and --transport count.
marks() { # OPTION...: what was done, in $work/rows
  rm -f "$work/trace"
  "$SWDOCTOR" check --no-history --probe "sim:$scenario" --trace "$work/trace" "$@" >"$work/out" 2>"$work/err"
  "$SWDOCTOR" trace "$work/trace" >"$work/rows"
}
scenario=pins-remapped-f405
marks --connect hot-plug
check "hot plug never touches the reset line" not grep -Eq 'drive the reset line +low' "$work/rows"
marks --connect normal
check "normal lets it go, and no more" not grep -Eq 'drive the reset line +low' "$work/rows"
marks
check "auto does where nothing else reaches the core" grep -Eq 'drive the reset line +low' "$work/rows"
scenario=healthy-f405-v2
marks --connect under-reset
check "under reset pulls it low at once" grep -Eq 'drive the reset line +low' "$work/rows"
marks --speed 950
check "the speed is the one that was asked for" grep -q '950 kHz' "$work/rows"
marks --transport jtag
check "so is the transport" grep -qi 'JTAG' "$work/rows"
finish
