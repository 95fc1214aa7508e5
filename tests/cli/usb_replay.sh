#!/bin/sh
# A recorded session played back to the real libusb: umockdev answers each transfer as tests/usb/list.pcapng has it.
. "$(dirname "$0")/../lib/cli.sh"

device=/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2
export SWDOCTOR_LOCK_DIR="$work" ASAN_OPTIONS="verify_asan_link_order=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"

replay() { # ARG...
  umockdev-run -d "$here/usb/v2.umockdev" -p "$device=$here/usb/list.pcapng" -- "$SWDOCTOR" "$@"
}

run 0 "the recording stands in for the probe" replay list
printed "it says what it said" "firmware V2J37S7, mode mass-storage, target 3.30 V"
run 0 "also with its transactions recorded again" replay run --trace "$work/again.pcapng" -- "$SWDOCTOR" list
said "all of them" "3 transactions are in"
commands() { # FILE
  "$SWDOCTOR" trace --format jsonl "$1" | grep -o '"command":"[^"]*","bytes":"[^"]*"\|"data_head":"[^"]*"'
}
commands "$here/usb/list.pcapng" >"$work/first"
commands "$work/again.pcapng" >"$work/second"
check "a recording of the replay is the recording" cmp "$work/first" "$work/second"

finish
