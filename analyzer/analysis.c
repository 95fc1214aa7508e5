/* One input from its bytes to a diagnosis: see analysis.h. */
#include "analyzer/analysis.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/bytes.h"

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

/* The formats of USB captures by their first bytes; NULL: none of them. */
static const char *capture_format(const uint8_t *head)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} formats[] = {
		{ 0x0a0d0d0a, "pcapng" },
		{ 0xa1b2c3d4, "pcap" },
		{ 0xa1b23c4d, "pcap" },
	};
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (get_le32(head) == formats[i].magic || get_be32(head) == formats[i].magic)
			return formats[i].name;
	return NULL;
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

int analysis_read_fd(struct analysis *a, int fd, struct err *e)
{
	uint8_t head[HEAD_BYTES] = { 0 };
	ssize_t n = read_head(fd, head);
	const char *capture = n == HEAD_BYTES ? capture_format(head) : NULL;
	int rc;

	if (n < 0)
		return err_set_native(e, ERR_IO, errno, "cannot read: %s", strerror(errno));
	if (n == 0)
		return err_set(e, ERR_FORMAT, "the input is empty");
	if (capture)
		return err_set(e, ERR_UNSUPPORTED,
			       "a USB capture (%s); this version reads logs only", capture);
	rc = source_feed(a->source, head, (size_t)n, e);
	return rc ? rc : source_read_fd(a->source, fd, e);
}

int analysis_feed(struct analysis *a, const void *bytes, size_t len, struct err *e)
{
	return source_feed(a->source, bytes, len, e);
}

int analysis_end(struct analysis *a, struct err *e)
{
	const struct diagnosis_input in = { .events = a->events };
	int rc = source_end(a->source, e);

	if (rc)
		return rc;
	source_stats(a->source, &a->stats);
	a->d = diagnosis_new(a->judge->rules, &in);
	return 0;
}
