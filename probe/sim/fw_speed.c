/* The firmware's clocks: V2 takes divisors, V3 takes kHz and says what it made of them. */
#include "probe/sim/fw.h"

#include "probe/base/bytes.h"

#define DEFAULT_DIVISOR 1
#define DEFAULT_V3_KHZ	1000
#define JTAG_SOURCE_HZ	36000000u
#define JTAG_DIVISOR	32u
#define FOR_JTAG	1
#define CONF_CHANGED	0x40
#define FREQUENCIES_MAX 10
#define DIVIDED_HZ	4000000.0 /* at divisor 0 */
#define DIVISOR_SLOPE	0.97	  /* a step of the delay loop, for divisors without an entry */

static const struct {
	uint16_t divisor, khz;
} swd_divisors[] = { { 0, 4000 }, { 1, 1800 }, { 2, 1200 }, { 3, 950 },	 { 5, 650 },  { 7, 480 },
		     { 9, 400 },  { 10, 360 }, { 15, 240 }, { 25, 150 }, { 31, 125 }, { 40, 100 },
		     { 79, 50 },  { 158, 25 }, { 265, 15 }, { 798, 5 } };

static const uint16_t v3_khz[] = { 24000, 8000, 3300, 1000, 200, 50, 5 };
static const uint16_t v3_jtag_khz[] = { 21333, 16000, 12000, 8000, 4000, 2000, 1000 };

#define V3_SPEEDS (sizeof(v3_khz) / sizeof(v3_khz[0]))

static uint32_t divided_hz(uint16_t divisor)
{
	size_t i;

	for (i = 0; i < sizeof(swd_divisors) / sizeof(swd_divisors[0]); i++)
		if (swd_divisors[i].divisor == divisor)
			return swd_divisors[i].khz * 1000u;
	return (uint32_t)(DIVIDED_HZ / (1 + DIVISOR_SLOPE * divisor));
}

/* Firmware that cannot change its speed runs at the default one. */
void fw_default_speed(struct fw *f)
{
	bool divides = f->version.hardware < 3;

	f->swd_hz = divides ? divided_hz(DEFAULT_DIVISOR) : DEFAULT_V3_KHZ * 1000u;
	f->jtag_hz = divides ? JTAG_SOURCE_HZ / JTAG_DIVISOR : DEFAULT_V3_KHZ * 1000u;
	fw_use_speed(f);
}

void fw_use_speed(struct fw *f)
{
	f->wire->hz = f->jtag ? f->jtag_hz : f->swd_hz;
}

void fw_set_swd_divisor(struct fw *f, const uint8_t *c)
{
	f->swd_hz = divided_hz(get_le16(c + 2));
	fw_use_speed(f);
	fw_answer_status(f, FW_OK);
}

void fw_set_jtag_divisor(struct fw *f, const uint8_t *c)
{
	uint16_t divisor = get_le16(c + 2);

	f->jtag_hz = JTAG_SOURCE_HZ / (divisor ? divisor : JTAG_DIVISOR);
	fw_use_speed(f);
	fw_answer_status(f, FW_OK);
}

static const uint16_t *speeds(const uint8_t *c)
{
	return c[2] == FOR_JTAG ? v3_jtag_khz : v3_khz;
}

void fw_set_frequency(struct fw *f, const uint8_t *c)
{
	uint32_t asked = get_le32(c + 4), *hz = c[2] == FOR_JTAG ? &f->jtag_hz : &f->swd_hz;
	size_t i = 0;

	while (i < V3_SPEEDS - 1 && speeds(c)[i] > asked)
		i++;
	*hz = speeds(c)[i] * 1000u;
	fw_use_speed(f);
	fw_answer_word(f, FW_OK, speeds(c)[i]);
}

void fw_get_frequency(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[12 + 4 * FREQUENCIES_MAX] = { FW_OK };
	size_t i;

	put_le32(bytes + 4, (c[2] == FOR_JTAG ? f->jtag_hz : f->swd_hz) / 1000);
	put_le32(bytes + 8, V3_SPEEDS);
	for (i = 0; i < V3_SPEEDS; i++)
		put_le32(bytes + 12 + 4 * i, speeds(c)[i]);
	fw_answer(f, bytes, sizeof(bytes));
}

void fw_set_prescaler(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[8] = { CONF_CHANGED };

	(void)c;
	fw_answer(f, bytes, sizeof(bytes));
}
