/* One input from its bytes to a diagnosis: see analysis.h. */
#include "analyzer/triage/analysis.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/triage/run_trace.h"
#include "analyzer/usb/decode.h"

#define HEAD_BYTES 4

int judge_init(struct judge *j, const char *rules_dir, struct buf *report, struct err *e)
{
	int rc;

	*j = (struct judge){ 0 };
	rc = rules_load(rules_dir, &j->rules, report, e);
	if (!rc)
		rc = matcher_new(j->rules, MATCHER_AUTO, &j->matcher, e);
	if (rc)
		judge_done(j);
	return rc;
}

void judge_done(struct judge *j)
{
	matcher_free(j->matcher);
	rules_free(j->rules);
	*j = (struct judge){ 0 };
}

void analysis_init(struct analysis *a, const struct judge *j)
{
	*a = (struct analysis){ .judge = j, .events = events_new() };
	a->source = source_new(j->matcher, a->events);
}

void analysis_done(struct analysis *a)
{
	diagnosis_free(a->d);
	source_free(a->source);
	events_free(a->events);
	*a = (struct analysis){ 0 };
}

static ssize_t read_head(int fd, uint8_t *head)
{
	size_t have = 0;
	ssize_t n;

	while (have < HEAD_BYTES) {
		n = read(fd, head + have, HEAD_BYTES - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		have += (size_t)n;
	}
	return (ssize_t)have;
}

/* The bytes that were read to find out what it is, and then the rest. */
struct head_and_rest {
	const uint8_t *head;
	size_t left;
	int fd;
};

static long read_both(void *user, void *into, size_t len)
{
	struct head_and_rest *h = user;
	size_t n = h->left < len ? h->left : len;

	if (n == 0)
		return pcap_read_fd(&h->fd, into, len);
	memcpy(into, h->head, n);
	h->head += n;
	h->left -= n;
	return (long)n;
}

static int read_capture(struct analysis *a, const uint8_t *head, int fd, struct err *e)
{
	struct head_and_rest both = { head, HEAD_BYTES, fd };
	struct capture_stats stats;
	int rc = decode_capture((struct pcap_source){ read_both, &both }, a->judge->probe,
				a->events, &stats, e);

	a->is_capture = true;
	a->stats.lines = stats.packets;
	a->stats.unrecognised_lines = stats.odd + stats.alien;
	a->stats.recognised_lines = stats.packets - a->stats.unrecognised_lines;
	return rc;
}

int analysis_read_fd(struct analysis *a, int fd, struct err *e)
{
	uint8_t head[HEAD_BYTES] = { 0 };
	ssize_t n = read_head(fd, head);
	int rc;

	if (n < 0)
		return err_set_native(e, ERR_IO, errno, "cannot read: %s", strerror(errno));
	if (n == 0)
		return err_set(e, ERR_FORMAT, "the input is empty");
	if (pcap_is(head, (size_t)n))
		return read_capture(a, head, fd, e);
	rc = source_feed(a->source, head, (size_t)n, e);
	return rc ? rc : source_read_fd(a->source, fd, e);
}

int analysis_feed(struct analysis *a, const void *bytes, size_t len, struct err *e)
{
	return source_feed(a->source, bytes, len, e);
}

static int end_source(struct analysis *a, struct err *e)
{
	int rc = a->is_capture || a->ended ? 0 : source_end(a->source, e);

	if (!rc && !a->is_capture && !a->ended)
		source_stats(a->source, &a->stats);
	a->ended = true;
	return rc;
}

int analysis_add_trace(struct analysis *a, const char *path, uint64_t *ret_transactions,
		       struct err *e)
{
	int rc = end_source(a, e);

	return rc ? rc : run_trace_read(path, a->stats.lines, a->events, ret_transactions, e);
}

int analysis_end(struct analysis *a, struct err *e)
{
	const struct diagnosis_input in = { .events = a->events };
	int rc = end_source(a, e);

	if (!rc)
		a->d = diagnosis_new(a->judge->rules, &in);
	return rc;
}
