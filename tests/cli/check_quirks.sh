#!/bin/sh
# check on boards with quirks: a reset pin that is none, a memory protection unit, answers that are another question's, and a
# program that takes the debug clocks away.
. "$(dirname "$0")/../lib/sim.sh"

need true
export SWDOCTOR_LOCK_DIR="$work"

# examine CODE WHAT BOARD [OPTION...]
examine() {
  code=$1 what=$2 board=$3
  shift 3
  run "$code" "$what" "$SWDOCTOR" check --no-history --probe "sim:$board" "$@"
}
# blames CAUSE: the last line names it
blames() {
  said "and names it" "cause=$1"
}

# ---- the reset pin
examine 0 "a board whose reset pin is an ordinary pin is healthy" healthy-nrst-gpio-g071 --allow reset --events --format json
printed "the line is not called dead" "reset line: no-pin"
printed "and why is said" "have made an ordinary pin of NRST"
examine 0 "so is one whose reset pin is an input only" healthy-nrst-input-g474 --allow reset --events --format json
printed "and its line is found connected" "reset line: connected"
examine 6 "with the usual reset pin an open wire is found" healthy-nrst-gpio-g071,chip.nrst-mode=both,wires.nrst=open --allow reset
blames nrst-not-connected
examine 2 "no chip has a mode of the reset pin but those that do" 'healthy-f405-v2,chip={part: F405, nrst-mode: gpio}'
said "which is told" "the reset pin of this chip has no modes"

# ---- the memory protection unit
for probe in healthy-mpu-f405 'healthy-mpu-f405,chip=U575,probe=v3'; do
  examine 0 "a program with its memory protection unit on is healthy: $probe" "$probe" --events --format json
  printed "it is told" "The program has switched its memory protection unit on"
  printed "and flash is read all the same" "flash at 0x08000000 can be read"
done
make_image "$work/image" 4096
run 0 "and it is flashed all the same" \
  "$SWDOCTOR" flash "$work/image" --base 0x08000000 --probe "sim:healthy-mpu-f405,flash-out=$work/array"
check "byte for byte" holds "$work/array" "$work/image" 0xff

# ---- answers that belong to another question
for board in answers-stale-l476 answers-stale-v3 'healthy-f405-v2,faults=[{what: stale, probability: 0.1}]'; do
  examine 5 "answers of another question are noticed: $board" "$board" --events --format json
  blames usb-unstable
  examine 5 "with consent, too" "$board" --allow reset
  blames usb-unstable
done
examine 5 "some of a hundred are noticed with consent" 'healthy-f405-v2,faults=[{what: stale, probability: 0.02}]' --allow reset --events --format json
blames usb-unstable
printed "and counted" "answers were the other's"
examine 0 "on a healthy board there is none" healthy-f405-v2 --events --format json
printed "of 48 that were asked for" "48 times: 0 answers were the other's"

# ---- the debug clocks
"$PYTHON" - "$work/program" <<'PROGRAM'
import struct, sys

# An F405: DBGMCU_CR = 7; after some seconds DBGMCU_CR = 0, and Stop.
code = [0x4806,  # ldr r0, [pc, #24]: DBGMCU_CR
        0x2107,  # movs r1, #7
        0x6001,  # str r1, [r0]
        0x4a06,  # ldr r2, [pc, #24]: how long
        0x3a01,  # wait: subs r2, #1
        0xd1fd,  # bne wait
        0x2100,  # movs r1, #0
        0x6001,  # str r1, [r0]
        0x4b04,  # ldr r3, [pc, #16]: SCB_SCR
        0x2104,  # movs r1, #4
        0x6019,  # str r1, [r3]
        0xbf30,  # sleep: wfi
        0xe7fd,  # b sleep
        0xbf00]
words = [0xe0042004, int(16e6 / 4 * 1.6), 0xe000ed10]
with open(sys.argv[1], 'wb') as f:
    f.write(struct.pack('<16I', 0x20001000, *[0x08000041] * 15))
    f.write(struct.pack('<%dH' % len(code), *code) + struct.pack('<3I', *words))
PROGRAM
examine 7 "a program that takes the debug clocks away and stops" "healthy-f405-v2,program={file: $work/program}" --events --format json
blames target-low-power
printed "is seen to have taken them" "was 0x00000007 and is 0x00000000"
printed "and so it is told" "bits in DBGMCU_CR that keep the debug clocks on were set at first"

# ---- a program that goes out of reach while it is examined
for ms in 1100 1600 2000; do
  examine 7 "one that stops the clocks after $ms ms" "healthy-l476-nucleo,program={does: stop, after-ms: $ms}"
  blames target-low-power
done
for consent in "" reset; do
  examine 7 "one that takes the pins after a while, with consent to ${consent:-nothing}" \
    'healthy-f405-v2,chip=F401,probe=v2-1,program={does: remap, after-ms: 1400}' ${consent:+--allow "$consent"}
  blames debug-pins-remapped
done
finish
