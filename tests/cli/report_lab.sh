#!/bin/sh
# Formats for labs: JUnit XML by its schema, Prometheus' text by promtool, JSON Lines by their schemas; lab trouble is not
# taken for the board's; files are replaced at once.
. "$(dirname "$0")/../lib/cli.sh"

capture=$here/captures/sim-st-info-probe.pcap
printf 'Open On-Chip Debugger 0.12.0\nError: libusb_open() failed with LIBUSB_ERROR_ACCESS\nError: open failed\n' >"$work/denied.log"
printf 'Info : STLINK V2J37S7 (API v2) VID:PID 0483:3748\n<b>&\033[31m\377"]]>\nInfo : Target voltage: 0.01 "<&>\nError: init mode failed (unable to connect to the target)\n' >"$work/odd \"&<.log"

# ---- JUnit ----

run 2 "results of good files and of one that is not there" \
  "$SWDOCTOR" report -o "$work/all.xml" "$sure_log" "$work/denied.log" "$capture" "$work/odd \"&<.log" "$work/nowhere"
if command -v xmllint >/dev/null; then
  check "... as the schema says" xmllint --noout --schema "$here/reference/junit.xsd" "$work/all.xml"
else
  skip "... as the schema says" "no xmllint"
fi
suite() { # INPUT: its suite
  sed -n "\\|<testsuite name=\"[^\"]*$1\"|,\\|</testsuite>|p" "$work/all.xml"
}
suite input.log >"$work/suite"
check "... the board is to blame: a failure" grep -q '<failure type="target-unpowered"' "$work/suite"
check "... and no error" grep -q 'failures="1" errors="0" skipped="6"' "$work/suite"
suite denied.log >"$work/suite"
check "... the lab is to blame: an error" grep -q '<error type="usb-permission"' "$work/suite"
check "... and no failure" grep -q 'failures="0" errors="1"' "$work/suite"
suite nowhere >"$work/suite"
check "... what could not be read is an error" grep -q '<error type="not found"' "$work/suite"
check "... counts are those of the elements" test "$(grep -c '<failure ' "$work/all.xml")" = \
  "$(sed -n 's/.*failures="\([0-9]*\)".*/\1/p' "$work/all.xml" | awk '{n += $1} END {print n}')"

# ---- Prometheus ----

run 0 "samples" "$SWDOCTOR" report -o "$work/bench.prom" --label board=nucleo-3 --label place='row "2"' "$sure_log" "$capture" \
  "$work/odd \"&<.log"
if command -v promtool >/dev/null; then
  check "... promtool has nothing to say" sh -c "promtool check metrics <'$work/bench.prom' 2>&1 | (! grep .)"
else
  skip "... promtool has nothing to say" "no promtool"
fi
check "... with the labels" grep -q 'board="nucleo-3",place="row \\"2\\"",verdict="problem"} 1' "$work/bench.prom"
check "... volts" grep -q 'swdoctor_target_voltage_volts{.*} 0.012$' "$work/bench.prom"
check "... accesses by speed" grep -q 'swdoctor_link_accesses{.*khz="1800"} 6$' "$work/bench.prom"
check "... nothing for what is not known" not grep -q 'hop="flash"' "$work/bench.prom"
check "... no half file is left beside it" test "$(find "$work" -name 'bench.prom*' | wc -l)" = 1
inode=$(stat -c %i "$work/bench.prom")
run 0 "again" "$SWDOCTOR" report -o "$work/bench.prom" "$sure_log"
check "... is a new file" test "$(stat -c %i "$work/bench.prom")" != "$inode"
run 2 "a label that is none" "$SWDOCTOR" report --format prometheus --label 9x=1 "$sure_log"
said "... is refused" "is no label"

# ---- JSON Lines ----

run 0 "events" "$SWDOCTOR" report --format events "$sure_log"
check "... as the schema says" "$PYTHON" "$here/lib/validate.py" "$work/out" events.schema.json
check "... the first line begins" sh -c "head -n 1 '$work/out' | grep -q '\"record\":\"begin\"'"
check "... the last has the result" sh -c "tail -n 1 '$work/out' | grep -q '\"record\":\"result\".*\"verdict\":\"problem\"'"
tail -n 1 "$work/out" | sed 's/^{"record":"result","result"://; s/}$//' >"$work/result.json"
valid "... as the result's schema says" "$work/result.json"
run 0 "events of a capture" "$SWDOCTOR" report --format events "$capture"
check "... as the schema says" "$PYTHON" "$here/lib/validate.py" "$work/out" events.schema.json
printf 'serial: 0123456789ABCDEF01234567\nInfo : Target voltage: 0.01\nError: open /home/mallory/rocket/"x\\y failed\nError: init mode failed (unable to connect to the target)\n' >"$work/secret.log"
run 0 "events of a log with secrets" "$SWDOCTOR" report --format events "$work/secret.log"
check "... are JSON" "$PYTHON" "$here/lib/validate.py" "$work/out" events.schema.json
check "... without them" not grep -qE 'mallory|rocket|0123456789ABC' "$work/out"
run 2 "two files in one page" "$SWDOCTOR" report -o "$work/two.html" "$sure_log" "$capture"
said "... are refused" "a report of this format is about one file"
finish
