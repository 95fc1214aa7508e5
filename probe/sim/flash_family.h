/* Facts of the families whose chips differ in more than geometry. */
#ifndef SWDOCTOR_SIM_FLASH_FAMILY_H
#define SWDOCTOR_SIM_FLASH_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flash_l4_facts { /* L4 class and L5 class: the same controller at other offsets */
	uint16_t keyr, optkeyr, sr, cr, optr;
	uint16_t wrp[4];      /* areas 1A, 1B, 2A, 2B; 0: no bank 2 */
	uint16_t pcrop[4][2]; /* begin and end of areas that may only be executed; 0: no more */
	bool pcrop_by_bank;   /* the second area is that of bank 2 */
	uint32_t pcrop_unit;  /* bytes that they count */
	uint32_t pcrop_mask;
	uint32_t factory;   /* option register as delivered */
	uint32_t bank2_bit; /* CR bit that chooses bank 2; 0: there is none */
	uint32_t dual_bit;  /* option: set, there are two banks; 0: nothing to choose */
	uint32_t swap_bit;  /* option: bank 2 is seen first */
	bool swap_low;	    /* while that bit is clear */
	uint32_t page_mask; /* of the page number, from CR bit 3 */
	uint8_t words;	    /* a granule has so many */
	uint16_t row_bytes; /* of fast programming; 0: there is none */
	uint32_t tz_bit;    /* option: TrustZone is on; 0: there is none */
	uint32_t nrst_bits; /* option: what the reset pin is; 0: always that */
	uint16_t eccr;	    /* where broken granules are told */
	uint32_t busy;	    /* SR bits that are set while it works */
};

extern const struct flash_l4_facts flash_l4_l476, flash_l4_l4p, flash_l4_l43;
extern const struct flash_l4_facts flash_l4_g0, flash_l4_g0b, flash_l4_g4, flash_l4_g47;
extern const struct flash_l4_facts flash_l4_wb, flash_l4_l5, flash_l4_u5, flash_l4_u3;
extern const struct flash_l4_facts flash_l4_u0, flash_l4_u3c, flash_l4_wba2, flash_l4_wba5,
	flash_l4_wba6;

struct flash_f4_facts { /* times in ms by PSIZE: x8, x16, x32, x64 */
	struct {
		uint32_t bytes;
		double ms[4];
	} sector[3];
	double factor;	       /* of the data sheet's typical that the silicon takes */
	unsigned bank_sectors; /* so many in the first of two banks; 0: there is one bank */
	uint32_t dual_bit;     /* OPTCR: two banks, in the row's other layout; 0: no choice */
	bool dual_low;	       /* while that bit is clear */
	bool wrp_pairs;	       /* with two banks, one bit protects two sectors, all in OPTCR */
	uint8_t wrp_last;      /* this bit protects all the rest; 0: each sector has one */
	uint32_t pcrop_bit;    /* OPTCR: the protection bits mean "execute only"; 0: never */
	bool pcrop_in_optcr2;  /* a bit for each sector there, and bit 31: opening erases them */
	uint32_t factory;      /* OPTCR as delivered */
	uint32_t wwdg_bit;     /* OPTCR: clear, the window watchdog runs from reset on; 0: never */
	uint32_t factory1;     /* and OPTCR1, which protects bank 2 or says where F7 boot from */
};

struct flash_h7_facts { /* times by PSIZE: x8 to x64; where there is none, all are the same */
	unsigned banks;
	uint32_t word;	    /* bytes that are programmed at once */
	uint32_t group;	    /* bytes that one bit of write protection stands for */
	uint32_t fw, start; /* bits of CR, and where the sector's number begins */
	uint8_t sector_at;
	uint8_t sector_mask;
	bool psize;
	double word_us[4], sector_ms[4], bank_ms[4];
};

struct flash_fpec_facts {  /* of F1 with XL density */
	size_t bank_bytes; /* of the first bank; the other one has registers of its own */
};

extern const struct flash_fpec_facts flash_fpec_xl;

struct flash_h5_facts {
	uint32_t group; /* bytes that one bit of write protection stands for */
};

extern const struct flash_h5_facts flash_h5_h503, flash_h5_h563;

extern const struct flash_f4_facts flash_f4_f4, flash_f4_pcrop, flash_f4_f413, flash_f4_f42_1m;
extern const struct flash_f4_facts flash_f4_f4_dual, flash_f4_f7, flash_f4_f72, flash_f4_f76;
extern const struct flash_h7_facts flash_h7_h743, flash_h7_h723, flash_h7_h7a3, flash_h7_h7b0;

struct flash_l0_facts {
	bool programs_over;	 /* what is not erased is programmed all the same */
	uint32_t pcrop_bit;	 /* of the first option word: protection bits mean "execute only" */
	uint16_t wrpr[3];	 /* registers with the protection bits of 32 sectors each */
	uint32_t read_error_bit; /* of SR */
};

extern const struct flash_l0_facts flash_l0_l0, flash_l0_l1;

#endif
