/*
 * A flash memory with its controller at register level. This file is what all families share:
 * the array, the operation in work, keys, time. A family is a struct flash_ops in a file of its
 * own (flash_fpec.c, flash_f4.c); a chip is a struct flash_row that names its family and times.
 *
 * Time is lazy: flash_advance() brings the controller up to a moment, and an operation whose end
 * has come takes effect then. An access that meets a busy array stalls until the operation's end
 * (bus.h). Where each behaviour is from stands beside it; RM and PM numbers are ST's manuals.
 */
#ifndef SWDOCTOR_SIM_FLASH_H
#define SWDOCTOR_SIM_FLASH_H

#include "probe/sim/bus.h"
#include "probe/sim/cells.h"
#include "probe/sim/flash_cache.h"

#define FLASH_REG_BYTES	   0x400
#define FLASH_OPTION_BYTES 32
#define FLASH_OPTION_WORDS 13
#define FLASH_BANKS	   2
#define FLASH_GRANULE_MAX  512
#define FLASH_BLOCK_KINDS  6

enum flash_job_kind {
	FLASH_JOB_NONE,
	FLASH_JOB_PROGRAM,
	FLASH_JOB_ERASE,
	FLASH_JOB_EEPROM,
	FLASH_JOB_OPTIONS,
	FLASH_JOB_OPEN, /* protection falls: all is erased, and then options are programmed */
	FLASH_JOB_KINDS
};

/* What options make of the reset pin, where they do: as their bits say it. */
enum flash_nrst_mode {
	FLASH_NRST_AS_MADE,
	FLASH_NRST_INPUT, /* own resets do not pull it */
	FLASH_NRST_GPIO,  /* no reset pin at all */
	FLASH_NRST_BOTH
};

struct flash_job {
	enum flash_job_kind kind;
	size_t off, len; /* in the array, or of the options */
	uint8_t data[FLASH_GRANULE_MAX];
	uint64_t start_ns, end_ns;
	bool doomed; /* the supply goes away in the middle of it */
	bool weak;   /* the supply is too low for it: it ends half done, and no flag says so */
};

struct flash;
struct flash_row;

enum { FLASH_STARTS_IWDG = 1, FLASH_STARTS_WWDG = 2 };

struct flash_ops {
	/* A reset ended: registers back, options loaded. */
	void (*reset)(struct flash *f, bool power_on);
	/* A register; `off` is a multiple of 4. NULL: what reg[] holds. */
	uint32_t (*read)(struct flash *f, uint32_t off);
	/* `mask` says which bits of the register the access reaches. */
	enum bus_answer (*write)(struct flash *f, uint32_t off, uint32_t value, uint32_t mask);
	/* A store into the array, when no operation is in work there. */
	enum bus_answer (*store)(struct flash *f, size_t off, const struct bus_access *a);
	/* Two banks, and one operation: a store waits for the other bank, too. */
	bool one_at_a_time;
	/* A store into the option bytes; NULL: they are reached through registers only. */
	enum bus_answer (*store_option)(struct flash *f, uint32_t off, const struct bus_access *a);
	/* A store into the data EEPROM. NULL: there is none. */
	enum bus_answer (*store_eeprom)(struct flash *f, size_t off, const struct bus_access *a);
	/* The bank of a place in the array; NULL: there is one. */
	unsigned (*bank_of)(const struct flash *f, size_t off);
	/* The operation of a bank is over; the array is already changed. */
	void (*finish)(struct flash *f, unsigned bank);
	/* The job that programs options is over: they go into the option cells. */
	void (*keep_options)(struct flash *f, const struct flash_job *job);
	/* A place that may be executed and not read: it reads as zero, and a flag says so. NULL:
	 * there is none. */
	bool (*hidden)(struct flash *f, size_t off);
	/* And one that opening does not erase. */
	bool (*stays)(const struct flash *f, size_t off);
	/* A granule was read whose code does not fit its data. NULL: nothing says so. */
	void (*broken)(struct flash *f, size_t off);
	/* Protection refused a debugger's read. NULL: no flag says so. */
	void (*refused)(struct flash *f, size_t off);
	/* Read-out protection as it is in force: 0, 1 or 2. */
	unsigned (*protection)(const struct flash *f);
	/* Protected, the core's access port is shut altogether. */
	bool shuts_debug;
	/* TrustZone is on and closed: all is secure, and a debugger is not. NULL: never. */
	bool (*secure)(const struct flash *f);
	/* A double error is told by an interrupt; the core gets what the cells say. */
	bool broken_interrupts;
	/* Watchdogs that options start with every reset: FLASH_STARTS_ bits. */
	unsigned (*watchdogs)(const struct flash *f);
	/* For scenarios: options as a factory or an earlier owner left them. */
	void (*set_protection)(struct flash *f, unsigned level);
	/* Write-protect the block that holds `off`. */
	void (*set_write_protection)(struct flash *f, size_t off);
	void (*set_trustzone)(struct flash *f); /* NULL: there is none */
	/* An option says that bank 2 is seen first, where there is such a one. */
	bool (*may_swap)(const struct flash_row *row); /* NULL: no chip of the family has one */
	void (*set_swapped)(struct flash *f);
	void (*set_nrst_mode)(struct flash *f, enum flash_nrst_mode mode);
	/* The option bits with the mode of the reset pin; NULL or 0: it has none. */
	uint32_t (*nrst_bits)(const struct flash_row *row);
	enum flash_nrst_mode (*nrst_mode)(const struct flash *f); /* in force */
};

struct flash_blocks { /* `count` blocks of `bytes` each */
	unsigned count;
	uint32_t bytes;
};

struct flash_row {
	const struct flash_ops *ops;
	uint32_t base, regs;
	uint32_t option_base; /* 0: none on the bus */
	uint32_t option_bytes;
	uint32_t eeprom_base, eeprom_bytes; /* data EEPROM; 0: there is none */
	struct flash_blocks blocks[FLASH_BLOCK_KINDS];
	struct flash_blocks other_blocks[FLASH_BLOCK_KINDS]; /* where options choose the layout */
	uint8_t erased;
	unsigned granule;  /* bytes under one error correcting code; 0: none */
	double program_us; /* one unit of the family */
	double erase_ms;   /* a page; families whose blocks differ have tables of their own */
	double mass_ms;
	uint8_t open_rdp;		 /* the option byte that means: no read-out protection */
	const struct flash_cache *cache; /* NULL: there is none */
	const void *family;		 /* more facts, where a family has them */
};

struct flash_gather { /* stores that wait for the rest of their granule */
	size_t off;
	unsigned filled;
	uint64_t last_ns; /* of the last store */
	uint8_t data[FLASH_GRANULE_MAX];
};

struct flash {
	const struct flash_row *row;
	size_t size;
	struct cells cells, eeprom;
	uint32_t reg[FLASH_REG_BYTES / 4];  /* what the registers read as, by offset / 4 */
	uint8_t option[FLASH_OPTION_BYTES]; /* option bytes on the bus */
	uint32_t option_cells[FLASH_OPTION_WORDS], option_force[FLASH_OPTION_WORDS];
	struct flash_gather gather[FLASH_BANKS];
	struct flash_job job[FLASH_BANKS];
	struct flash_lines data_lines, code_lines;
	unsigned begun[FLASH_JOB_KINDS]; /* operations of each kind, ever */
	unsigned key_step[3];		 /* of the locks: keys seen, or FLASH_KEY_DEAD */
	uint64_t now_ns;
	unsigned supply_mv;		 /* kept up to date by whoever owns the supply */
	double slowness;		 /* 1: typical silicon */
	bool debugger_seen;		 /* since power-on; what some protections act upon */
	size_t changed_from, changed_to; /* cells changed since somebody last asked */
	unsigned doom;		  /* a fault of the bench: the operation of that number; 0: none */
	bool power_lost;	  /* it came to pass; the chip clears it */
	bool system_reset_wanted; /* an option load resets the chip; the chip clears it */
	bool swapped;		  /* bank 2 is seen first; its cells lie first, too */
	bool interrupt_wanted;	  /* ECC tells of a double error by NMI; the chip clears it */
	bool other_layout;
	unsigned blank_banks; /* erased as a whole since the last reset; what fast programming wants
			       */
};

#define FLASH_KEY_DEAD 99

static inline bool flash_is_secure(const struct flash *f)
{
	return f->row->ops->secure && f->row->ops->secure(f);
}

static inline bool flash_has_nrst_mode(const struct flash_row *row)
{
	return row->ops->nrst_bits && row->ops->nrst_bits(row);
}

static inline enum flash_nrst_mode flash_nrst_mode(const struct flash *f)
{
	return flash_has_nrst_mode(f->row) ? f->row->ops->nrst_mode(f) : FLASH_NRST_BOTH;
}

void flash_init(struct flash *f, const struct flash_row *row, size_t size, struct rng *rng);
void flash_done(struct flash *f);
void flash_reset(struct flash *f, bool power_on, uint64_t now_ns);
void flash_advance(struct flash *f, uint64_t now_ns);
/* The cells were changed from outside, as if they had always been so: no cache has seen others. */
void flash_replaced(struct flash *f, size_t off, size_t len);
/* Cells changed, or what is executed from them. */
void flash_changed(struct flash *f, size_t off, size_t len);
/* Erases and programs that were begun, ever. */
unsigned flash_operations(const struct flash *f);
/* Power or reset takes an operation in work away: its cells are left between old and new. */
void flash_cut(struct flash *f, uint64_t now_ns);
bool flash_busy(const struct flash *f);
bool flash_bank_busy(const struct flash *f, unsigned bank);
/* When the operation in work ends; UINT64_MAX without one. */
uint64_t flash_next_event(const struct flash *f);

/* Worn cells: a block that does not erase any more, a word that does not program, a double word
 * that does not erase while its block does. */
void flash_break_block(struct flash *f, size_t off);
void flash_break_cell(struct flash *f, size_t off);
void flash_stick_cell(struct flash *f, size_t off);

/* Accesses by the bus: off is relative to the array, the registers, the option bytes. */
enum bus_answer flash_array(struct flash *f, size_t off, struct bus_access *a);
enum bus_answer flash_register(struct flash *f, uint32_t off, struct bus_access *a);
enum bus_answer flash_eeprom(struct flash *f, size_t off, struct bus_access *a);
enum bus_answer flash_option(struct flash *f, uint32_t off, struct bus_access *a);

/* ---- for the families ---- */

static inline uint32_t *flash_reg(struct flash *f, uint32_t off)
{
	return &f->reg[off / 4];
}

/* `data` is copied, or NULL. Of a job with options off and len are what the family makes of them.
 */
void flash_begin(struct flash *f, unsigned bank, enum flash_job_kind kind, size_t off, size_t len,
		 const uint8_t *data, double us);

/* The two keys of a lock, one after the other. Anything else kills the lock until a reset. */
enum flash_key { FLASH_KEY_FIRST, FLASH_KEY_OPENS, FLASH_KEY_WRONG };
enum flash_key flash_key(struct flash *f, unsigned lock, const uint32_t keys[2], uint32_t value);
/* A key written for the lock that stands as bits `locked` in a register; a wrong one is a bus
 * fault. Keys for a lock that is open kill it. */
enum bus_answer flash_unlock(struct flash *f, unsigned lock, uint32_t off, uint32_t locked,
			     const uint32_t keys[2], uint32_t value);

/* Of two banks of this size, the one that a place belongs to, as the controller counts them. */
static inline unsigned flash_half_of(const struct flash *f, size_t off, size_t bank_bytes)
{
	return (unsigned)(off / bank_bytes) ^ (f->swapped ? 1 : 0);
}

/* And where a bank is seen. */
static inline size_t flash_half_base(const struct flash *f, unsigned bank, size_t bank_bytes)
{
	return (bank ^ (f->swapped ? 1 : 0)) * bank_bytes;
}

static inline const struct flash_blocks *flash_blocks(const struct flash *f)
{
	return f->other_layout ? f->row->other_blocks : f->row->blocks;
}

/* Options say which bank is seen first: the halves of the array change places when that does. */
void flash_swap(struct flash *f, bool swapped);

/* The block that holds `off`: where it begins and how long it is. False: beyond the array. */
bool flash_block_at(const struct flash *f, size_t off, size_t *ret_off, size_t *ret_len);

extern const struct flash_ops flash_fpec_f1, flash_fpec_f0;
extern const struct flash_ops flash_f4, flash_l4, flash_l5, flash_h5, flash_h7, flash_l0;

#endif
