/* Any bytes as a capture: read, joined, decoded, put into words and into events. */
#include <stdint.h>
#include <stdlib.h>

#include "analyzer/usb/decode.h"
#include "analyzer/usb/trace_json.h"
#include "analyzer/usb/trace_summary.h"
#include "analyzer/usb/trace_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct shown {
	struct buf out;
	struct trace_summary *summary;
};

static void show(void *user, const struct trace_row *row)
{
	static const struct term term = { .columns = 80 };
	struct shown *s = user;
	struct json j;

	buf_clear(&s->out);
	trace_table_row(&term, row, false, &s->out);
	json_begin(&j, &s->out);
	trace_json_row(&j, row);
	trace_summary_add(s->summary, row);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct trace_filter all;
	static const struct term term = { .columns = 80 };
	struct pcap_bytes once = { bytes, n }, again = { bytes, n };
	struct shown s = { .summary = trace_summary_new() };
	struct trace_rows *rows = trace_rows_new(&all, (struct trace_sink){ show, &s });
	struct events *ev = events_new();
	struct capture_stats stats;

	buf_init(&s.out);
	trace_rows_read(rows, (struct pcap_source){ pcap_read_bytes, &once }, &stats, NULL);
	trace_summary_text(s.summary, &term, &s.out);
	decode_capture((struct pcap_source){ pcap_read_bytes, &again }, 0, ev, &stats, NULL);
	trace_rows_free(rows);
	trace_summary_free(s.summary);
	buf_done(&s.out);
	events_free(ev);
	return 0;
}
