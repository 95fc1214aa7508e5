/*
 * The debug port and the memory access port of a chip, as they answer on SWD and on JTAG (ADIv5.2,
 * chapters B2 to B4 and C2). Bits on the wire and their errors are not here (wire.c): a request
 * arrives whole, or as one of the mistakes that the port itself can notice.
 *
 * Accesses through the access port are posted as in silicon: an AP read returns the result of the
 * one before; what the bus has not finished answers WAIT; what the bus refused sets STICKYERR and
 * answers FAULT from then on, until ABORT clears it.
 */
#ifndef SWDOCTOR_SIM_DAP_H
#define SWDOCTOR_SIM_DAP_H

#include "probe/sim/chip.h"

enum dap_ack { DAP_OK = 1, DAP_WAIT = 2, DAP_FAULT = 4, DAP_SILENT = 7 };

struct dap_request {
	bool ap, read;
	uint8_t addr;	    /* 0x0, 0x4, 0x8 or 0xc */
	bool parity_broken; /* of the data of a write */
	uint32_t data;	    /* in for a write, out for a read that is answered OK */
};

struct dap {
	struct chip *chip;
	unsigned power_ons; /* of the chip when this state began */
	bool swd;	    /* else JTAG, as after power-on */
	bool fresh;	    /* after a line reset: nothing but DPIDR is answered */
	bool lost;	    /* protocol error: silent until a line reset */
	uint32_t ctrl, select, result;
	uint64_t busy_until_ns;
	struct {
		uint32_t csw, tar;
	} ap[CHIP_APS_MAX];
};

void dap_init(struct dap *d, struct chip *chip);
/* 50 and more clocks with SWDIO high, with the sequence that selects SWD before if `to_swd`. */
void dap_line_reset(struct dap *d, bool to_swd);
/* The chip has been brought up to now_ns by the caller. */
enum dap_ack dap_request(struct dap *d, struct dap_request *r, uint64_t now_ns);
/* The sequence that selects JTAG, and a reset of the taps. */
void dap_select_jtag(struct dap *d);
/*
 * The same access by a scan of the JTAG port. The scan itself does not tell a sticky error, as it
 * has no room for it; what asks looks at CTRL/STAT after each: told here at once.
 */
enum dap_ack dap_scan(struct dap *d, struct dap_request *r, uint64_t now_ns);
/* The port saw something that is no request. */
void dap_protocol_error(struct dap *d);

#define DAP_CTRL_ORUNDETECT   0x00000001u
#define DAP_CTRL_STICKYORUN   0x00000002u
#define DAP_CTRL_STICKYCMP    0x00000010u
#define DAP_CTRL_STICKYERR    0x00000020u
#define DAP_CTRL_READOK	      0x00000040u
#define DAP_CTRL_WDATAERR     0x00000080u
#define DAP_CTRL_CDBGPWRUPREQ 0x10000000u
#define DAP_CTRL_CDBGPWRUPACK 0x20000000u
#define DAP_CTRL_CSYSPWRUPREQ 0x40000000u
#define DAP_CTRL_CSYSPWRUPACK 0x80000000u

#endif
