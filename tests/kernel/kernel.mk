# A real kernel with a real usbfs over the virtual bench, in a virtual machine: a minute, so a target of its own. It
# is skipped without qemu-system-x86, busybox-static, cpio, kmod, xz-utils and tcpdump; the kernel is fetched (70 MB).
.PHONY: check-kernel
check-kernel: all
	@SWDOCTOR=$O/swdoctor tests/kernel/check.sh $O/kernel
