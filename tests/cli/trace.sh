#!/bin/sh
# Captures and traces on the command line: what is said of real ones, against tshark's bytes; filters, figures, formats;
# bad files; and the verdict that analyze draws from them.
. "$(dirname "$0")/../lib/cli.sh"

captures=$here/captures
plug=$captures/v2-plug-connect-swo.pcapng
again=$captures/v2-connect-again.pcapng
st_info=$captures/sim-st-info-probe.pcap

# in_schema NAME FILE: every line of it is as doc/trace.schema.json says
in_schema() {
  check "$1" "$PYTHON" "$here/lib/validate.py" "$2" trace.schema.json
}

if command -v tshark >/dev/null; then
  against_tshark() { # CAPTURE EXPECTED...
    "$PYTHON" "$here/lib/against_tshark.py" "$SWDOCTOR" "$@"
  }
  check "plugging and SWO: every byte is in a transaction, values as tshark's bytes say" \
    against_tshark "$plug" version=V2J16S0 mode=0 millivolts=2894,2911
  check "connecting again: the same" against_tshark "$again" version=V2J16S0 mode=2
  check "one press of Run: the same" against_tshark "$captures/v2-press-run.pcapng"
  check "st-info: the same" against_tshark "$st_info" version=V2J37S7 mode=1 id=0x2ba01477
else
  skip "captures against tshark" "no tshark"
fi

run 0 "a capture is explained" "$SWDOCTOR" trace "$plug"
printed "... the version" "V2J16S0 0483:3748"
printed "... the mode it was found in" "mode dfu"
printed "... the voltage" "2.894 V"
printed "... registers by name and bits" "DHCSR = 0x03030003 C_DEBUGEN C_HALT S_REGRDY S_HALT S_RETIRE_ST S_RESET_ST"
printed "... a reset" "AIRCR = 0x05fa0004 SYSRESETREQ"
printed "... whose status it is" "OK of #19"
check "... clean for a terminal" clean "$work/out"
check "... nothing on standard error" test ! -s "$work/err"

run 0 "a neighbourhood is shown" "$SWDOCTOR" trace --around 9 --context 1 "$plug"
check "... and nothing else" test "$(wc -l <"$work/out")" = 4
run 0 "commands are picked by name" "$SWDOCTOR" trace --command nrst "$st_info"
check "... both of them" test "$(grep -c 'drive the reset line' "$work/out")" = 2
run 0 "packet numbers can be had" "$SWDOCTOR" trace --packets --command EXIT "$again"
check "... Wireshark's" grep -q '^ *151 ' "$work/out"
run 0 "nothing failed there" "$SWDOCTOR" trace --failed "$plug"
said "... and that is said" "nothing of these 398 transactions fits the filter"
run 0 "a status may be a number" "$SWDOCTOR" trace --status 0x80 --command ENTER "$plug"
check "... and finds it" grep -q 'enter debug mode' "$work/out"
run 0 "the second probe is not there" "$SWDOCTOR" trace --probe 2 "$plug"
check "... so no row" test ! -s "$work/out"

run 0 "figures" "$SWDOCTOR" trace --summary "$plug"
printed "... how many" "398 transactions in 32.280 s: 0 failed, 0 WAIT, 0 asked again"
check "... per command" grep -qE '^READMEM_32BIT +90 +0 +0 +0 +2\.0' "$work/out"
printed "... SWO" "SWO: 198 bytes"
printed "... status words" "OK (0x80) 138 times"

run 0 "one JSON object" "$SWDOCTOR" trace --format json "$plug"
in_schema "... as the schema says" "$work/out"
has "... with all transactions" "$work/out" GET_VERSION transactions 0 command
run 0 "JSON lines" "$SWDOCTOR" trace --format jsonl "$plug"
in_schema "... as the schema says" "$work/out"
check "... one each" test "$(wc -l <"$work/out")" = 398
run 0 "figures as JSON" "$SWDOCTOR" trace --summary --format json "$again"
in_schema "... as the schema says" "$work/out"
has "... what nobody answered" "$work/out" 11 summary outcomes unknown

run 0 "a capture may come through a pipe" sh -c "cat '$plug' | '$SWDOCTOR' trace --summary -"
printed "... whole" "398 transactions"

# ---- bad files ----

head -c 60000 "$plug" >"$work/cut.pcapng"
run 0 "a file that was cut is read as far as it goes" "$SWDOCTOR" trace --summary "$work/cut.pcapng"
said "... which is said" "the file ends inside a record, at offset"
"$PYTHON" - "$plug" "$work/damaged.pcapng" <<'PY'
import sys
data = bytearray(open(sys.argv[1], 'rb').read())
at = 0
for _ in range(300):
    last, at = at, at + int.from_bytes(data[at + 4:at + 8], 'little')
data[at + 4] ^= 1
open(sys.argv[2], 'wb').write(data)
PY
run 2 "damage is refused" "$SWDOCTOR" trace "$work/damaged.pcapng"
said "... with the file" "damaged.pcapng: damaged at offset"
check "... after what came before it" test "$(wc -l <"$work/out")" -gt 50
run 2 "also in JSON" "$SWDOCTOR" trace --format json "$work/damaged.pcapng"
in_schema "... as the schema says" "$work/out"
has "... with its error" "$work/out" failed state
run 2 "a log is no capture" "$SWDOCTOR" trace "$here/golden/seed/openocd-0.8-f405-stlink-v2.log"
said "... which is said" "neither pcap nor pcapng"
: >"$work/empty"
run 2 "an empty file is none" "$SWDOCTOR" trace "$work/empty"
run 2 "a file that is not there" "$SWDOCTOR" trace "$work/nowhere"
said "... is named" "nowhere: cannot open"
run 2 "a wrong number is refused" "$SWDOCTOR" trace --around x "$plug"

# Ethernet, and a mark that would like to steer the terminal.
"$PYTHON" - "$work/ethernet.pcap" "$work/hostile.pcapng" <<'PY'
import struct
import sys
with open(sys.argv[1], 'wb') as f:
    f.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    f.write(struct.pack('<IIII', 0, 0, 60, 60) + bytes(60))


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack('<II', kind, len(body) + 12) + body + struct.pack('<I', len(body) + 12)


text = b'\x1b]0;owned\x07\x1b[31m\xe2\x80\xae'
with open(sys.argv[2], 'wb') as f:
    f.write(block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1)))
    f.write(block(1, struct.pack('<HHI', 220, 0, 0)))
    f.write(block(0xbad, struct.pack('<I', 32473) + b'swdoctor' + struct.pack('<QH', 0, len(text)) + text))
PY
run 2 "a capture without USB is refused" "$SWDOCTOR" trace "$work/ethernet.pcap"
said "... which is said" "a capture without USB in it"
run 0 "a hostile mark is shown" "$SWDOCTOR" trace "$work/hostile.pcapng"
check "... clean for a terminal" clean "$work/out"
run 0 "and in JSON" "$SWDOCTOR" trace --format jsonl "$work/hostile.pcapng"
in_schema "... as the schema says" "$work/out"

# ---- the judge ----

run 0 "a good session is judged as one" "$SWDOCTOR" analyze --format json "$plug"
valid "... as the schema says" "$work/out"
has "... healthy" "$work/out" healthy verdict
has "... and the voltage is a fact" "$work/out" 2894 facts target.vtref_mv
has "... as is the firmware" "$work/out" V2J16S0 facts probe.version_text
run 2 "a second probe is not judged where there is none" "$SWDOCTOR" analyze --probe 2 "$plug"
said "... which is said" "no probe 2 in the capture (it has 1)"
run 2 "analyze refuses damage as well" "$SWDOCTOR" analyze "$work/damaged.pcapng"
said "... with the offset" "damaged at offset"
finish
