#!/bin/sh
# Flash caches: a program has read a block with the data cache on, and no cache is told when OpenOCD erases the block. What
# is then read through the debug port of a Cortex-M4 is old. `swdoctor flash`, whose loader reads from inside the core, is right
# about it: it works with the caches off and empty.
. "$(dirname "$0")/../lib/sim.sh"
need openocd openocd
if ! goes_with_preloading; then
  skip "what the caches keep" "a sanitizer cannot run on the bench's libusb"
  finish
fi

export XDG_STATE_HOME="$work/state"

# reader FILE ACR DATA: a flash whose program switches the caches on and reads 64 bytes at DATA for ever
reader() {
  "$PYTHON" - "$@" <<'PY'
import struct, sys
acr, data = (int(word, 0) for word in sys.argv[2:])
code = struct.pack('<10H', 0x4804, 0x4905, 0x6001, 0x4a05,     # ldr r0; ldr r1; str r1, [r0]; ldr r2
                   0x6813, 0x6913, 0x6a13, 0x6b13, 0xe7fa, 0)  # ldr r3, [r2] and on; b to the first
code += struct.pack('<3I', acr, 0x600, data)
flash = bytearray(b'\x5a' * 0x10000)
flash[:0x40] = struct.pack('<16I', 0x20001000, *[0x08000041] * 15)
flash[0x40:0x40 + len(code)] = code
open(sys.argv[1], 'wb').write(flash)
PY
}

"$PYTHON" -c "open('$work/erased', 'wb').write(b'\xff' * 64)"
cat >"$work/session" <<'EOF'
target=$1 data=$2 block=$3
attach() { # COMMAND...
  openocd -f interface/stlink.cfg -c 'transport select hla_swd' -f "target/$target.cfg" -c init -c halt "$@" -c shutdown 2>&1
}
attach -c "mdw $data" -c "flash erase_sector 0 $block $block" -c "mdw $data" >"$work/before.log"
timeout 60 "$SWDOCTOR" flash "$work/erased" --base "$data" --no-reset --halt --connect hot-plug --probe usb >"$work/flash.log" 2>&1
code=$?
attach -c "mdw $data" >"$work/after.log"
exit $code
EOF
export work SWDOCTOR

while read -r chip target acr data block; do
  reader "$work/now" "$acr" "$data"
  check "$chip: a block that was erased under the caches needs no writing" timeout -k 1 100 "$SWDOCTOR" sim run \
    --set "chip=$chip" --set "program={file: $work/now}" healthy-f405-v2 -- \
    sh "$work/session" "$target" "$data" "$block"
  check "$chip: and nothing was" grep -q 'erased 0 blocks' "$work/flash.log"
  check "$chip: OpenOCD, which left the caches on, read what was there before" \
    test "$(grep -c "^$data: 5a5a5a5a" "$work/before.log")" -eq 2
  check "$chip: and what is read is true" grep -q "^$data: ffffffff" "$work/after.log"
done <<'EOF'
F405 stm32f4x 0x40023c00 0x08004040 1
L476 stm32l4x 0x40022000 0x08001080 2
G474 stm32g4x 0x40022000 0x08001080 2
EOF

finish
