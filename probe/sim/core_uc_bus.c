/*
 * What a core does to its bus while unicorn executes it: accesses and the time they take, stores
 * into flash, loops that wait for a register.
 */
#include "probe/sim/core_uc.h"

#include "probe/base/bytes.h"

/* ---- time ---- */

uint64_t core_time(const struct core *c)
{
	if (!c->slice.running)
		return c->now_ns;
	return c->slice.start_ns + c->slice.used * (NS_PER_S / 8) / c->hz;
}

/* The bus answered late: the core stood still until then. */
static void stall_until(struct core *c, uint64_t ready_ns)
{
	uint64_t at = core_time(c);

	if (ready_ns > at)
		c->slice.used += (ready_ns - at) * 8 * c->hz / NS_PER_S + 1;
}

void core_uc_stop(struct core *c, enum core_stop why)
{
	if (c->slice.why == CORE_STOP_TIME)
		c->slice.why = why;
	uc_emu_stop(c->uc);
}

static void fault_at(struct core *c, uint32_t addr)
{
	c->slice.fault_addr = addr;
	core_uc_stop(c, CORE_STOP_DATA_FAULT);
}

static uint32_t ask_bus(struct core *c, uint32_t addr, unsigned size, bool write, uint32_t value)
{
	struct bus_access a = { .addr = addr,
				.size = size,
				.write = write,
				.value = value,
				.master = BUS_CORE,
				.now_ns = core_time(c),
				.ready_ns = core_time(c) };
	enum bus_answer answer = c->bus.access(c->bus.user, &a);

	stall_until(c, a.ready_ns);
	if (answer == BUS_FAULT)
		fault_at(c, addr);
	return a.value;
}

/* ---- stores into flash ---- */

const struct core_map *core_uc_map_at(const struct core *c, uint32_t addr)
{
	unsigned i;

	for (i = 0; i < c->n_maps; i++)
		if (addr - c->map[i].base < c->map[i].size)
			return &c->map[i];
	return NULL;
}

static void put_bytes(uint8_t *at, uint32_t value, unsigned size)
{
	unsigned i;

	for (i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get_bytes(const uint8_t *at, unsigned size)
{
	return size == 4 ? get_le32(at) : size == 2 ? get_le16(at) : *at;
}

static void put_back_load(struct core *c)
{
	struct core_slice *s = &c->slice;
	const struct core_map *m;

	if (!s->load.pending)
		return;
	s->load.pending = false;
	m = core_uc_map_at(c, s->load.addr);
	put_bytes(m->at + (s->load.addr - m->base), s->load.old, s->load.size);
}

void core_uc_finish_access(struct core *c)
{
	struct core_slice *s = &c->slice;
	const struct core_map *m;

	put_back_load(c);
	if (!s->store.pending)
		return;
	s->store.pending = false;
	m = core_uc_map_at(c, s->store.addr);
	put_bytes(m->at + (s->store.addr - m->base), s->store.old, s->store.size);
	ask_bus(c, s->store.addr, s->store.size, true, s->store.value);
}

void core_uc_on_flash_write(uc_engine *uc, uc_mem_type type, uint64_t address, int size,
			    int64_t value, void *user)
{
	struct core *c = user;
	const struct core_map *m = core_uc_map_at(c, (uint32_t)address);

	(void)uc, (void)type;
	core_uc_finish_access(c); /* of the same instruction, if it stores several words */
	if (size > 4 || !m) {
		fault_at(c, (uint32_t)address);
		return;
	}
	c->slice.store.pending = true;
	c->slice.store.addr = (uint32_t)address;
	c->slice.store.size = (unsigned)size;
	c->slice.store.value = (uint32_t)value;
	c->slice.store.old = get_bytes(m->at + (address - m->base), (unsigned)size);
}

/* Unicorn loads next, and from memory: what the bus says is put there for as long as that takes. */
void core_uc_on_flash_read(uc_engine *uc, uc_mem_type type, uint64_t address, int size,
			   int64_t value, void *user)
{
	struct core *c = user;
	const struct core_map *m = core_uc_map_at(c, (uint32_t)address);
	unsigned bytes = (unsigned)size > 4 ? 4 : (unsigned)size;
	uint32_t off, old, seen;

	(void)uc, (void)type, (void)value;
	put_back_load(c); /* of the same instruction, if it loads several words */
	seen = ask_bus(c, (uint32_t)address, bytes, false, 0);
	if (!m || c->slice.why != CORE_STOP_TIME)
		return;
	off = (uint32_t)address - m->base;
	if (off + bytes > m->size)
		return;
	old = get_bytes(m->at + off, bytes);
	if (old == seen)
		return;
	c->slice.load.pending = true;
	c->slice.load.addr = (uint32_t)address;
	c->slice.load.size = bytes;
	c->slice.load.old = old;
	put_bytes(m->at + off, seen, bytes);
}

/* ---- loops that wait ---- */

/* Whether the core's registers are as they were at the last look. */
static bool same_state(struct core *c, struct core_poll *p)
{
	bool same = p->snapshot;
	unsigned i;

	for (i = 0; i <= CORE_PSP; i++) {
		uint32_t now = core_reg(c, i);

		same &= now == p->reg[i];
		p->reg[i] = now;
	}
	p->snapshot = true;
	return same;
}

/* A loop that also stores (counts, feeds a watchdog) goes on doing so, only less often. */
#define STORES_EVERY_NS (NS_PER_S / 2000)

/*
 * Whoever reads a register waits for what the bus has in work, or, if nothing is stored, for a hand
 * from outside. Whoever writes the same again and again waits for one in memory.
 */
static uint64_t waiting_ends(struct core *c, const struct core_poll *p)
{
	const struct core_slice *s = &c->slice;
	uint64_t quiet_ns = c->bus.quiet_until(c->bus.user), until = s->budget, few;

	if (quiet_ns != UINT64_MAX && quiet_ns > s->start_ns)
		until = (quiet_ns - s->start_ns) * c->hz / (NS_PER_S / 8);
	else if (p->stored && p == &s->read)
		return s->used;
	few = s->used + STORES_EVERY_NS * c->hz / (NS_PER_S / 8);
	if ((p->stored || p == &s->write) && until > few)
		until = few;
	return until < s->budget ? until : s->budget;
}

/*
 * The same instruction read the same value from the same register, or wrote it, with all of the
 * core's registers as they were: so it will go on until something changes. Leave out as many whole
 * turns of the loop as fit before that.
 */
static void skip_waiting(struct core *c, struct core_poll *p, uint32_t addr, uint32_t value)
{
	struct core_slice *s = &c->slice;
	bool repeats = p->known && p->pc == s->last_pc && p->addr == addr && p->value == value;
	uint64_t turn = s->used - p->used, end;

	if (!repeats)
		p->snapshot = false;
	else if (same_state(c, p) && turn) {
		end = waiting_ends(c, p);
		if (end > s->used)
			s->used += (end - s->used) / turn * turn;
	}
	p->known = true;
	p->stored = false;
	p->pc = s->last_pc;
	p->addr = addr;
	p->value = value;
	p->used = s->used;
}

uint64_t core_uc_on_mmio_read(uc_engine *uc, uint64_t off, unsigned size, void *user)
{
	const struct mmio *m = user;
	uint32_t value = ask_bus(m->core, m->base + (uint32_t)off, size, false, 0);

	(void)uc;
	skip_waiting(m->core, &m->core->slice.read, m->base + (uint32_t)off, value);
	return value;
}

void core_uc_on_mmio_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value, void *user)
{
	const struct mmio *m = user;

	(void)uc;
	ask_bus(m->core, m->base + (uint32_t)off, size, true, (uint32_t)value);
	skip_waiting(m->core, &m->core->slice.write, m->base + (uint32_t)off, (uint32_t)value);
}
