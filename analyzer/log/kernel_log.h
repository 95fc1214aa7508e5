/*
 * What the kernel said lately about a USB port: transfers that failed, resets, a device that left.
 * Records are read as /dev/kmsg gives them (Documentation/ABI/testing/dev-kmsg):
 * "6,1234,98765432,-;usb 1-2.3: USB disconnect, device number 5", the third number in microseconds
 * since boot.
 */
#ifndef SWDOCTOR_KERNEL_LOG_H
#define SWDOCTOR_KERNEL_LOG_H

#include <stdint.h>

#define KERNEL_LOG_TEXT_MAX 160

struct kernel_log_seen {
	unsigned errors, resets, disconnects;
	char last[KERNEL_LOG_TEXT_MAX]; /* the latest of them, without control characters; "" */
};

/* A descriptor to read the kernel's messages from; -1 where they may not be read. */
int kernel_log_open(void);

/* Reads from fd to its end what was said since then about the device at `place` ("1-2.3"; NULL: any
 * device) and about the port that it hangs on. */
void kernel_log_look(int fd, const char *place, uint64_t since_us, struct kernel_log_seen *ret);

#endif
