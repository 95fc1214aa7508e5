#!/bin/sh
# The bench behind a real kernel: a guest of QEMU with Debian's own kernel sees the probe on USB (usb-redir), and
# st-info, st-flash, OpenOCD and swdoctor work on it through the real usbfs and the real libusb. What the flash holds in
# the end is compared from outside, and what the guest's usbmon saw is decoded by `swdoctor trace`.
#
# usage: SWDOCTOR=PROGRAM check.sh FOLDER, where the kernel and the guest's files are kept from one run to the next
. "$(dirname "$0")/../lib/cli.sh"
made=$1
mkdir -p "$made"
made=$(realpath "$made")

for tool in qemu-system-x86_64 busybox cpio xz gzip depmod modprobe dpkg-deb apt-get st-info st-flash openocd tcpdump; do
  [ -x "$(command -v "$tool" || command -v "/sbin/$tool")" ] || {
    skip "the bench behind a real kernel" "$tool is not installed"
    exit 0
  }
done
"$SWDOCTOR" sim serve --usbredir /nowhere/at-all healthy-f405-v2 2>&1 | grep -q 'not in this build' && {
  skip "the bench behind a real kernel" "usbredir is not in this build"
  exit 0
}

# ---- the kernel: Debian's, as it is

if [ ! -e "$made/vmlinux" ]; then
  package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: //p' | head -n 1)
  if ! (cd "$made" && apt-get download "${package:-linux-image-amd64}" && dpkg-deb -x ./*.deb root) \
    >"$work/download" 2>&1; then
    skip "the bench behind a real kernel" "no kernel to be had: $(tail -n 1 "$work/download")"
    exit 0
  fi
  depmod=$(command -v depmod || echo /sbin/depmod)
  "$depmod" -b "$made/root" "$(ls "$made/root/lib/modules")"
  # The packed kernel within, which QEMU boots at once: no firmware, no unpacking in the guest.
  offset=$(LC_ALL=C grep -abo "$(printf '\3757zXZ')" "$made"/root/boot/vmlinuz-* | head -n 1 | cut -d: -f1)
  tail -c "+$((offset + 1))" "$made"/root/boot/vmlinuz-* | xz -dcq >"$made/vmlinux.new" 2>/dev/null
  mv "$made/vmlinux.new" "$made/vmlinux"
  rm -f "$made"/linux-image-*.deb
fi
release=$(ls "$made/root/lib/modules")

# ---- the guest's files

guest=$work/guest
mkdir -p "$guest/bin" "$guest/etc" "$guest/dev" "$guest/proc" "$guest/sys" "$guest/usr/share"
echo 'root:x:0:0:root:/:/bin/sh' >"$guest/etc/passwd"
cp "$here/kernel/init" "$guest/init"
chmod +x "$guest/init"

add_program() { # PATH: with the libraries that it needs
  cp -L "$1" "$guest/bin/"
  ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$guest/$(dirname "$library")"
    [ -e "$guest/$library" ] || cp -L "$library" "$guest/$library"
  done
}
for tool in busybox st-info st-flash openocd tcpdump; do
  add_program "$(command -v "$tool")"
done
add_program "$SWDOCTOR"
for data in openocd stlink; do
  if [ -d "/usr/share/$data" ]; then cp -r "/usr/share/$data" "$guest/usr/share/"; fi
done
modprobe=$(command -v modprobe || echo /sbin/modprobe)
for module in xhci-pci usbmon; do
  "$modprobe" -d "$made/root" -S "$release" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r module; do
  cp "$module" "$guest/"
  basename "$module"
done >"$guest/modules"
"$PYTHON" -c '
import sys
with open(sys.argv[1], "wb") as f: f.write(bytes((i * 7 + (i >> 8)) & 255 for i in range(16384)))
with open(sys.argv[2], "wb") as f: f.write(bytes((i * 5 + (i >> 7)) & 255 for i in range(32768)))
' "$guest/image.bin" "$guest/image2.bin"
(cd "$guest" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$work/initrd"

# ---- the bench, and the guest beside it

"$SWDOCTOR" sim serve --usbredir "$work/probe" --flash-out "$work/array" healthy-f405-v2 &
bench=$!
while [ ! -S "$work/probe" ] && kill -0 $bench; do
  sleep 0.05
done
# KVM is never asked for: where its node exists without the hardware behind it, a guest hangs.
timeout 300 qemu-system-x86_64 -M q35 -smp 1 -accel tcg -cpu max -m 512 -nodefaults -no-reboot -display none \
  -serial "file:$work/console" -serial "file:$work/usb.pcap" -device qemu-xhci,id=x \
  -chardev "socket,id=c,path=$work/probe" -device usb-redir,chardev=c,bus=x.0 \
  -kernel "$made/vmlinux" -initrd "$work/initrd" \
  -append 'console=ttyS0 quiet panic=-1 cryptomgr.notests mitigations=off tsc=reliable rdinit=/init' >"$work/qemu" 2>&1
kill $bench
wait $bench

# ---- what came of it

tr -d '\r' <"$work/console" >"$work/said"
[ -z "${KEEP-}" ] || cp "$work/said" "$work/usb.pcap" "$KEEP"
part() { # NAME: what the tool of that name said
  sed -n "/^@ begin $1\$/,/^@ end $1 /p" "$work/said"
}
ended() { # NAME
  grep -q "^@ end $1 0\$" "$work/said"
}
says() { # NAME WORDS
  part "$1" | grep -qF -- "$2"
}
check "the guest runs to its end" grep -q '^@ over' "$work/said"
check "its kernel finds the probe" grep -q '^@ found /sys' "$work/said"
check "swdoctor list shows it" says list 'ST-LINK/V2'
check "st-info names the chip" says info '0x0413'
check "st-flash writes and verifies" says write 'jolly good'
check "OpenOCD ends well" ended openocd
check "OpenOCD programs and verifies" says openocd '** Verified OK **'
"$SWDOCTOR" check --help >/dev/null 2>&1 && check "swdoctor check finds nothing wrong" ended check
check "the flash holds what st-flash wrote" cmp -n 16384 "$work/array" "$guest/image.bin"
check "the flash holds what OpenOCD wrote" cmp -n 32768 -i 65536:0 "$work/array" "$guest/image2.bin"
"$SWDOCTOR" trace "$work/usb.pcap" >"$work/trace" 2>"$work/trace.err"
check "swdoctor trace decodes what usbmon saw" test "$(grep -c 'DHCSR' "$work/trace")" -gt 10
[ $failures = 0 ] || tail -n 40 "$work/said" | cut -c 1-200 | sed 's/^/# /'
exit $((failures > 0))
