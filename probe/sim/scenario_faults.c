/* What goes wrong in a scenario, and when. */
#include "probe/sim/scenario_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const fault_words[] = { [FAULT_STATUS] = "status",
					   [FAULT_USB_STALL] = "usb-stall",
					   [FAULT_USB_LOST] = "usb-lost",
					   [FAULT_USB_REQUEST_LOST] = "usb-request-lost",
					   [FAULT_USB_REPLY_LOST] = "usb-reply-lost",
					   [FAULT_USB_SHORT] = "usb-short",
					   [FAULT_USB_UNPLUG] = "usb-unplug",
					   [FAULT_USB_DENIED] = "usb-denied",
					   [FAULT_USB_BUSY] = "usb-busy",
					   [FAULT_PROBE_STUCK] = "stuck",
					   [FAULT_WIRE] = "wire",
					   [FAULT_NOISE] = "noise",
					   [FAULT_SUPPLY] = "supply",
					   [FAULT_NRST_PULSE] = "nrst-pulse",
					   [FAULT_FLIP_READ] = "flip-read",
					   [FAULT_FLIP_WRITE] = "flip-write",
					   [FAULT_STALE] = "stale",
					   [FAULT_WRITE_LOST] = "write-lost",
					   [FAULT_CORE_HALT] = "core-halt",
					   [FAULT_CORE_LOCKUP] = "core-lockup",
					   [FAULT_KILL] = "kill",
					   [FAULT_INTERRUPT] = "interrupt",
					   NULL };
static const char *const line_words[] = { "vtref", "gnd", "swdio", "swclk", "nrst", "swo", NULL };
static const char *const state_words[] = {
	"connected", "open", "shorted", "high", "swapped", NULL
};

/* "transaction 120" or "ms 5"; "3 transactions" or "20 ms" for durations: the number and the unit.
 */
static int read_amount(struct reader *r, uint32_t node, bool number_first, uint64_t *transactions,
		       uint64_t *ns)
{
	unsigned long long n = 0;
	const char *text = NULL;
	char unit[16] = "";
	int rc = reader_text(r, node, &text), end = 0, got;

	if (rc)
		return rc;
	got = number_first ? sscanf(text, "%llu %15[a-z]%n", &n, unit, &end)
			   : sscanf(text, "%15[a-z] %llu%n", unit, &n, &end);
	if (got == 2 && !text[end] && n && !strncmp(unit, "transactions", strlen("transaction")))
		*transactions = n;
	else if (got == 2 && !text[end] && n && !strcmp(unit, "ms"))
		*ns = n * NS_PER_MS;
	else
		return reader_fail(r, node,
				   number_first
					   ? "'3 transactions', '2 opens' or '20 ms', not '%s'"
					   : "'transaction 3', 'operation 3' or 'ms 20', not '%s'",
				   text);
	return 0;
}

static int read_at(struct reader *r, uint32_t node, void *into)
{
	struct fault *f = into;
	const char *text = NULL;
	int rc = reader_text(r, node, &text), end = 0;

	if (!rc && sscanf(text, "operation %u%n", &f->at_operation, &end) == 1 && !text[end] &&
	    f->at_operation)
		return 0;
	return rc ? rc : read_amount(r, node, false, &f->at_transaction, &f->at_ns);
}

static int read_for(struct reader *r, uint32_t node, void *into)
{
	struct fault *f = into;
	const char *text = NULL;
	int rc = reader_text(r, node, &text), end = 0;

	if (!rc && sscanf(text, "%" SCNu64 " opens%n", &f->for_opens, &end) == 1 && end &&
	    !text[end] && f->for_opens)
		return 0;
	f->for_opens = 0;
	return rc ? rc : read_amount(r, node, true, &f->for_transactions, &f->for_ns);
}

static const struct field fault_fields[] = {
	{ .name = "what",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct fault, kind),
	  .words = fault_words },
	{ .name = "at", .kind = FIELD_CUSTOM, .read = read_at },
	{ .name = "when",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct fault, when),
	  .words = scenario_when_words },
	{ .name = "probability",
	  .kind = FIELD_REAL,
	  .offset = offsetof(struct fault, probability) },
	{ .name = "for", .kind = FIELD_CUSTOM, .read = read_for },
	{ .name = "word", .kind = FIELD_U32, .offset = offsetof(struct fault, status) },
	{ .name = "wire",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct fault, line),
	  .words = line_words },
	{ .name = "is",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(struct fault, state),
	  .words = state_words },
	{ .name = "edge", .kind = FIELD_REAL, .offset = offsetof(struct fault, edge) },
	{ .name = "volts", .kind = FIELD_VOLTS, .offset = offsetof(struct fault, mv) },
	{ 0 },
};

static int read_fault(struct reader *r, uint32_t node, void *into)
{
	struct scenario *s = into;
	struct fault *f = &s->fault[s->n_faults];
	int rc;

	if (s->n_faults == SCENARIO_FAULTS_MAX)
		return reader_fail(r, node, "at most %d faults", SCENARIO_FAULTS_MAX);
	*f = (struct fault){ .kind = (enum fault_kind) - 1, .probability = 1 };
	rc = reader_map(r, node, fault_fields, f);
	if (rc)
		return rc;
	if (f->kind == (enum fault_kind) - 1)
		return reader_fail(r, node, "a fault says `what` happens");
	if (f->kind == FAULT_STATUS && (!f->status || f->status > 0xff))
		return reader_fail(r, node, "a status word is a number from 1 to 255");
	s->n_faults++;
	return 0;
}

int scenario_read_faults(struct reader *r, uint32_t node, void *into)
{
	return reader_list(r, node, read_fault, into);
}
