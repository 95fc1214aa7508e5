/* Facts of the families whose chips differ in more than geometry. */
#ifndef SWDOCTOR_SIM_FLASH_FAMILY_H
#define SWDOCTOR_SIM_FLASH_FAMILY_H

#include <stdint.h>

struct flash_l4_facts { /* L4 class and L5 class: the same controller at other offsets */
	uint16_t keyr, optkeyr, sr, cr, optr;
	uint16_t wrp[4];    /* areas 1A, 1B, 2A, 2B; 0: no bank 2 */
	uint32_t factory;   /* option register as delivered */
	uint32_t bank2_bit; /* CR bit that chooses bank 2; 0: there is none */
	uint32_t page_mask; /* of the page number, from CR bit 3 */
	uint8_t words;	    /* a granule has so many */
	uint32_t busy;	    /* SR bits that are set while it works */
};

extern const struct flash_l4_facts flash_l4_l476, flash_l4_g0, flash_l4_g4, flash_l4_u5;

#endif
