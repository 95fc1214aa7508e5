/* The probes, and how their firmware versions are written. */
#include "probe/sim/probe_row.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define FULL_SPEED .packet_bytes = 64, .turn_us = 30, .out_us = 90, .in_us = 160, .bytes_per_us = 1

#define HIGH_SPEED                                                                                 \
	.high_speed = true, .packet_bytes = 512, .turn_us = 25, .out_us = 30, .in_us = 40,         \
	.bytes_per_us = 30

#define V2_FIRMWARE	.command_us = 60, .read_word_us = 6.2, .write_word_us = 1, .enter_ms = 20
#define V2_OLD_FIRMWARE .command_us = 400, .read_word_us = 64, .write_word_us = 64, .enter_ms = 20
#define V3_FIRMWARE	.command_us = 20, .read_word_us = 4.2, .write_word_us = 2, .enter_ms = 20

static const struct probe_row rows[] = {
	{
		.name = "v2",
		.title = "ST-LINK/V2",
		.product_id = 0x3748,
		.version = { .hardware = 2, .jtag = 37, .swim = 7 },
		.ep_out = 0x02,
		.ep_in = 0x81,
		.ep_swo = 0x83,
		.product = "STM32 STLink",
		.max_power_ma = 100,
		FULL_SPEED,
		V2_FIRMWARE,
		.nrst_wired = true,
		.floating_mv = 1550,
	},
	{
		.name = "v2-old",
		.title = "ST-LINK/V2 with firmware of 2013",
		.product_id = 0x3748,
		.version = { .hardware = 2, .jtag = 17, .swim = 4 },
		.ep_out = 0x02,
		.ep_in = 0x81,
		.ep_swo = 0x83,
		.product = "STM32 STLink",
		.max_power_ma = 100,
		FULL_SPEED,
		V2_OLD_FIRMWARE,
		.nrst_wired = true,
		.floating_mv = 1550,
	},
	{
		.name = "v2-clone",
		.title = "ST-LINK/V2 clone: no voltmeter, reset pin for STM8 only",
		.product_id = 0x3748,
		.version = { .hardware = 2, .jtag = 29, .swim = 7 },
		.ep_out = 0x02,
		.ep_in = 0x81,
		.ep_swo = 0x83,
		.product = "STM32 STLink",
		.max_power_ma = 100,
		FULL_SPEED,
		V2_FIRMWARE,
		.constant_mv = 3250,
	},
	{
		.name = "v2-1",
		.title = "ST-LINK/V2-1 (on a Nucleo)",
		.product_id = 0x374b,
		.version = { .hardware = 2, .jtag = 40, .storage = 27 },
		.ep_out = 0x01,
		.ep_in = 0x81,
		.ep_swo = 0x82,
		.product = "STM32 STLink",
		.max_power_ma = 300,
		.storage = true,
		.serial_port = true,
		FULL_SPEED,
		V2_FIRMWARE,
		.nrst_wired = true,
	},
	{
		.name = "v3",
		.title = "STLINK-V3SET",
		.product_id = 0x374f,
		.version = { .hardware = 3, .jtag = 10, .storage = 3, .bridge = 5, .swim = 1 },
		.ep_out = 0x01,
		.ep_in = 0x81,
		.ep_swo = 0x82,
		.product = "STLINK-V3",
		.max_power_ma = 500,
		.storage = true,
		.serial_port = true,
		HIGH_SPEED,
		V3_FIRMWARE,
		.nrst_wired = true,
	},
	{
		.name = "v3e",
		.title = "STLINK-V3E without mass storage",
		.product_id = 0x3754,
		.version = { .hardware = 3, .jtag = 10, .bridge = 5, .swim = 1 },
		.ep_out = 0x01,
		.ep_in = 0x81,
		.ep_swo = 0x82,
		.product = "STLINK-V3",
		.max_power_ma = 500,
		.serial_port = true,
		HIGH_SPEED,
		V3_FIRMWARE,
		.nrst_wired = true,
	},
	{
		.name = "v2-1-plain",
		.title = "ST-LINK/V2-1 without mass storage",
		.product_id = 0x3752,
		.version = { .hardware = 2, .jtag = 40, .storage = 27 },
		.ep_out = 0x01,
		.ep_in = 0x81,
		.ep_swo = 0x82,
		.product = "STM32 STLink",
		.max_power_ma = 300,
		.serial_port = true,
		FULL_SPEED,
		V2_FIRMWARE,
		.nrst_wired = true,
	},
	{
		.name = "v3-mini",
		.title = "STLINK-V3MINI with mass storage",
		.product_id = 0x374e,
		.version = { .hardware = 3, .jtag = 10, .storage = 3, .bridge = 5, .swim = 1 },
		.ep_out = 0x01,
		.ep_in = 0x81,
		.ep_swo = 0x82,
		.product = "STLINK-V3",
		.max_power_ma = 500,
		.storage = true,
		.serial_port = true,
		HIGH_SPEED,
		V3_FIRMWARE,
		.nrst_wired = true,
	},
	{
		.name = "v3-dual",
		.title = "STLINK-V3 with two serial ports",
		.product_id = 0x3753,
		.version = { .hardware = 3, .jtag = 10, .bridge = 5, .swim = 1 },
		.ep_out = 0x01,
		.ep_in = 0x81,
		.ep_swo = 0x82,
		.product = "STLINK-V3",
		.max_power_ma = 500,
		.serial_port = true,
		HIGH_SPEED,
		V3_FIRMWARE,
		.nrst_wired = true,
	},
	{
		.name = "v3-pwr",
		.title = "STLINK-V3PWR",
		.product_id = 0x3757,
		.version = { .hardware = 4, .jtag = 5, .bridge = 4 },
		.ep_out = 0x01,
		.ep_in = 0x81,
		.ep_swo = 0x82,
		.product = "STLINK-V3",
		.max_power_ma = 500,
		.serial_port = true,
		HIGH_SPEED,
		V3_FIRMWARE,
		.nrst_wired = true,
	},
};

const struct probe_row *probe_row_nth(size_t n)
{
	return n < sizeof(rows) / sizeof(rows[0]) ? &rows[n] : NULL;
}

const struct probe_row *probe_row_find(const char *name)
{
	const struct probe_row *row;
	size_t n;

	for (n = 0; (row = probe_row_nth(n)); n++)
		if (!strcasecmp(row->name, name))
			return row;
	return NULL;
}

static uint8_t *part_of(struct probe_version *v, char letter)
{
	switch (toupper((unsigned char)letter)) {
	case 'V':
		return &v->hardware;
	case 'J':
		return &v->jtag;
	case 'S':
		return &v->swim;
	case 'M':
		return &v->storage;
	case 'B':
		return &v->bridge;
	default:
		return NULL;
	}
}

int probe_version_parse(const char *text, struct probe_version *ret, struct err *e)
{
	struct probe_version v = { 0 };
	const char *at = text;

	while (*at) {
		uint8_t *part = part_of(&v, *at);
		char *end = NULL;
		unsigned long n;

		if (!part || !isdigit((unsigned char)at[1]))
			break;
		n = strtoul(at + 1, &end, 10);
		if (n > 63)
			break;
		*part = (uint8_t)n;
		at = end;
	}
	if (*at || v.hardware < 1 || v.hardware > 4)
		return err_set(e, ERR_FORMAT, "'%s' is no firmware version like V2J37S7", text);
	*ret = v;
	return 0;
}
