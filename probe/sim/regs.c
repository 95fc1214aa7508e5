/* Peripheral registers that do nothing but remember (a hash table with linear probing). */
#include "probe/sim/regs.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_AT_FIRST 64

void regs_init(struct regs *r)
{
	*r = (struct regs){ .n_slots = SLOTS_AT_FIRST };
	r->slot = calloc(r->n_slots, sizeof(r->slot[0]));
	if (!r->slot)
		abort();
}

void regs_done(struct regs *r)
{
	free(r->slot);
	*r = (struct regs){ 0 };
}

void regs_clear(struct regs *r)
{
	memset(r->slot, 0, r->n_slots * sizeof(r->slot[0]));
	r->n_used = 0;
}

static struct regs_slot *find(const struct regs *r, uint32_t addr)
{
	size_t i = (addr >> 2) * 2654435761u % r->n_slots;

	while (r->slot[i].addr && r->slot[i].addr != addr)
		i = (i + 1) % r->n_slots;
	return &r->slot[i];
}

uint32_t regs_read(const struct regs *r, uint32_t addr)
{
	return find(r, addr)->value;
}

static void grow(struct regs *r)
{
	struct regs old = *r;
	size_t i;

	r->n_slots *= 2;
	r->slot = calloc(r->n_slots, sizeof(r->slot[0]));
	if (!r->slot)
		abort();
	for (i = 0; i < old.n_slots; i++)
		if (old.slot[i].addr)
			*find(r, old.slot[i].addr) = old.slot[i];
	free(old.slot);
}

void regs_write(struct regs *r, uint32_t addr, uint32_t value, uint32_t mask)
{
	struct regs_slot *s;

	if (r->n_used * 2 >= r->n_slots)
		grow(r);
	s = find(r, addr);
	if (!s->addr) {
		s->addr = addr;
		r->n_used++;
	}
	s->value = (s->value & ~mask) | (value & mask);
}
