/*
 * The probes: what tells one ST-LINK from another on USB, on the wire and on the clock. Times are
 * those of published sessions, fitted; the facts are from the sources of public tools.
 */
#ifndef SWDOCTOR_SIM_PROBE_ROW_H
#define SWDOCTOR_SIM_PROBE_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/err.h"

struct probe_version { /* as the firmware reports it; 0: no such part */
	uint8_t hardware, jtag, swim, storage, bridge;
};

struct probe_row {
	const char *name;  /* as scenarios call it: "v2-1" */
	const char *title; /* "ST-LINK/V2-1 (on a Nucleo)" */
	uint16_t product_id;
	struct probe_version version; /* unless the scenario says otherwise */
	uint8_t ep_out, ep_in, ep_swo;
	bool high_speed;
	uint16_t packet_bytes;
	const char *product;
	unsigned max_power_ma;
	bool storage, serial_port; /* more interfaces */
	/* time: host and bus, in us and bytes per us */
	double turn_us, out_us, in_us, bytes_per_us;
	/* time: firmware */
	double command_us, read_word_us, write_word_us, enter_ms;
	/* wires */
	bool nrst_wired;      /* its reset pin reaches the connector */
	unsigned floating_mv; /* what the voltmeter reads with VTref open */
	unsigned constant_mv; /* there is no voltmeter: it always says this; 0: there is one */
};

const struct probe_row *probe_row_find(const char *name); /* NULL: no such probe */
const struct probe_row *probe_row_nth(size_t n);	  /* NULL after the last */

/* "V2J37S7", "V2J40M27", "V3J10M3B5S1". */
int probe_version_parse(const char *text, struct probe_version *ret, struct err *e);

#endif
