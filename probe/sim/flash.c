/* What the flash controllers of all families share. */
#include "probe/sim/flash.h"

#include <assert.h>
#include <string.h>

#include "probe/base/bytes.h"

#define DOOMED_DONE 0.5	 /* and one whose supply goes away in the middle */
#define WEAKLY_DONE 0.95 /* how far a job gets whose supply is too low */

void flash_init(struct flash *f, const struct flash_row *row, size_t size, struct rng *rng)
{
	*f = (struct flash){ .row = row, .size = size, .supply_mv = 3300, .slowness = 1 };
	cells_init(&f->cells, size, row->erased, row->granule, rng);
	if (row->eeprom_bytes)
		cells_init(&f->eeprom, row->eeprom_bytes, row->erased, 0, rng);
}

void flash_done(struct flash *f)
{
	cells_done(&f->cells);
	cells_done(&f->eeprom);
}

void flash_reset(struct flash *f, bool power_on, uint64_t now_ns)
{
	flash_cut(f, now_ns);
	memset(f->key_step, 0, sizeof(f->key_step));
	memset(f->gather, 0, sizeof(f->gather));
	if (power_on)
		f->debugger_seen = false;
	flash_cache_reset(f);
	f->row->ops->reset(f, power_on);
}

void flash_break_block(struct flash *f, size_t off)
{
	size_t from, len;

	if (flash_block_at(f, off, &from, &len))
		cells_break(&f->cells, from, len, CELLS_STAY_PROGRAMMED);
}

void flash_break_cell(struct flash *f, size_t off)
{
	if (off < f->size)
		cells_break(&f->cells, off & ~(size_t)3, 4, CELLS_STAY_ERASED);
}

void flash_stick_cell(struct flash *f, size_t off)
{
	if (off < f->size)
		cells_break(&f->cells, off & ~(size_t)7, 8, CELLS_STAY_PROGRAMMED);
}

/* ---- operations ---- */

void flash_begin(struct flash *f, unsigned bank, enum flash_job_kind kind, size_t off, size_t len,
		 const uint8_t *data, double us)
{
	struct flash_job *job = &f->job[bank];

	assert(job->kind == FLASH_JOB_NONE && len <= f->size);
	if (f->power_lost)
		return;
	f->begun[kind == FLASH_JOB_OPEN ? FLASH_JOB_ERASE : kind]++;
	*job = (struct flash_job){ .kind = kind, .off = off, .len = len, .start_ns = f->now_ns };
	job->end_ns = f->now_ns + (uint64_t)(us * f->slowness * (double)NS_PER_US);
	job->doomed = f->doom && flash_operations(f) == f->doom;
	if (data)
		memcpy(job->data, data, len);
}

unsigned flash_operations(const struct flash *f)
{
	return f->begun[FLASH_JOB_PROGRAM] + f->begun[FLASH_JOB_ERASE];
}

void flash_changed(struct flash *f, size_t off, size_t len)
{
	if (!len)
		return;
	if (f->changed_from == f->changed_to || off < f->changed_from)
		f->changed_from = off;
	if (off + len > f->changed_to)
		f->changed_to = off + len;
}

void flash_replaced(struct flash *f, size_t off, size_t len)
{
	flash_cache_reset(f);
	flash_changed(f, off, len);
}

/* All but the blocks that stay. */
static void open_cells(struct flash *f, double done)
{
	size_t off = 0, len;

	for (; flash_block_at(f, off, &off, &len); off += len) {
		if (f->row->ops->stays && f->row->ops->stays(f, off))
			continue;
		if (done < 1)
			cells_erase_cut(&f->cells, off, len, done);
		else
			cells_erase(&f->cells, off, len);
	}
	if (f->row->eeprom_bytes)
		cells_erase(&f->eeprom, 0, f->row->eeprom_bytes);
	flash_changed(f, 0, f->size);
}

/* Its words are erased and programmed in one; cut short, bits of both are in work. */
static void change_eeprom(struct flash *f, const struct flash_job *job, double done)
{
	if (done < 1)
		cells_erase_cut(&f->eeprom, job->off, job->len, done);
	else
		cells_erase(&f->eeprom, job->off, job->len);
	if (done < 1)
		cells_program_cut(&f->eeprom, job->off, job->data, job->len, done);
	else
		cells_program(&f->eeprom, job->off, job->data, job->len);
}

/* The cells after the job, of whose time the share `done` has passed. */
static void change_cells(struct flash *f, const struct flash_job *job, double done)
{
	size_t off = job->off, len = job->len;

	if (job->kind == FLASH_JOB_OPEN) {
		open_cells(f, done);
		return;
	}
	if (job->kind == FLASH_JOB_EEPROM) {
		change_eeprom(f, job, done);
		return;
	}
	if (job->kind == FLASH_JOB_PROGRAM && done < 1)
		cells_program_cut(&f->cells, off, job->data, len, done);
	else if (job->kind == FLASH_JOB_PROGRAM)
		cells_program(&f->cells, off, job->data, len);
	else if (job->kind == FLASH_JOB_ERASE && done < 1)
		cells_erase_cut(&f->cells, off, len, done);
	else if (job->kind == FLASH_JOB_ERASE)
		cells_erase(&f->cells, off, len);
	else
		return;
	if (job->kind == FLASH_JOB_PROGRAM)
		flash_cache_programmed(f, off, len);
	flash_changed(f, off, len);
}

static void take_effect(struct flash *f, unsigned bank)
{
	struct flash_job job = f->job[bank];

	f->job[bank].kind = FLASH_JOB_NONE;
	if (job.doomed) {
		change_cells(f, &job, DOOMED_DONE);
		f->doom = 0;
		f->power_lost = true;
		return;
	}
	change_cells(f, &job, job.weak ? WEAKLY_DONE : 1);
	if (job.kind == FLASH_JOB_OPTIONS || job.kind == FLASH_JOB_OPEN)
		f->row->ops->keep_options(f, &job);
	f->row->ops->finish(f, bank);
}

/* The bank whose operation ends first; FLASH_BANKS: nothing is in work. */
static unsigned first_to_end(const struct flash *f)
{
	unsigned i, first = FLASH_BANKS;

	for (i = 0; i < FLASH_BANKS; i++)
		if (flash_bank_busy(f, i) &&
		    (first == FLASH_BANKS || f->job[i].end_ns < f->job[first].end_ns))
			first = i;
	return first;
}

void flash_advance(struct flash *f, uint64_t now_ns)
{
	unsigned bank = first_to_end(f);

	for (; bank < FLASH_BANKS && f->job[bank].end_ns <= now_ns; bank = first_to_end(f)) {
		if (f->now_ns < f->job[bank].end_ns)
			f->now_ns = f->job[bank].end_ns;
		take_effect(f, bank);
	}
	if (f->now_ns < now_ns)
		f->now_ns = now_ns;
}

void flash_cut(struct flash *f, uint64_t now_ns)
{
	unsigned i;

	flash_advance(f, now_ns);
	for (i = 0; i < FLASH_BANKS; i++) {
		struct flash_job *job = &f->job[i];
		double done = (double)(f->now_ns - job->start_ns) /
			      (double)(job->end_ns - job->start_ns + 1);

		change_cells(f, job, done);
		job->kind = FLASH_JOB_NONE;
	}
}

bool flash_bank_busy(const struct flash *f, unsigned bank)
{
	return f->job[bank].kind != FLASH_JOB_NONE;
}

bool flash_busy(const struct flash *f)
{
	return flash_bank_busy(f, 0) || flash_bank_busy(f, 1);
}

uint64_t flash_next_event(const struct flash *f)
{
	unsigned bank = first_to_end(f);

	return bank < FLASH_BANKS ? f->job[bank].end_ns : UINT64_MAX;
}

/* ---- accesses ---- */

/* Wait for what is in work in a bank: the bus answers when it is over. */
static void stall(struct flash *f, unsigned bank, struct bus_access *a)
{
	uint64_t end;

	while (flash_bank_busy(f, bank)) {
		end = f->job[bank].end_ns;
		flash_advance(f, end);
		if (a->ready_ns < end)
			a->ready_ns = end;
	}
}

/* Where the code of a granule does not fit: a bus error, or an interrupt beside the data. */
static bool broken_stops(struct flash *f, size_t off, const struct bus_access *a)
{
	if (!cells_torn(&f->cells, off, a->size))
		return false;
	if (f->row->ops->broken)
		f->row->ops->broken(f, off);
	if (!f->row->ops->broken_interrupts || a->master == BUS_DEBUG)
		return true;
	f->interrupt_wanted = true;
	return false;
}

enum bus_answer flash_array(struct flash *f, size_t off, struct bus_access *a)
{
	unsigned bank = f->row->ops->bank_of ? f->row->ops->bank_of(f, off) : 0;
	uint8_t bytes[4] = { 0 };

	flash_advance(f, a->now_ns);
	stall(f, bank, a);
	if (a->write && f->row->ops->one_at_a_time)
		stall(f, !bank, a);
	if (a->write)
		return f->row->ops->store(f, off, a);
	if (f->debugger_seen && f->row->ops->protection(f) > 0) {
		if (f->row->ops->refused)
			f->row->ops->refused(f, off);
		return BUS_FAULT;
	}
	cells_waver(&f->cells, off, a->size);
	if (broken_stops(f, off, a))
		return BUS_FAULT;
	if ((f->row->ops->hidden && f->row->ops->hidden(f, off)) ||
	    (a->master == BUS_DEBUG && flash_is_secure(f))) {
		a->value = 0;
		return BUS_OK;
	}
	flash_cache_read(f, off, a, bytes);
	a->value = get_le32(bytes);
	return BUS_OK;
}

enum bus_answer flash_register(struct flash *f, uint32_t off, struct bus_access *a)
{
	uint32_t word = off & ~(uint32_t)3, shift = 8 * (off & 3);
	const struct flash_ops *ops = f->row->ops;
	uint32_t value, acr = f->reg[0];
	enum bus_answer answer;

	flash_advance(f, a->now_ns);
	if (off >= FLASH_REG_BYTES)
		return BUS_FAULT;
	if (a->write) {
		answer = ops->write(f, word, a->value << shift, bus_lane_mask(off, a->size));
		if (!word)
			flash_cache_control(f, acr);
		return answer;
	}
	value = ops->read ? ops->read(f, word) : *flash_reg(f, word);
	a->value = (value & bus_lane_mask(off, a->size)) >> shift;
	return BUS_OK;
}

enum bus_answer flash_eeprom(struct flash *f, size_t off, struct bus_access *a)
{
	unsigned i;

	flash_advance(f, a->now_ns);
	stall(f, 0, a);
	if (f->debugger_seen && f->row->ops->protection(f) > 0)
		return BUS_FAULT;
	if (a->write)
		return f->row->ops->store_eeprom(f, off, a);
	a->value = 0;
	for (i = 0; i < a->size; i++)
		a->value |= (uint32_t)f->eeprom.at[off + i] << (8 * i);
	return BUS_OK;
}

enum bus_answer flash_option(struct flash *f, uint32_t off, struct bus_access *a)
{
	unsigned i;

	flash_advance(f, a->now_ns);
	if (off + a->size > f->row->option_bytes)
		return BUS_FAULT;
	if (a->write && !f->row->ops->store_option)
		return BUS_FAULT;
	stall(f, 0, a);
	if (a->write)
		return f->row->ops->store_option(f, off, a);
	a->value = 0;
	for (i = 0; i < a->size; i++)
		a->value |= (uint32_t)f->option[off + i] << (8 * i);
	return BUS_OK;
}

/* ---- for the families ---- */

enum flash_key flash_key(struct flash *f, unsigned lock, const uint32_t keys[2], uint32_t value)
{
	unsigned *step = &f->key_step[lock];

	if (*step < 2 && value == keys[*step]) {
		*step += 1;
		if (*step < 2)
			return FLASH_KEY_FIRST;
		*step = 0; /* locking again starts over */
		return FLASH_KEY_OPENS;
	}
	*step = FLASH_KEY_DEAD;
	return FLASH_KEY_WRONG;
}

enum bus_answer flash_unlock(struct flash *f, unsigned lock, uint32_t off, uint32_t locked,
			     const uint32_t keys[2], uint32_t value)
{
	if (!(*flash_reg(f, off) & locked))
		f->key_step[lock] = FLASH_KEY_DEAD;
	switch (flash_key(f, lock, keys, value)) {
	case FLASH_KEY_OPENS:
		*flash_reg(f, off) &= ~locked;
		return BUS_OK;
	case FLASH_KEY_WRONG:
		return BUS_FAULT;
	case FLASH_KEY_FIRST:
		break;
	}
	return BUS_OK;
}

void flash_swap(struct flash *f, bool swapped)
{
	if (f->swapped == swapped)
		return;
	f->swapped = swapped;
	cells_swap_halves(&f->cells);
	flash_changed(f, 0, f->size);
}

bool flash_block_at(const struct flash *f, size_t off, size_t *ret_off, size_t *ret_len)
{
	const struct flash_blocks *b = flash_blocks(f), *end = b + FLASH_BLOCK_KINDS;
	size_t at = 0;

	for (; b < end && b->count; b++) {
		size_t len = (size_t)b->count * b->bytes;

		if (off < at + len && off < f->size) {
			*ret_off = at + (off - at) / b->bytes * b->bytes;
			*ret_len = b->bytes;
			return true;
		}
		at += len;
	}
	return false;
}
