/* What chip is it? See chip.h. */
#include "flash/chip.h"

#include "probe/base/bytes.h"
#include "probe/cortexm.h"

static const char *const ctrl_names[CHIP_CTRLS] = { "none", "fpec", "f4", "l0",	 "l4",
						    "l5",   "h5",   "h7", "h7ab" };

const char *chip_ctrl_name(enum chip_ctrl ctrl)
{
	return ctrl_names[ctrl];
}

const char *chip_proof_name(enum chip_proof proof)
{
	static const char *const names[] = { "none", "unit", "bench", "peer", "hardware" };

	return names[proof];
}

const struct chip *chips_find(const struct chips *c, uint16_t dev_id)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->at[i].dev_id == dev_id)
			return &c->at[i];
	return NULL;
}

/* ---- identity ---- */

/* Where DBGMCU_IDCODE is, by the core; 0: no further place. */
struct id_place {
	uint16_t part;
	uint32_t at[2];
};

static const struct id_place id_places[] = {
	{ 0xc20, { 0x40015800 } },	       /* M0 */
	{ 0xc60, { 0x40015800 } },	       /* M0+ */
	{ 0xc23, { 0xe0042000 } },	       /* M3 */
	{ 0xc24, { 0xe0042000, 0x5c001000 } }, /* M4; that of H745 */
	{ 0xc27, { 0xe0042000, 0x5c001000 } }, /* M7 of F7; of H7 */
	{ 0xd21, { 0xe0044000, 0x44024000 } }, /* M33 of L5, U5; of H5 */
	{ 0xd20, { 0x40015800 } },	       /* M23: GD32E230 */
};

/* Revisions by which copies of the F103 and the F303 give themselves away. */
struct lookalike {
	uint16_t dev_id, rev_id, part;
	const char *name;
};

static const struct lookalike lookalikes[] = {
	{ 0x410, 0x1303, 0, "GD32" }, { 0x410, 0x1704, 0, "GD32" },
	{ 0x410, 0x1906, 0, "GD32" }, { 0x410, 0x1909, 0, "GD32" },
	{ 0x414, 0x1303, 0, "GD32" }, { 0x410, 0, 0xc24, "AT32 or GD32" },
	{ 0x410, 0, 0xd20, "GD32" },
};

/* CKS32F103, CS32F103 and APM32F103 carry a debug port that ST's part has not; the core shows it.
 */
#define CPUID_R1P1_M3 0x411fc231U /* of every STM32F10x */

const char *chip_looks_like(uint32_t cpuid, uint32_t idcode)
{
	uint16_t part = cpuid >> 4 & 0xfff, dev_id = idcode & 0xfff,
		 rev_id = (uint16_t)(idcode >> 16);

	for (size_t i = 0; i < sizeof(lookalikes) / sizeof(lookalikes[0]); i++) {
		const struct lookalike *l = &lookalikes[i];

		if (l->dev_id == dev_id && (!l->part || l->part == part) &&
		    (!l->rev_id || l->rev_id == rev_id))
			return l->name;
	}
	if (dev_id == 0x410 && part == 0xc23 && cpuid != CPUID_R1P1_M3)
		return "CKS32, CS32 or APM32";
	return NULL;
}

/* F405 of revision A calls itself F2. */
static uint16_t true_id(const struct chip_identity *id)
{
	return id->dev_id == 0x411 && (id->cpuid >> 4 & 0xfff) == 0xc24 ? 0x413 : id->dev_id;
}

static int read_idcode(struct target *t, const struct id_place *p, struct chip_identity *id,
		       struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < 2 && p->at[i]; i++) {
		uint32_t word = 0;

		rc = target_read32(t, p->at[i], &word, e);
		if (rc && rc != ERR_STATUS)
			return rc;
		if (rc)
			target_clear_errors(t, NULL, NULL);
		if (!rc && word & 0xfff) {
			id->idcode = word;
			id->idcode_at = p->at[i];
			id->dev_id = word & 0xfff;
			id->rev_id = (uint16_t)(word >> 16);
			return 0;
		}
	}
	return rc ? rc : err_set(e, ERR_NOT_FOUND, "DBGMCU gives no device id");
}

/* H5: behind its first access port is no core, and nothing is read there. */
static int read_cpuid(struct target *t, uint32_t *ret, struct err *e)
{
	int rc = cortexm_read_cpuid(t, ret, e);

	if (rc || *ret || target_next_port(t, NULL))
		return rc;
	rc = cortexm_enable_debug(t, e);
	return rc ? rc : cortexm_read_cpuid(t, ret, e);
}

int chip_detect(const struct chips *c, struct target *t, struct chip_identity *ret, struct err *e)
{
	struct chip_identity id = { 0 };
	const struct id_place *p = NULL;
	int rc = read_cpuid(t, &id.cpuid, e);

	for (size_t i = 0; !rc && i < sizeof(id_places) / sizeof(id_places[0]); i++)
		if (id_places[i].part == (id.cpuid >> 4 & 0xfff))
			p = &id_places[i];
	if (!rc && !p)
		rc = err_set_native(e, ERR_NOT_FOUND, (int)id.cpuid,
				    "no STM32 has such a core (CPUID 0x%08x)", id.cpuid);
	if (!rc)
		rc = read_idcode(t, p, &id, e);
	if (rc)
		return err_prefix(e, rc, "identifying the chip");
	id.dev_id = true_id(&id);
	id.lookalike = chip_looks_like(id.cpuid, id.idcode);
	id.chip = chips_find(c, id.dev_id);
	*ret = id;
	return 0;
}

/* ---- size ---- */

static uint32_t kib_of(const struct chip *c, uint16_t raw)
{
	switch (c->size_kind) {
	case CHIP_SIZE_KIB8:
		return raw & 0xff;
	case CHIP_SIZE_CODE_L1:
		return raw == 0 ? 384 : raw == 1 ? 256 : 0;
	case CHIP_SIZE_KIB16:
		break;
	}
	return raw == 0xffff ? 0 : raw;
}

int chip_read_size(const struct chip *c, struct target *t, uint32_t *ret, bool *ret_known,
		   struct err *e)
{
	uint8_t half[2] = { 0 };
	uint32_t kib = 0;
	int rc = c->size_reg ? target_read_wide(t, 2, c->size_reg, half, 2, e) : 0;

	if (rc)
		return err_prefix(e, rc, "reading the flash size");
	if (c->size_reg)
		kib = kib_of(c, get_le16(half));
	*ret_known = kib && kib <= c->max_bytes / 1024;
	*ret = *ret_known ? kib * 1024 : c->max_bytes;
	return 0;
}
