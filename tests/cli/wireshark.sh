#!/bin/sh
# The Wireshark dissector, written from our tables: tshark sees the commands, addresses and statuses that we see, in captures of
# other tools and in our own trace.
. "$(dirname "$0")/../lib/cli.sh"

lua=$(dirname "$SWDOCTOR")/share/stlink.lua
if ! command -v tshark >/dev/null; then
  skip "tshark with the dissector" "no tshark"
  finish
fi
for capture in v2-plug-connect-swo.pcapng v2-press-run.pcapng v2-connect-again.pcapng sim-st-info-probe.pcap; do
  check "$capture: tshark sees what we see" "$PYTHON" "$here/lib/dissect.py" "$SWDOCTOR" "$lua" "$here/captures/$capture"
done
run 0 "a page with our own trace" "$SWDOCTOR" report "$here/captures/sim-st-info-probe.pcap" -o "$work/page.html"
"$PYTHON" - "$work" <<'PY'
import base64, re, sys
page = open(sys.argv[1] + '/page.html').read()
data = re.search(r'octet-stream;base64,([^"]*)"', page)[1]
open(sys.argv[1] + '/ours.pcapng', 'wb').write(base64.b64decode(data))
PY
if [ -e "$(dirname "$SWDOCTOR")/lib/swdoctor/swdoctor-sim" ]; then
  "$SWDOCTOR" check --probe sim:healthy-f103-v2 --trace "$work/check.pcapng" >/dev/null 2>&1
  check "the trace of an examination: the same" "$PYTHON" "$here/lib/dissect.py" "$SWDOCTOR" "$lua" "$work/check.pcapng"
fi
check "our own trace inside a page: the same" "$PYTHON" "$here/lib/dissect.py" "$SWDOCTOR" "$lua" "$work/ours.pcapng"
finish
