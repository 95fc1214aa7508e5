/* The firmware's clocks: V2 takes divisors, V3 takes kHz and says what it made of them. */
#include "probe/sim/fw.h"

#include "probe/base/bytes.h"

#define DEFAULT_DIVISOR 1
#define DEFAULT_V3_KHZ	1000
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
	f->wire->hz =
		f->version.hardware >= 3 ? DEFAULT_V3_KHZ * 1000u : divided_hz(DEFAULT_DIVISOR);
}

void fw_set_swd_divisor(struct fw *f, const uint8_t *c)
{
	f->wire->hz = divided_hz(get_le16(c + 2));
	fw_answer_status(f, FW_OK);
}

void fw_set_jtag_divisor(struct fw *f, const uint8_t *c)
{
	(void)c;
	fw_answer_status(f, FW_OK);
}

void fw_set_frequency(struct fw *f, const uint8_t *c)
{
	uint32_t asked = get_le32(c + 4);
	size_t i = 0;

	while (i < V3_SPEEDS - 1 && v3_khz[i] > asked)
		i++;
	if (c[2] == 0)
		f->wire->hz = v3_khz[i] * 1000u;
	fw_answer_word(f, FW_OK, v3_khz[i]);
}

void fw_get_frequency(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[12 + 4 * FREQUENCIES_MAX] = { FW_OK };
	size_t i;

	(void)c;
	put_le32(bytes + 4, f->wire->hz / 1000);
	put_le32(bytes + 8, V3_SPEEDS);
	for (i = 0; i < V3_SPEEDS; i++)
		put_le32(bytes + 12 + 4 * i, v3_khz[i]);
	fw_answer(f, bytes, sizeof(bytes));
}

void fw_set_prescaler(struct fw *f, const uint8_t *c)
{
	uint8_t bytes[8] = { CONF_CHANGED };

	(void)c;
	fw_answer(f, bytes, sizeof(bytes));
}
