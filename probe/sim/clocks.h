/*
 * Reset and clock control (RCC): oscillators that become ready, the clock the core gets, and the
 * flags that tell why the last reset came. Everything else in it just reads back.
 */
#ifndef SWDOCTOR_SIM_CLOCKS_H
#define SWDOCTOR_SIM_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCKS_REG_BYTES 0x200

enum clocks_flag { /* reset causes as RCC knows them */
		   CLOCKS_BOR,
		   CLOCKS_PIN,
		   CLOCKS_POR,
		   CLOCKS_SOFT,
		   CLOCKS_IWDG,
		   CLOCKS_WWDG,
		   CLOCKS_LOWPOWER,
		   CLOCKS_OPTIONS,
		   CLOCKS_FLAGS
};

struct clocks_row {
	uint32_t base;
	struct {
		uint16_t off;
		uint32_t value;
	} at_reset[4];
	struct { /* a bit that switches something on, and the one that says it is ready */
		uint16_t off;
		uint8_t on, ready;
	} follow[8];
	uint16_t switch_off;	       /* the register with SW and SWS */
	uint8_t switch_bits;	       /* width of both */
	uint8_t switch_status;	       /* where SWS begins; SW begins at 0 */
	uint16_t flags_off;	       /* the register with the reset flags */
	uint8_t clear_bit;	       /* RMVF */
	int8_t flag_bit[CLOCKS_FLAGS]; /* -1: this family has no such flag */
	uint32_t (*core_hz)(const uint32_t *reg);
};

struct clocks {
	const struct clocks_row *row;
	uint32_t reg[CLOCKS_REG_BYTES / 4];
};

void clocks_init(struct clocks *c, const struct clocks_row *row);
/* Registers back; the flags stay and `why` joins them. Power-on clears the others. */
void clocks_reset(struct clocks *c, enum clocks_flag why);
uint32_t clocks_read(const struct clocks *c, uint32_t off);
void clocks_write(struct clocks *c, uint32_t off, uint32_t value, uint32_t mask);
uint32_t clocks_core_hz(const struct clocks *c);
bool clocks_gate(const struct clocks *c, uint16_t off, uint8_t bit); /* a peripheral's clock */

/* ---- for the families ---- */

#define CLOCKS_MHZ 1000000u
#define CLOCKS_HSE (8 * CLOCKS_MHZ) /* the crystal that boards have unless they say otherwise */

uint32_t clocks_divided(uint32_t hz, uint32_t hpre);

extern const struct clocks_row clocks_f0, clocks_f1, clocks_f3, clocks_f4;
extern const struct clocks_row clocks_l0, clocks_l1, clocks_l4, clocks_g0, clocks_g4;
extern const struct clocks_row clocks_c0, clocks_wb;
extern const struct clocks_row clocks_h5, clocks_h7, clocks_h7a3, clocks_u5, clocks_u3, clocks_wba;

#endif
