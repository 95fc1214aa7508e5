#!/bin/sh
# Planted secrets: in no kind of report, and in no trace inside a page, does a serial number, an id, a name, a folder, an address
# or a byte of somebody's program come through; --no-redact lifts it.
. "$(dirname "$0")/../lib/cli.sh"

cat >"$work/secret.log" <<'LOG'
mallory@ivory-tower:~/acme$ openocd -f /home/mallory/acme/rocket/board.cfg -c "program C:\Users\Mallory Q\rocket\fw.hex"
Open On-Chip Debugger 0.12.0
Info : STLINK V2J37S7 (API v2) VID:PID 0483:3748
hla_serial "\x48\xff\x6c\x06\x50\x77"
serial: 0123456789ABCDEF01234567
UID: 0x00390038 0x34385114 0x35363532
Info : Target voltage: 0.012389
Error: open /mnt/vault/mallory/plan.bin on ivory-tower at 10.20.30.40
Error: init mode failed (unable to connect to the target)
LOG
secrets="mallory ivory-tower acme rocket 0123456789ABCDEF01234567 34385114 x6c vault 10.20.30.40"

told() { # FILE: which secrets are in it
  for secret in $secrets; do
    ! grep -qaiF -e "$secret" "$1" || echo "$secret"
  done
}

hides() { # NAME FILE
  leaks=$(told "$2")
  if [ -s "$2" ] && [ -z "$leaks" ]; then
    ok "$1: nothing is told"
  else
    not_ok "$1: nothing is told" "$(echo "$leaks" | tr '\n' ' ')"
  fi
}

for template in generic openocd stlink probe-rs pyocd zephyr st-forum wiring; do
  "$SWDOCTOR" report --for "$template" "$work/secret.log" >"$work/out" 2>"$work/err"
  hides "$template" "$work/out"
done
for kind in html svg xml prom jsonl; do
  "$SWDOCTOR" report "$work/secret.log" -o "$work/report.$kind" 2>"$work/err"
  hides "$kind" "$work/report.$kind"
done
"$SWDOCTOR" report --no-redact --for generic "$work/secret.log" >"$work/out"
check "on request all of it is told" test "$(told "$work/out" | wc -l)" -ge 8

# ---- a program that is flashed, by a probe with a serial number, with a journal left in somebody's folder ----

secrets="mallory 0123456789ABCDEF01234567"
mkdir "$work/mallory"
XDG_STATE_HOME=$work/mallory
export XDG_STATE_HOME
if ! [ -e "$(dirname "$SWDOCTOR")/lib/swdoctor/swdoctor-sim" ]; then
  skip "traces" "no virtual bench"
  finish
fi
"$PYTHON" "$here/lib/image.py" "$work/fw.bin" 4096
"$SWDOCTOR" flash --base 0x08000000 --trace "$work/flash.pcapng" --timeout 20 "$work/fw.bin" \
  --probe "sim:healthy-f405-v2,probe={type: v2, serial: 0123456789ABCDEF01234567},faults=[{what: usb-unplug, at: transaction 110}]" \
  >"$work/out" 2>&1
check "the trace holds the program" "$PYTHON" "$here/lib/holds_bytes.py" "$work/fw.bin" "$work/flash.pcapng"

unpack() { # PAGE FILE: the trace inside
  "$PYTHON" - "$@" <<'PY'
import base64, re, sys
page = open(sys.argv[1]).read()
data = re.search(r'href="data:application/octet-stream;base64,([^"]*)"', page)[1]
open(sys.argv[2], 'wb').write(base64.b64decode(data))
PY
}
"$SWDOCTOR" report "$work/flash.pcapng" -o "$work/page.html"
"$SWDOCTOR" report "$work/flash.pcapng" >"$work/page.md"
unpack "$work/page.html" "$work/inside.pcapng"
for file in page.html page.md inside.pcapng; do
  hides "$file of the run" "$work/$file"
  check "$file: not sixteen bytes of the program" not "$PYTHON" "$here/lib/holds_bytes.py" "$work/fw.bin" "$work/$file"
done
"$SWDOCTOR" trace --format json "$work/flash.pcapng" >"$work/whole.json"
"$SWDOCTOR" trace --format json "$work/inside.pcapng" >"$work/inside.json"
check "the trace inside has every transaction" "$PYTHON" - "$work/whole.json" "$work/inside.json" <<'PY'
import json, sys
whole, inside = ([t for t in json.load(open(f))['transactions'] if 'number' in t] for f in sys.argv[1:])
if len(whole) != len(inside) or [t['command'] for t in whole] != [t['command'] for t in inside]:
    sys.exit(f'{len(whole)} and {len(inside)}')
PY
"$SWDOCTOR" analyze --format json "$work/flash.pcapng" >"$work/whole.json" 2>/dev/null
"$SWDOCTOR" analyze --format json "$work/inside.pcapng" >"$work/inside.json" 2>/dev/null
check "... and is judged as the whole one" "$PYTHON" - "$work/whole.json" "$work/inside.json" <<'PY'
import json, sys
whole, inside = ([(f['cause'], f['word']) for f in json.load(open(f))['findings'] if f['word']] for f in sys.argv[1:])
if whole != inside:
    sys.exit(f'{whole} and {inside}')
PY
finish
