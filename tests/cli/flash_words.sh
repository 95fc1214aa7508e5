#!/bin/sh
# flash, verify and erase when something is wrong: images, consent, probes, chips. Each ends with its exit code, a
# sentence that has the numbers, and JSON as the schema says.
. "$(dirname "$0")/../lib/sim.sh"
need true

export XDG_STATE_HOME="$work/state"
make_image "$work/image" 4096
base=--base=0x08000000

fits() { # FILE
  "$PYTHON" "$here/lib/validate.py" "$1" flash.schema.json
}
on() { # SCENARIO COMMAND WORD...
  probe=sim:$1 command=$2
  shift 2
  timeout -k 1 60 "$SWDOCTOR" "$command" --probe "$probe" --result "$work/result" "$@" </dev/null
}
# refused CODE NAME TEXT SCENARIO COMMAND WORD...: also leaves a result as the schema says
refused() {
  code=$1 title=$2 text=$3
  shift 3
  rm -f "$work/result"
  run "$code" "$title" on "$@"
  said "$title: says why" "$text"
  check "$title: the result is as the schema says" fits "$work/result"
  has "$title: with its code" "$work/result" "$code" code
}

# ---- images ----
printf ':0100000041BE\n:0100000041BF\n:00000001FF\n' >"$work/bad.hex"
refused 2 "a bad checksum" "bad.hex:2: the checksum is 0xbf, and should be 0xbe" healthy-f103-v2 flash "$work/bad.hex"
printf '\177ELF\001\001\001' >"$work/cut.elf"
refused 2 "an ELF file that is cut off" "cut.elf:0x7: the ELF header is cut off" healthy-f103-v2 flash "$work/cut.elf"
refused 2 "a file that is not there" "cannot read: No such file" healthy-f103-v2 flash "$work/none"
refused 2 "a folder" "cannot read: Is a directory" healthy-f103-v2 flash "$work"
refused 2 "a binary without a base" "give --base" healthy-f103-v2 flash "$work/image"
refused 2 "a base that nothing takes" "none is left without one" healthy-f103-v2 flash "$base" "$base" "$work/image"
refused 2 "a base that is no number" "--base is a number like" healthy-f103-v2 flash --base here "$work/image"
refused 2 "a place that is no flash" "go to 0x20000000; the flash of this chip is 0x08000000 to 0x0801ffff (128 KiB)" \
  healthy-f103-v2 flash --base 0x20000000 "$work/image"
refused 2 "an image that is too large" "2048 bytes beyond the flash of this chip" \
  healthy-f103-v2 flash --base 0x0801f800 "$work/image"
refused 2 "images that contradict each other" "is given twice and differs" \
  healthy-f103-v2 flash "$base" --base=0x08000004 "$work/image" "$work/image"
run 0 "the same image twice is one" on healthy-f103-v2 flash "$base" "$base" "$work/image" "$work/image"
printed "and that is told" "4096 bytes are given twice, the same"
run 0 "a part of a program is planned" on healthy-f103-v2 flash -n --base 0x08001000 "$work/image"
cp "$work/image" "$work/shifted"
printf '\377\377\377\377' | dd of="$work/shifted" conv=notrunc status=none
run 0 "a stack pointer that is none" on healthy-f103-v2 flash -n "$base" "$work/shifted"
printed "is told" "odd: the stack pointer at 0x08000000 would be 0xffffffff: that is no RAM"
run 0 "an image from a pipe" sh -c "\"$SWDOCTOR\" flash $base --probe sim:healthy-f103-v2 - <\"$work/image\""

# ---- consent ----
refused 2 "erasing without consent" "--allow erase says that this is wanted" \
  healthy-f103-v2 erase --range 0x08000000+1K
refused 2 "erasing everything with too little of it" "--allow mass-erase says that this is wanted" \
  healthy-f103-v2 erase --all --allow erase
refused 2 "erasing what nobody named" "erase wants --range, or --all" healthy-f103-v2 erase --allow erase
refused 2 "erasing what is no flash" "is not all flash" healthy-f103-v2 erase --allow erase --range 0x20000000+1K

# ---- probes and targets ----
refused 3 "no probe" "no" usb-no-probe-f405 flash "$base" "$work/image"
refused 4 "a probe that another program has" "" usb-busy-f405 flash "$base" "$work/image"
refused 4 "a probe without permission" "" usb-denied-f103 flash "$base" "$work/image"
refused 6 "a target without supply" "" target-off-f405 flash "$base" "$work/image"
has "its cause is named" "$work/result" target-unpowered findings 0 cause
refused 9 "an image that is not in the chip" "differ" healthy-f103-v2 verify "$base" "$work/image"
refused 9 "a write-protected chip" "is write-protected" write-protected-f103 flash "$base" "$work/image"
has "that is its cause" "$work/result" flash-write-protected findings 0 cause
has "an erase that was refused does not count" "$work/result" 0 outcome blocks_erased
refused 7 "a read-protected chip" "swdoctor option rdp=0" protected-rdp1-f405 flash "$base" "$work/image"
has "that is its cause, too" "$work/result" readout-protected findings 0 cause
run 0 "a chip whose debug pins the program takes is flashed under reset" on pins-remapped-f103 flash "$base" "$work/image"

# ---- ends ----
run 0 "halted where it is wanted" on healthy-f103-v2 flash --halt "$base" "$work/image"
printed "and that is told" "the program is halted"
two() {
  timeout -k 1 60 "$SWDOCTOR" flash --probe "sim:healthy-f103-v2,flash-out=$work/one" \
    --probe "sim:healthy-f405-v2,flash-out=$work/two" --format json "$base" "$work/image" </dev/null
}
run 0 "two boards at once" two
check "one object each" fits "$work/out"
check "the first holds the image" cmp -n 4096 "$work/one" "$work/image"
check "the second, too" cmp -n 4096 "$work/two" "$work/image"
said "their progress is told apart" "sim:healthy-f405-v2"
one_of_two() {
  "$SWDOCTOR" flash --probe sim:healthy-f103-v2 --probe sim:target-off-f405 --format json "$base" "$work/image" </dev/null
}
run 6 "of two boards the worse end counts" one_of_two
check "both are told" test "$(wc -l <"$work/out")" = 2

finish
