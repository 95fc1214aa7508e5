#!/bin/sh
# Reports on the command line: each template is filled with what its project asks for and stays below its limit, planted
# secrets do not come through, hostile text stays text, and the wires are drawn.
. "$(dirname "$0")/../lib/cli.sh"

capture=$here/captures/sim-st-info-probe.pcap

report() { # CODE NAME ARGS...
  code=$1 name=$2
  shift 2
  run "$code" "$name" "$SWDOCTOR" report "$@"
}

lacks() { # NAME TEXT: standard output of the last run does not hold TEXT, in any case
  check "$1" not grep -qiF -e "$2" "$work/out"
}

# ---- every template, on a log whose cause is beyond doubt ----

asks() { # TEMPLATE LIMIT HEADING...
  template=$1 limit=$2
  shift 2
  report 0 "$template: a report" --for "$template" "$sure_log"
  for heading; do
    printed "... $heading" "$heading"
  done
  printed "... the first failure is quoted" ">    9 | Info : Target voltage: 0.012389"
  check "... below its limit" test "$(wc -c <"$work/out")" -le "$limit"
  check "... no blank is left" not grep -q '{{\|}}' "$work/out"
  check "... clean" clean "$work/out"
}

asks openocd 300000 "- OpenOCD: openocd 0.11.0" "- adapter: ST-LINK/V2 (0483:3748); firmware V2J37S7" "transport hla" \
  "## Actual behaviour" "- the tool could not connect to the target" '`target-unpowered`' "(please add: the full command line)"
asks stlink 65000 "- [ ] I made serious effort to avoid creating duplicate or nearly similar issue" "- [x] Programmer/board type:" \
  "- [x] Operating system an version:" "- [x] **stlink tools version** and/or git commit hash:" \
  "- [x] stlink commandline tool name:" "- [x] Target chip (and board, if applicable):" "Commandline output:" \
  "Expected/description:"
asks probe-rs 65000 "### Describe the bug" "### To Reproduce" "### Expected behavior" "### Stacktrace" "### Operating System" \
  "### Additional context"
asks pyocd 65000 "- pyOCD version:" "- host OS:" "- board:" "**Command**" "**Log**"
asks zephyr 65000 "### Describe the bug" "### Regression" "### Steps to reproduce" "### Relevant log output" "### Impact" \
  "### Environment" "### Additional Context"
asks st-forum 20000 "- Probe and its firmware: ST-LINK/V2 (0483:3748); firmware V2J37S7" "NRST at the chip when idle" "VCAP" \
  "pin 1, 2"
asks generic 65000 "| tool | openocd 0.11.0 |" "## Where it stops" "## What is not known" "| the probe was opened and answered | yes |"

report 2 "a template that nobody has" --for opencod "$sure_log"
said "... is guessed at" "did you mean 'openocd'?"
report 2 "nothing to report about"
said "... is said" "name a log or a trace, or say --last"
report 2 "a file that is not there" "$work/nowhere"
said "... is named" "nowhere: cannot open"
run 0 "a pipe will do" sh -c "cat '$sure_log' | '$SWDOCTOR' report -"
printed "... as whole as a file" ">    9 | Info : Target voltage: 0.012389"

# ---- traces ----

report 0 "a capture" "$capture"
printed "... its transactions, those quoted marked" ">   77 |     13"
printed "... registers by name" "CPUID = 0x410fc241"
check "... what memory held is left out of them" grep -qE '\| .*read word +0x1fff7a20 +OK$' "$work/out"
report 0 "all of it on request" --no-redact "$capture"
check "... memory too" grep -qE '\| .*read word .* 0x1fff7a20 = 0x0400ffff$' "$work/out"

mkdir -p "$work/state/swdoctor/traces"
report 2 "no trace was kept" --last
said "... which is said" "no traces are kept in"
cp "$here/captures/v2-press-run.pcapng" "$work/state/swdoctor/traces/20260101T000000.000000Z-1.pcapng"
cp "$capture" "$work/state/swdoctor/traces/20260102T000000.000000Z-1.pcapng"
report 0 "the newest trace that was kept" --last
printed "... is reported" "| input | 20260102T000000.000000Z-1.pcapng |"

rm -r "$work/state"

# ---- what a run of ours concluded stands in its trace ----

run 6 "a bad connection is examined" "$SWDOCTOR" check --probe sim:swdio-open-f405 --format json
cp "$work/out" "$work/live.json"
report 0 "the run just made" --last
printed "... judged as it was judged then" "**problem**: SWDIO or SWCLK does not reach the target (likely, $(
  "$PYTHON" -c 'import json, sys; print(round(json.load(open(sys.argv[1]))["findings"][0]["confidence"] * 100))' "$work/live.json") %)"
printed "... by whom" "| tool | swdoctor"
check "... what repeats is folded" grep -qx "       | ... x 16, until [0-9]*" "$work/out"
report 0 "the same for probe-rs" --last --for probe-rs
printed "... every speed counts, not the last one" "; speeds from 1800 to 15 kHz, 15 kHz last"
printed "... the command" '`swdoctor check`'
run 0 "an image is flashed" "$SWDOCTOR" flash --probe sim:healthy-f405-v2 "$here/demo/counter.hex"
report 0 "the flash run" --last
printed "... its steps" "-- compare"
printed "... and how it left the chip" "-- state 1 block new"
printed "... whose flash is in order" "- ok: Flash"
run 9 "a flash run that fails" "$SWDOCTOR" flash --probe sim:write-protected-f103 "$here/demo/counter.hex"
report 0 "... reported" --last
printed "... says at which step" "step erase at 0x08000000"
printed "... and how the chip was left" "-- the core is halted, the flash is locked"

run 1 "another tool's run that fails" "$SWDOCTOR" run -- sh -c 'echo "Error: init mode failed (unable to connect to the target)"; exit 1' openocd -f board.cfg
report 0 "... reported" --last --for openocd
printed "... with its command" "openocd -f board.cfg"
printed "... and with what it said" "unable to connect to the target"

# ---- a log and the trace recorded beside it ----

if [ -e "$(dirname "$SWDOCTOR")/lib/swdoctor/swdoctor-sim" ] && command -v openocd >/dev/null; then
  bench_run() { # FOLDER: openocd on a board whose SWDIO is open
    "$tests_swdoctor" sim run swdio-open-f405 -- "$tests_swdoctor" run --trace "$1/both.pcapng" --result "$1/both.json" -- \
      sh -c 'openocd -f interface/stlink.cfg -f target/stm32f4x.cfg -c "init; exit" 2>&1'
  }
  # The bench stands in for libusb, which a sanitizer does not let happen: the plain program records, this one reports.
  tests_swdoctor=$SWDOCTOR
  case $SWDOCTOR in
  *-san/*) tests_swdoctor=$(dirname "$SWDOCTOR" | sed 's/-san$//')/swdoctor ;;
  esac
fi
if [ -x "${tests_swdoctor-}" ]; then
  bench_run "$work" >"$work/both.log" 2>/dev/null
  both="$(
    "$PYTHON" -c 'import json, sys; print(round(json.load(open(sys.argv[1]))["findings"][0]["confidence"] * 100))' "$work/both.json") %)"
  report 0 "both as one" "$work/both.pcapng" --log "$work/both.log"
  printed "... judged as they were during the run" "(possible, $both"
  printed "... the log is shown" "Error: init mode failed (unable to connect to the target)"
  printed "... beside what the probe was asked" "enter debug mode           SWD                        GET_IDCODE_ERROR (0x09)"
  printed "... evidence of the trace" "(packet 21: \`#6 enter debug mode SWD: GET_IDCODE_ERROR (0x09)\`)"
  printed "... evidence of the log" "- ok: Host and tool (line "
  printed "... both are named" "both.log and both.pcapng"
  report 0 "the run just made left both" --last --for zephyr
  printed "... which are judged as one" "(possible, $both"
  printed "... its command can be pasted into a shell" "\`$ sh -c 'openocd -f interface/stlink.cfg -f target/stm32f4x.cfg -c \"init; exit\" 2>&1'\`"
  report 0 "a page about both" "$work/both.pcapng" --log "$work/both.log" -o "$work/both.html"
  check "... evidence leads to transactions" grep -q 'href="#x6">packet 21</a>' "$work/both.html"
  check "... and back" sh -c "grep 'id=\"x6\"' '$work/both.html' | grep -q 'class=\"back\" href=\"#e0-'"
  check "... and to lines" grep -q 'href="#L[0-9]*">line [0-9]*</a>' "$work/both.html"
  check "... no link leads to nothing" sh -c "grep -o 'href=\"#[A-Za-z0-9-]*\"' '$work/both.html' | sort -u |
    sed 's/href=\"#\(.*\)\"/\1/' | while read -r id; do grep -q \"id=\\\"\$id\\\"\" '$work/both.html' || echo \"\$id\"; done | (! grep .)"
else
  skip "a log and the trace beside it" "no bench, or no openocd"
fi
report 2 "a trace without its log's name" "$capture" --log
report 2 "a log beside nothing" --log "$sure_log"
said "... is refused" "--log goes with one trace"
report 2 "a capture is no log beside a capture" "$capture" --log "$capture"
said "... which is said" "a capture, and no log beside which one was recorded"
report 2 "a log is no trace" "$sure_log" --log "$sure_log"

# ---- planted secrets ----

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
report 0 "a log full of secrets" --for generic "$work/secret.log"
for secret in mallory ivory-tower acme rocket 0123456789ABCDEF01234567 34385114 x6c vault 10.20.30.40; do
  lacks "... $secret is not told" "$secret"
done
printed "... files keep their names" "/plan.bin"
printed "... the same host is the same token" "on [host-1] at [address-1]"
printed "... which is said" "replaced by tokens"
report 0 "the same with all of them" --no-redact --for generic "$work/secret.log"
printed "... on request" "ivory-tower at 10.20.30.40"

# A log that reads the unique id of every chip that is known.
sed -n 's/^    uid: \(.*\)/\1 = 0x5ec2e7aa/p' "$here/../rules/chips.yaml" | sort -u >"$work/uid.log"
cat "$sure_log" >>"$work/uid.log"
report 0 "unique ids of all chips" --for generic "$work/uid.log"
check "... are recognised by where they are read" sh -c "[ -s '$work/uid.log' ] && ! grep -q 5ec2e7aa '$work/out'"

# ---- hostile text ----

printf '~~~~~~\n# owned\nInfo : STLINK V2J37S7 (API v2) VID:PID 0483:3748\n\033[31m\302\233<script>alert(1)</script>| `x` |\nInfo : Target voltage: 0.01\nError: init mode failed (unable to connect to the target)\n' >"$work/hostile.log"
report 0 "a log that would like to be Markdown" --for generic "$work/hostile.log"
check "... steers nothing" clean "$work/out"
check "... cannot leave its fence" not grep -q '^~~~~~~$.*owned\|^# owned' "$work/out"
"$PYTHON" - "$work/long.log" <<'PY'
import sys
with open(sys.argv[1], 'w') as f:
    f.write('Info : STLINK V2J37S7 (API v2) VID:PID 0483:3748\n')
    f.write('Debug: ' + 'x' * 250 + '\n')
    for i in range(20000):
        f.write(f'Debug: {i} ' + 'y' * 200 + '\n')
    f.write('Info : Target voltage: 0.01\nError: init mode failed (unable to connect to the target)\n')
    for i in range(20000):
        f.write(f'Debug: {i} ' + 'z' * 200 + '\n')
PY
report 0 "a long log" --for st-forum "$work/long.log"
check "... is cut to the limit" test "$(wc -c <"$work/out")" -le 20000
printed "... but not where it fails" "Info : Target voltage: 0.01"
printed "... and the gap is told" "more"

# ---- the wires ----

report 0 "the wiring" --for wiring "$sure_log"
printed "... the connector of ST's probe" "20-pin JTAG/SWD, seen from above"
printed "... or of the dongles" "10-pin USB dongle, variant B"
printed "... what was measured" "voltage on VTref: 12 mV; target-unpowered (likely)"
check "... ground is measured first" grep -q '^| 1 | \*\*GND\*\* (suspect) | arm-20: 4, 6, 8' "$work/out"
printed "... with a pin, the chip's end, and the reading to expect" "| 4 | SWDIO | arm-20: 7; dongle-a: 4; dongle-b: 2 | PA13 |"
printed "... and how far it can be trusted" "clone dongles print a constant near 3.2 V"
report 0 "another connector" --for wiring --connector tc2030 "$sure_log"
printed "... is drawn" "6-pad Tag-Connect TC2030-CTX"
report 2 "a connector that nobody has" --connector rs232 "$sure_log"
report 0 "the picture alone" --output "$work/map.svg" "$sure_log"
if command -v xmllint >/dev/null; then
  check "... is XML" xmllint --noout "$work/map.svg"
fi
check "... with the suspect wire marked" grep -q 'class="wire-suspect"' "$work/map.svg"

# ---- rules of one's own ----

mkdir -p "$work/rules/reports"
cat >"$work/rules/reports/mine.yaml" <<'YAML'
schema: 1
reports:
  mine: {title: my tracker, send-to: here, limit: 9000, body: "{{probe}} {{voltge}}"}
causes: {}
YAML
run 2 "an unknown blank is a mistake" "$SWDOCTOR" rules lint "$work/rules/reports/mine.yaml"
check "... with the one that was meant" grep -rq "did you mean 'voltage'" "$work/out" "$work/err"
sed -i 's/voltge/voltage/' "$work/rules/reports/mine.yaml"
report 0 "a template of one's own" --rules "$work/rules" --for mine "$sure_log"
printed "... is filled" "ST-LINK/V2 (0483:3748); firmware V2J37S7 0.01 V"
finish
