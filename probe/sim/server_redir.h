/*
 * Serves a bench over usbredir: QEMU's `usb-redir` then shows the probe to a guest, whose kernel
 *sees a USB device like any other. Time is real: transfers take as long as they would.
 *
 *	qemu-system-x86_64 ... -device qemu-xhci,id=x -chardev socket,id=c,path=PATH
 *		-device usb-redir,chardev=c,bus=x.0
 */
#ifndef SWDOCTOR_SIM_SERVER_REDIR_H
#define SWDOCTOR_SIM_SERVER_REDIR_H

#include "probe/sim/bench.h"

/* One client at a time at the Unix socket `path`, until stop_fd becomes readable. */
int server_redir_run(struct bench *b, const char *path, int stop_fd, struct err *e);
/* The same on a connected socket, until the other side closes it. */
int server_redir_serve(struct bench *b, int fd, int stop_fd, struct err *e);

#endif
