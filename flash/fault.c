/* A failed step in words and as JSON: see fault.h. */
#include "flash/fault.h"

static const char *const step_names[FAULT_STEPS] = {
	"none", "connect", "identify",	 "prepare", "loader", "unlock", "compare",
	"keep", "erase",   "mass-erase", "program", "verify", "read",	"finish",
};

const char *fault_step_name(enum fault_step step)
{
	return step_names[step];
}

const char *fault_loader_name(enum fault_loader l)
{
	static const char *const names[] = { "not used", "running", "stuck",	  "halted",
					     "crashed",	 "reset",   "unreachable" };

	return names[l];
}

void fault_init(struct flash_fault *f, enum fault_step step)
{
	*f = (struct flash_fault){ .step = step, .attempt = 1 };
}

void fault_set_address(struct flash_fault *f, uint32_t address)
{
	f->has_address = true;
	f->address = address;
}

static void write_mismatch(const struct fault_mismatch *m, struct buf *out)
{
	if (!m->differ) {
		buf_addf(out, ", the checksum of %u bytes differs", m->compared);
		return;
	}
	buf_addf(out, ", %u of %u bytes differ, first at 0x%08x (0x%02x, should be 0x%02x)",
		 m->differ, m->compared, m->first, m->found, m->expected);
	if (m->stayed_erased && !m->stayed_programmed)
		buf_add_str(out, ", all by bits that stayed erased");
	if (m->stayed_programmed && !m->stayed_erased)
		buf_add_str(out, ", all by bits that stayed programmed");
}

static void write_supply(const struct flash_fault *f, struct buf *out)
{
	if (f->has_voltage)
		buf_addf(out, ", supply %d mV%s", f->voltage.mv,
			 f->voltage.trusted ? "" : " as the probe sees it");
	if (f->had_voltage)
		buf_addf(out, ", %d mV before", f->voltage_before.mv);
	if (f->has_least)
		buf_addf(out, ", %d mV at least while flash was written", f->least_mv);
	if (f->resets & CORTEXM_CAUSE_POWER)
		buf_add_str(out, ", the chip lost its supply meanwhile");
}

void fault_write_text(const struct flash_fault *f, struct buf *out)
{
	buf_addf(out, "step %s", fault_step_name(f->step));
	if (f->has_address)
		buf_addf(out, " at 0x%08x", f->address);
	if (f->attempt > 1)
		buf_addf(out, ", attempt %u", f->attempt);
	if (f->link.code)
		buf_addf(out, ": %s", f->link.text);
	if (f->has_sr)
		buf_addf(out, ", SR 0x%08x", f->sr);
	for (size_t i = 0; i < f->n_bits; i++)
		buf_addf(out, "%s %s: %s", i ? ";" : ",", f->bits[i].name, f->bits[i].says);
	if (f->timed_out)
		buf_add_str(out, ", timed out");
	if (f->has_mismatch)
		write_mismatch(&f->mismatch, out);
	if (f->loader > FAULT_LOADER_RUNNING)
		buf_addf(out, ", the loader is %s", fault_loader_name(f->loader));
	if (f->has_core)
		buf_addf(out, " (DHCSR 0x%08x, pc 0x%08x, CFSR 0x%08x)", f->dhcsr, f->pc, f->cfsr);
	write_supply(f, out);
}

static void put_optional_hex(struct json *j, const char *key, bool has, uint32_t value)
{
	if (has)
		json_put_hex(j, key, value, 8);
	else
		json_put_null(j, key);
}

static void write_json_mismatch(const struct fault_mismatch *m, struct json *j)
{
	json_open_object(j, "mismatch");
	json_put_int(j, "compared", m->compared);
	json_put_int(j, "differ", m->differ);
	put_optional_hex(j, "first", m->differ, m->first);
	json_put_int(j, "bits_stayed_erased", m->stayed_erased);
	json_put_int(j, "bits_stayed_programmed", m->stayed_programmed);
	json_close_object(j);
}

void fault_write_json(const struct flash_fault *f, struct json *j)
{
	json_put_str(j, "step", fault_step_name(f->step));
	json_put_int(j, "attempt", f->attempt);
	put_optional_hex(j, "address", f->has_address, f->address);
	if (f->link.code) {
		json_put_str(j, "link_error", f->link.text);
		json_put_str(j, "link_code", err_code_text(f->link.code));
		json_put_int(j, "link_native", f->link.native);
		put_optional_hex(j, "link_address", f->has_fault_address, f->fault_address);
	}
	put_optional_hex(j, "sr", f->has_sr, f->sr);
	json_open_array(j, "sr_bits");
	for (size_t i = 0; i < f->n_bits; i++)
		json_put_str(j, NULL, f->bits[i].name);
	json_close_array(j);
	json_put_bool(j, "timed_out", f->timed_out);
	if (f->has_mismatch)
		write_json_mismatch(&f->mismatch, j);
	json_put_str(j, "loader", fault_loader_name(f->loader));
	if (f->has_core) {
		json_put_hex(j, "dhcsr", f->dhcsr, 8);
		json_put_hex(j, "pc", f->pc, 8);
		json_put_hex(j, "cfsr", f->cfsr, 8);
	}
	if (f->has_voltage)
		json_put_int(j, "supply_mv", f->voltage.mv);
	if (f->had_voltage)
		json_put_int(j, "supply_before_mv", f->voltage_before.mv);
	if (f->has_least)
		json_put_int(j, "supply_least_mv", f->least_mv);
	json_put_bool(j, "lost_power", f->resets & CORTEXM_CAUSE_POWER);
	json_put_int(j, "waits", (int64_t)f->waits);
}
