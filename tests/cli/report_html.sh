#!/bin/sh
# The HTML report: one file that loads nothing, whose links and filter work in a real browser, in which hostile text stays
# text, and whose embedded trace holds neither the program nor a serial number.
. "$(dirname "$0")/../lib/cli.sh"

capture=$here/captures/sim-st-info-probe.pcap

page() { # FILE ARGS...: writes a page
  file=$1
  shift
  run 0 "a page: $(basename "$file")" "$SWDOCTOR" report "$@" -o "$file"
}

clean_page() { # FILE: as clean, but for the tabs of the script
  tr '\t' ' ' <"$1" >"$work/untabbed"
  clean "$work/untabbed"
}

page "$work/log.html" "$sure_log"
check "... with a policy" grep -q "Content-Security-Policy.*default-src 'none'" "$work/log.html"
check "... without anything from outside" not grep -qiE '(src|href)="?(https?:)?//' "$work/log.html"
check "... clean" clean_page "$work/log.html"
page "$work/trace.html" "$capture"

"$PYTHON" - "$work/hostile.log" <<'PY'
import sys
with open(sys.argv[1], 'wb') as f:
    f.write(b'Info : STLINK V2J37S7 (API v2) VID:PID 0483:3748\n'
            b'</span></li><script>window.owned=1</script><img src=x onerror="window.owned=1"><b class=owned>\x1b[31m\n'
            b'Info : Target voltage: 0.01 <script>window.owned=2</script>\xe2\x80\xae\xff\n'
            b'/home/mallory/rocket/fw.elf 0123456789ABCDEF01234567\n'
            b'Error: init mode failed (unable to connect to the target)\n')
PY
page "$work/hostile.html" "$work/hostile.log"
check "... clean" clean_page "$work/hostile.html"
check "... without the secrets" not grep -qE 'mallory|rocket|0123456789ABCDEF' "$work/hostile.html"

# ---- the embedded trace ----

unpack() { # PAGE FILE: the trace inside
  "$PYTHON" - "$@" <<'PY'
import base64, re, sys
page = open(sys.argv[1]).read()
data = re.search(r'href="data:application/octet-stream;base64,([^"]*)"', page)[1]
open(sys.argv[2], 'wb').write(base64.b64decode(data))
PY
}

check "a trace is in the page" unpack "$work/trace.html" "$work/inside.pcapng"
run 0 "... that can be read" "$SWDOCTOR" trace --format json "$work/inside.pcapng"
has "... with the session's transactions" "$work/out" 15 transactions 14 number
printed "... and its registers" "CPUID"
check "... without what memory held" not grep -q '0x0400ffff' "$work/out"
page "$work/plain.html" --no-redact "$capture"
check "a page that keeps everything" unpack "$work/plain.html" "$work/inside.pcap"
check "... holds the file as it was" cmp "$work/inside.pcap" "$capture"

# ---- runs of our own, on the bench ----

if [ -e "$(dirname "$SWDOCTOR")/lib/swdoctor/swdoctor-sim" ]; then
  "$SWDOCTOR" check --probe sim:swdio-open-f405 --trace "$work/check.pcapng" >/dev/null 2>&1
  page "$work/check.html" "$work/check.pcapng"
  check "... evidence rests on what the examination concluded" \
    sh -c "grep -o 'href=\"#m[0-9]*\"' '$work/check.html' | sort -u | sed 's/href=\"#/id=\"/' | grep -qf - '$work/check.html'"
  check "... which leads back" grep -q '<tr id="m[0-9]*".*class="back"' "$work/check.html"
  "$SWDOCTOR" flash --probe sim:healthy-f405-v2 --trace "$work/flash.pcapng" "$here/demo/counter.hex" >/dev/null 2>&1
  page "$work/flash.html" "$work/flash.pcapng"
  for entry in compare write verify "state 1 block new (0x08000000..0x08003fff)" "the core runs, the flash is locked"; do
    check "... its journal has: $entry" sh -c "sed -n '/id=\"attempts\"/,/<\/ol>/p' '$work/flash.html' | grep -q ' s: $entry</li>'"
  done
  "$SWDOCTOR" check --probe sim:noisy-swdio-f103 --allow reset --sweep --trace "$work/sweep.pcapng" >/dev/null 2>&1
  page "$work/sweep.html" "$work/sweep.pcapng"
  check "... a long one, of which paper gets little" sh -c "[ \$(grep -c 'class=\"bad screen\"' '$work/sweep.html') -gt 100 ] && [ \$(grep -c '<tr id=\"x[0-9]*\" .*class=\"bad\"' '$work/sweep.html') -le 60 ]"
  check "... transactions know their phase" grep -q '<td class="p" title="verify">' "$work/flash.html"
fi

# ---- in a browser ----

if command -v chromium >/dev/null && command -v chromedriver >/dev/null && "$PYTHON" -c 'import selenium' 2>/dev/null; then
  for axe in "$(dirname "$SWDOCTOR")/npm" "$here/../build/npm"; do
    [ -e "$axe/node_modules/axe-core/axe.min.js" ] && export AXE="$axe/node_modules/axe-core/axe.min.js"
  done
  [ -n "${AXE-}" ] || skip "axe-core has nothing to say" "no axe-core (tests/deps_npm.sh)"
  for page in hostile trace sweep; do
    [ -e "$work/$page.html" ] || continue # no bench
    kind=log last='print: text stands out'
    [ "$page" = trace ] && kind=trace
    [ "$page" = sweep ] && kind=long last='print: what is left out is said'
    HOME=$work "$PYTHON" "$here/lib/browser.py" "$work/$page.html" "$kind" >"$work/tap" 2>"$work/browser.err"
    grep '^ok\|^not ok' "$work/tap" | sed "s/ - / - $page in a browser: /"
    if grep -q '^not ok' "$work/tap" || ! grep -q "$last" "$work/tap"; then
      not_ok "$page in a browser" "$(tail -n 3 "$work/browser.err")"
    fi
  done
else
  skip "pages in a browser" "no chromium"
fi
finish
