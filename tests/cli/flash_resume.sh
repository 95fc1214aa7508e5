#!/bin/sh
# A run that is killed, or whose target loses power, and the next one: nothing is lost, nothing is done twice, half an image
# does not boot, and each run says how it left the chip.
. "$(dirname "$0")/../lib/sim.sh"
need true
if ! goes_with_preloading; then
  skip "killed runs and the next ones" "libusb is replaced by preloading, which the sanitizer does not go with"
  exit 0
fi

export XDG_STATE_HOME="$work/state" SWDOCTOR_LOCK_DIR="$work"

# resume.py WHAT: make the images; or compare the array with them
resume() {
  "$PYTHON" "$here/lib/resume.py" "$work" "$@"
}

# on CHIP FAULT COMMAND: on a board that holds "old"
on() {
  timeout -k 1 100 "$SWDOCTOR" sim run --set chip="$1" --set "faults=[$2]" --flash-in "$work/old" \
    --flash-out "$work/array" healthy-f103-v2 -- sh -c "$3"
}

flash() { # FILE OPTIONS...: as words for a shell
  file=$1
  shift
  echo "$SWDOCTOR flash --base 0x08000000 --probe usb $* $work/$file"
}

# field EXPRESSION: of the JSON of the second run; s is outcome.state
field() {
  "$PYTHON" -c 'import json, sys; o = json.load(open(sys.argv[1]))["outcome"]; s = o["state"]; sys.exit(not eval(sys.argv[2]))' \
    "$work/json" "$1"
}

journals() {
  find "$work/state" -name '*.journal' 2>/dev/null
}

resume make
first_a="$(flash a) >$work/out 2>&1"

# ---- killed here and there: each time the next run goes on, and none writes more than it has to ----

resumed=0 no_vectors=0 less=0
for at in 70 80 90 100 110 120 130 140; do
  rm -rf "$work/state"
  killed="{what: kill, at: transaction $at}"
  on F103 "$killed" "$first_a"
  resume no-vectors 2>"$work/err" && no_vectors=$((no_vectors + 1)) && left=$(journals) && half=$killed
  rm -rf "$work/state"
  on F103 "$killed" "$first_a; $(flash a --format json) >$work/json 2>$work/err"
  check "killed at transaction $at: the next run brings the image in, and what stood behind it is kept" resume holds a
  check "killed at transaction $at: blocks that were right are not written again" field \
    'o["blocks_erased"] <= 7 - s["blocks_resumed"] and all(s["interrupted_before"] or not n for n in [s["blocks_resumed"]])'
  field 's["blocks_resumed"] >= 1' && resumed=$((resumed + 1))
  field '0 < o["blocks_erased"] < 7' && less=$((less + 1))
done
check "a chip half written has no vectors" test "$no_vectors" -ge 1
check "a killed run leaves a journal" test -n "$left"
check "the next run knows which blocks were right" test "$resumed" -ge 1
check "it writes the others alone" test "$less" -ge 1
check "it says that the new image boots" field 's["boots"] == "new" and not s["old"] and not s["unknown"]'
check "its JSON is as the schema says" "$PYTHON" "$here/lib/validate.py" "$work/json" flash.schema.json
check "a run that ended well leaves no journal" test -z "$(journals)"

# ---- only the end differs: the vectors go all the same ----

mv "$work/old" "$work/old.kept"
cp "$work/a" "$work/old"
no_vectors=0
for at in 70 75 80 85 90; do
  on F103 "{what: kill, at: transaction $at}" "$(flash tail) >$work/out 2>&1"
  resume no-vectors 2>"$work/err" && no_vectors=$((no_vectors + 1))
  rm -rf "$work/state"
done
check "half an image with unchanged vectors does not boot" test "$no_vectors" -ge 1
mv "$work/old.kept" "$work/old"

# ---- a journal of another image ----

on F103 "$half" "$first_a; $(flash b --format json) >$work/json 2>$work/err"
check "another image after a killed run: what stood behind the first is put back" resume foreign
check "nothing of the other image counts as resumed" field 's["interrupted_before"] and s["blocks_resumed"] == 0'

# ---- power goes in the middle, on a chip with error correction ----

on G071 "{what: supply, volts: 0, at: operation 300, for: 30000 ms}" \
  "$(flash a --timeout 5) >$work/out 2>&1; echo \$? >$work/code; sleep 31; $(flash a --format json) >$work/json 2>$work/err"
check "without power the run says that it failed" test "$(cat "$work/code")" != 0
check "it says which blocks are how" grep -q '^state    .* unknown (0x08000000' "$work/out"
check "it says whether the chip boots" grep -q '^boots    ' "$work/out"
check "it says what to do" grep -q '^next     .*run the same command again' "$work/out"
check "with power back the next run repairs it" resume holds a

# ---- killed with the bench inside the program ----

"$SWDOCTOR" flash "$work/a" --base 0x08000000 --probe "sim:healthy-f103-v2,faults=[{what: kill, at: transaction 60}]" \
  >"$work/out" 2>&1
check "the bench can kill the program it lives in" test $? -eq 137

finish
