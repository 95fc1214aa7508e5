/* The bench: construction, the USB device, time. */
#include "probe/sim/bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/sim/program.h"

#define CONTROL_US 400.0 /* setup, data and status stage of a full speed device */

#define REQUEST_GET_STATUS	  0
#define REQUEST_CLEAR_FEATURE	  1
#define REQUEST_GET_DESCRIPTOR	  6
#define REQUEST_GET_CONFIGURATION 8
#define REQUEST_SET_CONFIGURATION 9
#define REQUEST_SET_INTERFACE	  11
#define TO_HOST			  0x80

/* ---- construction ---- */

/* The scenario's probe, at the speed of the scenario's host. */
static struct probe_row timed_row(const struct scenario *s)
{
	struct probe_row row = *s->probe;

	if (s->host->out_us > 0) {
		row.turn_us = s->host->turn_us;
		row.out_us = s->host->out_us;
		row.in_us = s->host->in_us;
	}
	if (s->host->command_us > 0 && row.command_us < 100) /* old firmware stays slow */
		row.command_us = s->host->command_us;
	return row;
}

static int load_program(struct bench *b, struct err *e)
{
	struct flash *f = &b->chip.flash;
	uint8_t built[PROGRAM_MAX];
	FILE *file;
	size_t n;

	if (b->s.program == PROGRAM_BLANK)
		return 0;
	if (b->s.program != PROGRAM_FILE) {
		n = program_build(b->s.chip, b->s.program, b->s.after_ms,
				  clocks_core_hz(&b->chip.clocks), built);
		memcpy(f->cells.at, built, n);
		return 0;
	}
	file = fopen(b->s.program_file, "rb");
	if (!file)
		return err_set_native(e, ERR_IO, errno, "cannot open %s: %s", b->s.program_file,
				      strerror(errno));
	n = fread(f->cells.at, 1, f->size, file);
	fclose(file);
	return n ? 0 : err_set(e, ERR_FORMAT, "%s is empty", b->s.program_file);
}

static void prepare_chip(struct bench *b)
{
	const struct scenario *s = &b->s;
	struct flash *f = &b->chip.flash;
	size_t i;

	if (s->protection)
		f->row->ops->set_protection(f, s->protection);
	if (s->swapped)
		f->row->ops->set_swapped(f);
	if (s->trustzone)
		f->row->ops->set_trustzone(f);
	if (s->nrst_mode)
		f->row->ops->set_nrst_mode(f, s->nrst_mode);
	for (i = 0; i < s->n_write_protected; i++)
		f->row->ops->set_write_protection(f, s->write_protected[i] - f->row->base);
	if (s->slowness > 0)
		f->slowness = s->slowness;
	if (s->bad_block)
		flash_break_block(f, s->bad_block - f->row->base);
	if (s->bad_cell)
		flash_break_cell(f, s->bad_cell - f->row->base);
	if (s->stuck_cell)
		flash_stick_cell(f, s->stuck_cell - f->row->base);
	b->chip.hardware_watchdog = s->hardware_watchdog;
	if (s->told_kib)
		b->chip.told_kib = s->told_kib;
	b->chip.idcode = s->idcode ? s->idcode : s->chip->idcode;
	b->chip.dpidr = s->dpidr ? s->dpidr : s->chip->dpidr;
}

int bench_init(struct bench *b, const struct scenario *s, struct err *e)
{
	int rc;

	*b = (struct bench){ .s = *s };
	rng_init(&b->rng, s->seed);
	b->timed = timed_row(s);
	chip_init(&b->chip, s->chip, &b->rng);
	dap_init(&b->dap, &b->chip);
	wire_init(&b->wire, &b->dap, &b->rng);
	memcpy(b->wire.state, s->state, sizeof(b->wire.state));
	b->wire.quality = s->quality;
	b->wire.contact = s->contact;
	b->wire.nrst_rise_ns = s->nrst_rise_ns;
	fw_init(&b->fw, &b->timed, &b->wire);
	b->fw.version = s->version;
	fw_default_speed(&b->fw);
	flash_reset(&b->chip.flash, true, 0); /* options exist before the first power-on */
	clocks_reset(&b->chip.clocks, CLOCKS_POR);
	prepare_chip(b);
	rc = load_program(b, e);
	if (rc) {
		bench_done(b);
		return rc;
	}
	wire_update_nrst(&b->wire);
	chip_set_supply(&b->chip, s->mv, 0);
	bench_plug(b, !s->absent);
	bench_faults_begin(b);
	/* The board has been on for a second when somebody comes. */
	b->now_ns = NS_PER_S;
	bench_settle(b);
	return 0;
}

void bench_done(struct bench *b)
{
	fw_done(&b->fw);
	chip_done(&b->chip);
}

/* ---- time ---- */

static void spend_us(struct bench *b, double us)
{
	b->now_ns += (uint64_t)(us * (double)NS_PER_US);
}

void bench_sleep(struct bench *b, uint64_t ns)
{
	b->now_ns += ns;
	bench_faults_time(b);
}

void bench_settle(struct bench *b)
{
	wire_settle(&b->wire, b->now_ns);
}

/* ---- the device ---- */

void bench_plug(struct bench *b, bool plugged)
{
	if (plugged && !b->plugged) {
		fw_restart(&b->fw);
		b->fw.mode = b->s.mode;
		b->fw.stuck = b->s.stuck && !b->plugs;
		b->plugs++;
	}
	b->plugged = plugged;
	b->configuration = 1;
	b->halted_in = false;
	b->halted_out = false;
}

bool bench_is_denied(const struct bench *b)
{
	return b->s.denied || bench_faults_active(b, FAULT_USB_DENIED);
}

bool bench_is_busy(const struct bench *b)
{
	return b->s.busy || bench_faults_active(b, FAULT_USB_BUSY);
}

enum bench_access bench_open(struct bench *b)
{
	bench_faults_open(b);
	b->opens++;
	return bench_is_denied(b) ? BENCH_DENIED : bench_is_busy(b) ? BENCH_BUSY : BENCH_FREE;
}

void bench_usb_reset(struct bench *b)
{
	fw_flush(&b->fw);
	b->halted_in = false;
	b->halted_out = false;
}

void bench_clear_halt(struct bench *b, uint8_t endpoint)
{
	if (endpoint == b->timed.ep_in)
		b->halted_in = false;
	else if (endpoint == b->timed.ep_out)
		b->halted_out = false;
}

static enum usb_result give(struct usb_transfer *t, const uint8_t *bytes, size_t len)
{
	size_t asked = (size_t)t->setup[6] | (size_t)t->setup[7] << 8;

	if (len > asked)
		len = asked;
	if (len > t->len)
		len = t->len;
	memcpy(t->data, bytes, len);
	t->got = len;
	return USB_DONE;
}

static enum usb_result control(struct bench *b, struct usb_transfer *t)
{
	static const uint8_t zero[2] = { 0 };
	uint8_t desc[USB_DESC_MAX];
	size_t len;

	spend_us(b, CONTROL_US);
	switch (t->setup[1]) {
	case REQUEST_GET_STATUS:
		return give(t, zero, sizeof(zero));
	case REQUEST_GET_DESCRIPTOR:
		len = usb_desc_get(&b->timed, b->s.serial, t->setup[3], t->setup[2], desc);
		return len ? give(t, desc, len) : USB_STALL;
	case REQUEST_GET_CONFIGURATION:
		return give(t, &b->configuration, 1);
	case REQUEST_SET_CONFIGURATION:
		b->configuration = t->setup[2];
		bench_usb_reset(b);
		return USB_DONE;
	case REQUEST_CLEAR_FEATURE:
		bench_clear_halt(b, t->setup[4]);
		return USB_DONE;
	case REQUEST_SET_INTERFACE:
		return USB_DONE;
	default:
		return USB_STALL;
	}
}

/* ---- bulk ---- */

/* The probe answers nothing while it works; the host waits, or gives up. */
static enum usb_result wait_for_probe(struct bench *b, const struct usb_transfer *t)
{
	uint64_t ready_ns = fw_busy_until(&b->fw);

	if (ready_ns <= b->now_ns)
		return USB_DONE;
	if (t->timeout_ns && ready_ns - b->now_ns > t->timeout_ns) {
		b->now_ns += t->timeout_ns;
		return USB_TIMEOUT;
	}
	b->now_ns = ready_ns;
	return USB_DONE;
}

static void spend_transfer(struct bench *b, const struct usb_transfer *t, double us, size_t bytes)
{
	spend_us(b, us + (t->turn ? b->timed.turn_us : 0) + (double)bytes / b->timed.bytes_per_us);
}

static enum usb_result bulk_out(struct bench *b, struct usb_transfer *t)
{
	enum usb_result result;

	if (b->halted_out)
		return USB_STALL;
	result = wait_for_probe(b, t);
	if (result != USB_DONE)
		return result;
	spend_transfer(b, t, b->timed.out_us, t->len);
	if (!b->fw.data_want) {
		bench_settle(b);
		if (!bench_faults_command(b)) {
			b->now_ns += t->timeout_ns;
			return USB_TIMEOUT;
		}
	}
	fw_out(&b->fw, t->data, t->len, b->now_ns);
	t->got = t->len;
	return USB_DONE;
}

static void drop_reply(struct fw *f)
{
	free(f->reply[0].at);
	f->n_replies--;
	memmove(f->reply, f->reply + 1, f->n_replies * sizeof(f->reply[0]));
}

static enum usb_result bulk_in(struct bench *b, struct usb_transfer *t)
{
	struct fw_reply *r = &b->fw.reply[0];
	enum usb_result result;
	size_t len;

	if (b->halted_in)
		return USB_STALL;
	result = wait_for_probe(b, t);
	if (result != USB_DONE)
		return result;
	if (!b->fw.n_replies)
		return USB_NAK;
	len = bench_faults_shorten(b, r->len);
	if (len > t->len) {
		drop_reply(&b->fw);
		return USB_OVERFLOW;
	}
	spend_transfer(b, t, b->timed.in_us, len);
	memcpy(t->data, r->at, len);
	t->got = len;
	drop_reply(&b->fw);
	return USB_DONE;
}

enum usb_result bench_transfer(struct bench *b, struct usb_transfer *t)
{
	enum usb_result result = USB_STALL;

	t->got = 0;
	if (!b->plugged)
		return USB_GONE;
	b->transfers++;
	if (!t->endpoint)
		return control(b, t);
	result = bench_faults_transfer(b, t);
	if (result != USB_DONE)
		return result;
	if (t->endpoint == b->timed.ep_out)
		return bulk_out(b, t);
	if (t->endpoint == b->timed.ep_in)
		return bulk_in(b, t);
	return USB_NAK; /* SWO and the other interfaces have nothing to say */
}
