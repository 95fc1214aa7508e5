#!/bin/sh
# read and reset on the virtual bench: what is read is what the array holds, from outside; what cannot be read or reset
# is told.
. "$(dirname "$0")/../lib/sim.sh"
need true

export XDG_STATE_HOME="$work/state"
make_image "$work/old" 65536

fits() { # FILE
  "$PYTHON" "$here/lib/validate.py" "$1" flash.schema.json
}
on() { # SCENARIO COMMAND WORD...
  probe=sim:$1 command=$2
  shift 2
  timeout -k 1 60 "$SWDOCTOR" "$command" --probe "$probe" "$@" </dev/null
}
swd_read() { # CHIP WORD...: of a chip that holds $work/old
  chip=$1
  shift
  on "healthy-f103-v2,chip=$chip,flash-in=$work/old" read "$@"
}

for chip in F103 F405 L476 G071 H743 F051 F303 G431 U575; do
  rm -f "$work/read"
  run 0 "$chip: flash is read" swd_read $chip --range 0x08000000+16K "$work/read"
  check "$chip: and is what it holds" cmp -n 16384 "$work/read" "$work/old"
  check "$chip: no more, no less" test "$(wc -c <"$work/read")" = 16384
done

run 0 "the whole flash is read without a range" swd_read F103 "$work/read" --format json
check "it is as the schema says" fits "$work/out"
has "all of it" "$work/out" 131072 read bytes
check "it holds what it held" cmp -n 65536 "$work/read" "$work/old"
tail -c 65536 "$work/read" >"$work/end"
check "its end is blank" erased "$work/end" 0xff
run 0 "an odd range is read" swd_read F103 --range 0x08000003+5 "$work/read"
check "byte by byte" cmp -i 3:0 -n 5 "$work/old" "$work/read"
run 0 "- is standard output" swd_read F103 --range 0x08000010+32 -
check "with nothing else on it" cmp -i 16:0 -n 32 "$work/old" "$work/out"
check "exactly" test "$(wc -c <"$work/out")" = 32
said "the report goes to standard error" "STM32F101/F102/F103"

run 0 "a copy of a chip is read like the chip" on clone-f103-core-id read --range 0x08000000+16 "$work/read"
printed "and told apart" "looks like a copy: CKS32, CS32 or APM32"
run 9 "a chip that nobody knows" on unknown-chip-id read "$work/none"
said "is told by its id" "no chip with the device id 0x"
run 0 "its memory can be read all the same" on unknown-chip-id read --range 0x20000000+16 "$work/read"

run 9 "what is not there cannot be read" swd_read F103 --range 0x60000000+16 "$work/none"
check "and leaves no file" test ! -e "$work/none"
run 2 "a range without length" swd_read F103 --range 0x08000000 "$work/none"
said "is told" "--range wants ADDRESS+LENGTH"
run 2 "a range beyond the end" swd_read F103 --range 0xffffffff+2 "$work/none"
run 2 "a folder that is not there" swd_read F103 --range 0x08000000+4 "$work/no/where"
run 7 "a protected chip is not read" on protected-rdp1-f405 read --range 0x08000000+4K "$work/none"
said "and says what would open it, at which price" "erases everything in its flash"
said "which is sure" "cause=readout-protected word=likely"
run 6 "a target without supply does not answer" on target-off-f405 read "$work/none"
run 2 "a scenario that does not exist is told" on no-such-scenario read "$work/none"

swd_two() {
  timeout -k 1 60 "$SWDOCTOR" read --probe "sim:healthy-f103-v2,flash-in=$work/old" \
    --probe "sim:healthy-f405-v2,flash-in=$work/old" --range 0x08000000+2K "$work/two" --format json </dev/null
}
run 0 "two probes at once" swd_two
check "one object each" fits "$work/out"
check "two of them" test "$(wc -l <"$work/out")" = 2
check "the first has its file" cmp -n 2048 "$work/two" "$work/old"
check "the second has its own" cmp -n 2048 "$work/two-2" "$work/old"

events() {
  swd_read F103 --range 0x08000000+32K "$work/read" --events "$work/events" --result "$work/result"
}
run 0 "progress as events" events
check "the first says who speaks" grep -q '^{"event":"hello","schema":"swdoctor/1","command":"read"}$' "$work/events"
check "then how far it is" grep -q '"event":"progress","phase":"read","done":32768,"total":32768' "$work/events"
check "the last is the result" sh -c 'tail -n 1 "$1" | grep -q "^{\"event\":\"result\",\"code\":0"' - "$work/events"
check "the result file is as the schema says" fits "$work/result"
said "without a terminal progress is plain lines" "read 100 % of 32768 bytes"
check "nothing steers a terminal" clean "$work/err"

run 0 "a chip is reset" on healthy-f405-v2 reset
printed "and says so" "the core says that it was reset"
run 0 "by its reset line, and halted" on healthy-f405-v2 reset --how hardware --halt --format json
check "as the schema says" fits "$work/out"
has "it is halted" "$work/out" true reset halted
run 6 "a reset line that is not connected is told" on nrst-open-srst reset --how hardware
said "with what the core says" "the core saw no reset"

# What is no regular file is written into, never replaced.
ln -s /dev/full "$work/full"
run 2 "a full disk is told" timeout -k 1 60 "$SWDOCTOR" read --probe sim:healthy-f103-v2 "$work/full"
said "a full disk: and why" "No space left on device"
check "a full disk: the device is there as before" test -c "$work/full"

finish
