#!/bin/sh
# list: probes, who uses them and what hinders, on a bus played by umockdev.
. "$(dirname "$0")/../lib/cli.sh"

mock=$(dirname "$SWDOCTOR")/tests/mock_run
serial=57FF0102030405060708090A
binary='\x57\xc3\xbf\x01\x02\x03\xc2\x89\xc2\x85\x57\x04\x05\x06\xc2\x87'
export SWDOCTOR_LOCK_DIR="$work/locks" XDG_STATE_HOME="$work/state"
mkdir -m 777 "$SWDOCTOR_LOCK_DIR"
chmod 755 "$work"

fits() { # FILE: it is as doc/list.schema.json says
  "$PYTHON" "$here/lib/validate.py" "$1" list.schema.json
}
holds() { # FILE TEXT
  [ "$(cat "$1")" = "$2" ]
}

run 3 "no probe ends with 3" "$mock" --pid 0 -- "$SWDOCTOR" list
said "and says so" "no ST-LINK is plugged in"

run 0 "a probe is listed" "$mock" --serial "$serial" -- "$SWDOCTOR" list
printed "with its place and model" "usb@1-2  ST-LINK/V2  0483:3748"
printed "its serial number" "serial $serial"
printed "its speed and hubs" "USB 12 Mbit/s, behind 0 hubs"
printed "firmware, mode and voltage, and how far to trust it" \
  "firmware V2J37S7, mode mass-storage, target 3.30 V (or a copy's own supply)"

run 0 "JSON has the same" "$mock" --serial "$binary" -- "$SWDOCTOR" list --format json
cp "$work/out" "$work/json"
check "it is as the schema says" fits "$work/json"
has "the schema" "$work/json" swdoctor/1 schema
has "a binary serial in digits" "$work/json" 57FF01020389855704050687 probes 0 serial
has "and as probe-rs prints it" "$work/json" 57C3BF010203C289C28557040506C287 probes 0 serial_in_probe_rs
has "the firmware" "$work/json" V2J37S7 probes 0 firmware
has "the voltage" "$work/json" 3301 probes 0 target_mv
has "the verdict" "$work/json" healthy verdict

run 0 "with --no-open nothing is said to it" "$mock" --count "$work/count" -- "$SWDOCTOR" list --no-open
check "not a single command" holds "$work/count" 0
run 0 "another one is asked for" "$mock" --count "$work/count" --dead "4:374e:$serial" -- \
  "$SWDOCTOR" list --no-open --probe usb@1-4
check "the first was left alone" holds "$work/count" 0
printed "only the one is shown" "usb@1-4  STLINK-V3E"
check "and no other" not grep -q 1-2 "$work/out"

run 0 "equal serials are told" "$mock" --serial "$serial" --dead "4:374b:$serial" -- "$SWDOCTOR" list --no-open
printed "choose by place" "another probe has this serial number: choose by place"

run 0 "a probe that waits for firmware is listed" "$mock" --pid 374d -- "$SWDOCTOR" list
printed "with what to do" "cannot debug: plug it in again or finish the update"

run 0 "a claimed probe is listed" "$mock" --claimed -- "$SWDOCTOR" list
printed "as claimed" "another program has claimed the probe"

run 0 "a probe that stalls is listed" "$mock" --fail 1:stall-reply -- "$SWDOCTOR" list
printed "with what it did" "the probe stalled endpoint 0x81 (LIBUSB_ERROR_PIPE)"

run 0 "a probe that leaves meanwhile is listed" "$mock" --fail 1:gone -- "$SWDOCTOR" list
printed "as gone" "the probe left the bus"

if [ "$(id -u)" = 0 ]; then
  # A stranger needs to reach the program.
  cp "$SWDOCTOR" "$work/swdoctor"
  run 4 "missing permission ends with 4" "$mock" --forbid -- "$work/swdoctor" list
  printed "the line to install is shown" 'ATTR{idProduct}=="3748", MODE="0660", TAG+="uaccess"'
  run 4 "in JSON too" "$mock" --forbid -- "$work/swdoctor" list --format json
  check "that too is as the schema says" fits "$work/out"
  has "permission is missing" "$work/out" false probes 0 permission
  has "a problem" "$work/out" problem verdict
else
  skip "missing permission ends with 4" "only root can become somebody else"
fi

hold() { # the lock, while the list is made
  flock "$SWDOCTOR_LOCK_DIR/swdoctor-usb-1-2.lock" "$mock" -- "$SWDOCTOR" list
}
printf 'pid 4711\nsince 2026-01-01T00:00:00Z\nwhy a long \033[31mtest\n' >"$SWDOCTOR_LOCK_DIR/swdoctor-usb-1-2.lock"
run 0 "a locked probe is listed and left alone" hold
printed "who locked it, since when and why" 'locked by process 4711 since 2026-01-01T00:00:00Z: a long \x1b[31mtest'
check "nothing steers the terminal" clean "$work/out"
check "its firmware was not asked for" not grep -q firmware "$work/out"

hold_json() {
  flock "$SWDOCTOR_LOCK_DIR/swdoctor-usb-1-2.lock" "$mock" -- "$SWDOCTOR" list --format json
}
run 0 "the same in JSON" hold_json
check "and that as well" fits "$work/out"
run 3 "no probe in JSON" "$mock" --pid 0 -- "$SWDOCTOR" list --format json
check "is an empty list" fits "$work/out"

run 2 "words that name no probe are refused" "$SWDOCTOR" list --probe nonsense
run 2 "a recording cannot be listed" "$SWDOCTOR" list --probe replay:x

finish
