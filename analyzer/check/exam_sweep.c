/*
 * The margin of the link: at each speed that the probe offers, patterns are written to RAM and read
 * back, reading and writing told apart. What stood in that RAM is put back, whatever happens.
 */
#include "analyzer/check/exam_internal.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/base/error_rate.h"
#include "probe/base/bytes.h"
#include "probe/dap.h"

#define BLOCK_BYTES 4096
#define LEAST_BYTES 64 /* where many words go wrong */
/* Mode and address of a transfer cross the wires before its words, and go wrong as they do; what is
 * read comes one later. */
#define SETUP_WORDS 2
#define READ_WORDS  3
/* So many words, read and written, find an error rate of 1e-4 with a probability of 95 %. */
#define WORDS	      30000
#define SPEED_MS      2200 /* one speed takes no longer */
#define IDS	      32
#define ENTER_TRIES   4
#define LOST_TRIES    3 /* after transfers that the probe or the cable has lost */
#define ERRORS_ENOUGH 48
#define SLOWEST_KHZ   90 /* slower ones take minutes and tell nothing new */

struct sweep {
	struct exam *x;
	struct exam_margin *m; /* of the speed that is being measured */
	uint32_t at, bytes;    /* the RAM that is used */
	uint32_t len;	       /* what is moved in one transfer: less where it breaks off */
	unsigned round;
	uint8_t kept[BLOCK_BYTES]; /* what stood there */
	uint8_t wrote[BLOCK_BYTES], got[BLOCK_BYTES];
};

static void fill(struct sweep *w)
{
	static const uint32_t patterns[] = { 0, 0xffffffff, 0xaaaaaaaa, 0x55555555 };
	uint32_t noise = 0x1234567 + w->round;

	for (unsigned i = 0; i < w->len / 4; i++) {
		noise = noise * 1664525 + 1013904223;
		put_le32(w->wrote + 4 * (size_t)i, w->round % 6 < 4    ? patterns[w->round % 6]
						   : w->round % 6 == 4 ? 1U << (i % 32)
								       : noise);
	}
	w->round++;
}

/* ---- one block ---- */

/* How far a transfer came before it broke off, the word that did not arrive not counted. */
static uint32_t words_before(const struct sweep *w, uint32_t bytes)
{
	uint32_t far = w->x->s->fault_address - w->at;

	return w->x->s->has_fault_address && far < bytes ? far / 4 : bytes / 8;
}

struct moved {
	uint32_t bytes, more; /* words beside them */
	uint64_t *words, *errors;
};

/* Counts a transfer; *ret_came: how many of its bytes went through. */
static int count(struct sweep *w, int rc, const struct err *now, const struct moved *m,
		 uint32_t *ret_came, struct err *e)
{
	uint32_t came;

	*ret_came = rc ? 0 : m->bytes;
	if (!rc) {
		*m->words += m->bytes / 4 + m->more;
		return 0;
	}
	if (rc != ERR_STATUS) {
		if (e)
			*e = *now;
		return rc;
	}
	if (!exam_is_signal(now->native)) {
		w->m->faults += exam_is_refused(now->native);
		return exam_mend(w->x, e);
	}
	came = words_before(w, m->bytes);
	*ret_came = 4 * came;
	*m->words += came + 1 + m->more;
	++*m->errors;
	w->len = w->len > LEAST_BYTES ? w->len / 2 : w->len;
	return exam_mend(w->x, e);
}

static int write_block(struct sweep *w, uint32_t *ret_came, struct err *e)
{
	struct err now = { 0 };
	int rc = stlink_mem_write(w->x->s, w->x->ap, 4, 0, w->at, w->wrote, w->len, &now);

	return count(
		w, rc, &now,
		&(struct moved){ w->len, SETUP_WORDS, &w->m->words_written, &w->m->write_errors },
		ret_came, e);
}

static int read_block(struct sweep *w, uint32_t bytes, uint32_t *ret_came, struct err *e)
{
	struct err now = { 0 };
	int rc = stlink_mem_read(w->x->s, w->x->ap, 4, 0, w->at, w->got, bytes, &now);

	return count(w, rc, &now,
		     &(struct moved){ bytes, READ_WORDS, &w->m->words_read, &w->m->read_errors },
		     ret_came, e);
}

/* What reads wrong twice was written wrong. */
static int judge_word(struct sweep *w, uint32_t offset, struct err *e)
{
	uint32_t again = 0;
	unsigned status;
	int rc = exam_word(w->x, w->at + offset, &again, &status, e);

	if (!rc && !status && again != get_le32(w->wrote + offset))
		w->m->write_errors++;
	else if (!rc)
		w->m->read_errors++;
	return rc;
}

static bool is_linked(const struct sweep *w)
{
	return w->x->reached & EXAM_HAS_LINK;
}

static bool is_wrong(const struct sweep *w, uint32_t offset)
{
	return memcmp(w->wrote + offset, w->got + offset, 4) != 0;
}

/* Words in a row count once: it was the address of them all that went wrong. */
static int judge_words(struct sweep *w, uint32_t bytes, struct err *e)
{
	int rc = 0;

	for (uint32_t i = 0; !rc && i < bytes && is_linked(w); i += 4)
		if (is_wrong(w, i) && (!i || !is_wrong(w, i - 4)))
			rc = judge_word(w, i, e);
	return rc;
}

/* Of a write that broke off, what it came to is read all the same. */
static int one_round(struct sweep *w, struct err *e)
{
	uint32_t wrote = 0, got = 0;
	int rc;

	fill(w);
	rc = write_block(w, &wrote, e);
	if (!rc && wrote && is_linked(w))
		rc = read_block(w, wrote, &got, e);
	if (!rc && got == wrote)
		rc = judge_words(w, got, e);
	if (!rc && wrote == w->len && got == wrote && w->len < w->bytes)
		w->len *= 2;
	return rc;
}

/* ---- one speed ---- */

static int read_ids(struct sweep *w, struct err *e)
{
	struct err now = { 0 };
	int rc = 0;

	for (unsigned i = 0; !rc && i < IDS && is_linked(w); i++) {
		uint32_t id = 0;
		bool refused;

		rc = dap_read_id(w->x->s, &id, &now);
		if (rc && rc != ERR_STATUS)
			break;
		refused = rc && exam_is_refused(now.native);
		w->m->ids_read++;
		w->m->faults += refused;
		w->m->id_errors += !refused && (rc || id != w->x->dpidr);
		rc = rc ? exam_mend(w->x, &now) : 0;
	}
	if (rc && e)
		*e = now;
	return rc;
}

static bool is_enough(const struct exam_margin *m)
{
	return (m->words_read >= WORDS && m->words_written >= WORDS) ||
	       m->read_errors + m->write_errors >= ERRORS_ENOUGH;
}

static int at_speed(struct sweep *w, uint32_t khz, struct err *e)
{
	struct exam *x = w->x;
	uint64_t waits = x->s->waits, end = clock_now_us(x->s->clock) + SPEED_MS * 1000;
	struct exam_margin *m = &x->margin[x->n_margins];
	struct err now = { 0 };
	int rc = ERR_STATUS;

	w->m = m;
	w->len = w->bytes;
	*m = (struct exam_margin){ .khz = khz };
	for (unsigned i = 0; rc == ERR_STATUS && i < ENTER_TRIES; i++)
		rc = exam_enter(x, TARGET_CONNECT_HOT_PLUG, khz, &now);
	m->khz = x->s->khz;
	x->n_margins++;
	m->worked = !rc;
	if (rc) {
		if (rc != ERR_STATUS && e)
			*e = now;
		return rc == ERR_STATUS ? 0 : rc;
	}
	rc = read_ids(w, e);
	while (!rc && is_linked(w) && !is_enough(m) && clock_now_us(x->s->clock) < end)
		rc = one_round(w, e);
	m->waits = x->s->waits - waits;
	return rc;
}

static const char *way_of(const struct exam_margin *m)
{
	if (m->read_errors && m->write_errors)
		return "both";
	return m->read_errors ? "read" : m->write_errors ? "write" : "none";
}

static void tell(struct exam *x, const struct exam_margin *m)
{
	uint64_t words = m->words_read + m->words_written;
	uint64_t errors = m->read_errors + m->write_errors;
	struct error_rate bounds = error_rate_interval(errors, words);

	if (!m->worked) {
		exam_say(
			x, EVENT_LINK_TRY,
			EXAM_VALUES(EXAM_TEXT("sweep"), EXAM_NUM(m->khz), EXAM_NUM(1), EXAM_NUM(0)),
			"no session at %u kHz", m->khz);
		return;
	}
	exam_say(x, EVENT_LINK_RATE,
		 EXAM_VALUES(EXAM_NUM(m->khz),
			     EXAM_NUM(words ? (int64_t)(errors * 1000000000 / words) : 0),
			     EXAM_NUM((int64_t)(bounds.most * 1e9)), EXAM_TEXT(way_of(m)),
			     EXAM_NUM((int64_t)(bounds.least * 1e9))),
		 "%u kHz: %llu of %llu words read and %llu of %llu written went wrong; %llu WAITs, "
		 "%llu faults",
		 m->khz, (unsigned long long)m->read_errors, (unsigned long long)m->words_read,
		 (unsigned long long)m->write_errors, (unsigned long long)m->words_written,
		 (unsigned long long)m->waits, (unsigned long long)m->faults);
}

static int all_speeds(struct sweep *w, struct err *e)
{
	struct exam *x = w->x;
	uint32_t khz[EXAM_MARGINS_MAX];
	size_t n = 0;
	int rc = target_list_khz(x->t, khz, EXAM_MARGINS_MAX, &n, e);

	x->n_margins = 0; /* of a run that a failed transfer has ended */
	for (size_t i = 0; !rc && i < n && khz[i] >= SLOWEST_KHZ; i++) {
		rc = at_speed(w, khz[i], e);
		for (unsigned k = 0; k < LOST_TRIES && exam_is_usb(rc) && exam_recover(x); k++) {
			x->n_margins--;
			rc = at_speed(w, khz[i], e);
		}
		if (!rc)
			tell(x, &x->margin[x->n_margins - 1]);
	}
	if (!rc && exam_curve(x->margin, x->n_margins) == EXAM_CURVE_FLAT)
		exam_say(x, EVENT_LINK_CURVE, EXAM_VALUES(EXAM_TEXT("flat")),
			 "slowly as many words go wrong as fast: it is not the speed that makes "
			 "the errors");
	else if (!rc && exam_curve(x->margin, x->n_margins) == EXAM_CURVE_FALLS)
		exam_say(x, EVENT_LINK_CURVE, EXAM_VALUES(EXAM_TEXT("falls")),
			 "the slower the link, the fewer words go wrong");
	return rc;
}

/* ---- what stood in RAM ---- */

#define SAFE_KHZ   240
#define SAFE_BYTES 64 /* short enough to get through where many words go wrong */
#define SAFE_TRIES 24

static int move_piece(struct sweep *w, bool write, uint32_t offset, struct err *e)
{
	struct stlink *s = w->x->s;
	uint8_t *kept = w->kept + offset, *got = w->got + offset;
	int rc = 0;

	if (write)
		rc = stlink_mem_write(s, w->x->ap, 4, 0, w->at + offset, kept, SAFE_BYTES, e);
	if (!rc)
		rc = stlink_mem_read(s, w->x->ap, 4, 0, w->at + offset, got, SAFE_BYTES, e);
	if (!rc && !write)
		rc = stlink_mem_read(s, w->x->ap, 4, 0, w->at + offset, kept, SAFE_BYTES, e);
	if (!rc && memcmp(got, kept, SAFE_BYTES))
		return err_set(e, ERR_STATUS, "what was read differs");
	return rc;
}

/* Saved and put back slowly, each piece until it reads the same twice. */
static int move_once(struct sweep *w, bool write, struct err *e)
{
	struct exam *x = w->x;
	struct err now = { 0 };
	int rc = exam_enter(x, TARGET_CONNECT_HOT_PLUG, SAFE_KHZ, &now);

	if (rc == ERR_STATUS)
		rc = exam_mend(x, &now);
	for (uint32_t offset = 0; !rc && offset < w->bytes; offset += SAFE_BYTES) {
		rc = ERR_STATUS;
		for (unsigned i = 0; rc == ERR_STATUS && i < SAFE_TRIES; i++) {
			rc = move_piece(w, write, offset, &now);
			if (rc == ERR_STATUS && exam_mend(x, &now))
				break;
		}
	}
	if (rc && e)
		*e = now;
	return rc;
}

static int move_safely(struct sweep *w, bool write, struct err *e)
{
	int rc = move_once(w, write, e);

	for (unsigned k = 0; k < LOST_TRIES && exam_is_usb(rc) && exam_recover(w->x); k++)
		rc = move_once(w, write, e);
	return rc;
}

/* Done to its end, even when the run is over: nobody else knows what stood there. */
static void put_back(struct sweep *w)
{
	struct exam *x = w->x;
	const struct deadline *run = x->s->deadline;

	x->s->deadline = x->t->deadline = NULL;
	if (move_safely(w, true, NULL))
		exam_say(x, EVENT_MEM_WRITE_FAILED, EXAM_VALUES(EXAM_NUM(w->at)),
			 "what stood in RAM at 0x%08x could not be put back", w->at);
	exam_let_go(x, NULL);
	x->s->deadline = x->t->deadline = run;
}

static int sweep(struct sweep *w, struct err *e)
{
	struct exam *x = w->x;
	uint32_t khz = x->khz;
	int rc = exam_enter(x, TARGET_CONNECT_HOT_PLUG, SAFE_KHZ, e);

	if (!rc)
		rc = exam_halt(x, e);
	if (!rc)
		rc = move_safely(w, false, e);
	if (rc)
		return rc == ERR_STATUS || rc == ERR_PROTOCOL ? 0 : rc;
	exam_tell_change(x, "ram", "a piece of RAM is written to, and put back");
	rc = all_speeds(w, e);
	if (!x->dead)
		put_back(w);
	if (!rc && !exam_enter(x, TARGET_CONNECT_HOT_PLUG, khz, NULL))
		x->reached |= EXAM_HAS_CORE | (x->kin ? EXAM_HAS_CHIP : 0);
	return rc;
}

int exam_sweep(struct exam *x, struct err *e)
{
	struct sweep *w = calloc(1, sizeof(*w));
	int rc;

	if (!w)
		return err_set(e, ERR_NO_MEMORY, "no memory");
	w->x = x;
	w->at = x->chip ? x->chip->ram.base : 0x20000000;
	w->bytes = x->chip && x->chip->ram.bytes < BLOCK_BYTES ? x->chip->ram.bytes : BLOCK_BYTES;
	if (!x->chip)
		w->bytes = 1024;
	rc = sweep(w, e);
	free(w);
	return rc;
}
