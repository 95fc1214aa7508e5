#!/bin/sh
# The labgrid driver on the virtual bench: a place is checked and flashed, and trouble of the lab is told from the board's.
. "$(dirname "$0")/../lib/cli.sh"

if ! "$PYTHON" -c 'import labgrid' 2>/dev/null; then
  skip "labgrid checks and flashes a place" "no labgrid"
  finish
fi
cat >"$work/lab.yaml" <<YAML
targets:
  good:
    resources: {SwdoctorProbe: {probe: "sim:healthy-f405-v2"}}
    drivers: {SwdoctorDriver: {image: firmware, allow: [reset]}}
  open:
    resources: {SwdoctorProbe: {probe: "sim:swdio-open-f405"}}
    drivers: {SwdoctorDriver: {image: firmware}}
  forbidden:
    resources: {SwdoctorProbe: {probe: "sim:usb-denied-f103"}}
    drivers: {SwdoctorDriver: {image: firmware}}
images: {firmware: "$here/demo/counter.hex"}
tools: {swdoctor: "$SWDOCTOR"}
imports: ["$here/../analyzer/labgrid_swdoctor.py"]
YAML

place() { # NAME TARGET ACTION SAYS: what labgrid makes of it begins so
  HOME=$work "$PYTHON" "$here/lib/labgrid_place.py" "$work/lab.yaml" "$2" "$3" >"$work/out" 2>"$work/err"
  if grep -q "^$4" "$work/out"; then
    ok "$1"
  else
    not_ok "$1" "$(tail -n 1 "$work/out" "$work/err" | cut -c 1-300)"
  fi
}

place "a healthy place passes the check" good check "fine check healthy"
place "an image is flashed there" good load "fine flash healthy"
place "an open wire is the board's trouble, with its cause" open check "BoardTrouble swd-not-connected .*SWDIO or SWCLK"
place "flashing there too" open load "BoardTrouble swd-not-connected"
place "a probe that may not be opened is the lab's" forbidden check "LabTrouble usb-permission"
finish
