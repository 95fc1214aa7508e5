/* Rows of a session: statuses that come later, filters, figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/usb/trace_json.h"
#include "analyzer/usb/trace_summary.h"
#include "analyzer/usb/trace_table.h"
#include "tests/lib/capture_make.h"

struct told {
	struct capture_make m;
	struct trace_filter filter;
	struct trace_summary *summary;
	struct buf text; /* "NUMBER COMMAND [failed] [told by N]" a line */
	struct buf table;
};

static int start(void **state)
{
	static struct told t;

	memset(&t, 0, sizeof(t));
	capture_make_init(&t.m);
	capture_make_begin(&t.m);
	t.summary = trace_summary_new();
	buf_init(&t.text);
	buf_init(&t.table);
	*state = &t;
	return 0;
}

static int stop(void **state)
{
	struct told *t = *state;

	capture_make_done(&t->m);
	trace_summary_free(t->summary);
	buf_done(&t->text);
	buf_done(&t->table);
	return 0;
}

static void take(void *user, const struct trace_row *row)
{
	static const struct term term = { .columns = 80 };
	struct told *t = user;

	buf_addf(&t->text, "%llu %s", (unsigned long long)row->number,
		 row->said.cmd ? row->said.cmd->name : "-");
	if (trace_row_failed(row))
		buf_add_str(&t->text, " failed");
	if (row->told_by)
		buf_addf(&t->text, " told by %llu", (unsigned long long)row->told_by);
	buf_add_char(&t->text, '\n');
	trace_table_row(&term, row, false, &t->table);
	trace_summary_add(t->summary, row);
}

static void read_all(struct told *t)
{
	struct trace_rows *rows = trace_rows_new(&t->filter, (struct trace_sink){ take, t });
	struct capture_stats stats;
	struct pcap_bytes bytes;

	assert_int_equal(trace_rows_read(rows, capture_make_source(&t->m, &bytes), &stats, NULL),
			 0);
	trace_rows_free(rows);
}

static void check(struct told *t, const char *want)
{
	read_all(t);
	assert_string_equal(buf_str(&t->text), want);
}

static const char fault[] = "11 00 00 00 00 00 00 20 00 00 00 00";
static const char fine[] = "80 00 00 00 00 00 00 00 00 00 00 00";

static void session(struct capture_make *m)
{
	capture_make_in(m, "f5", "02 00");
	capture_make_in(m, "f2 07 00 00 00 20 04", "00 00 00 00");
	capture_make_in(m, "f2 3e", fine);
	capture_make_in(m, "f2 07 00 00 00 20 04", "00 00 00 00");
	capture_make_in(m, "f2 3e", fault);
	capture_make_in(m, "f2 36 f0 ed 00 e0", "10 00 00 00 00 00 00 00");
	capture_make_in(m, "f2 36 f0 ed 00 e0", "80 00 00 00 01 00 01 01");
	capture_make_failing(m, "f1", -EPIPE);
}

static void a_row_waits_for_the_status_that_comes_later(void **state)
{
	struct told *t = *state;

	session(&t->m);
	check(t, "1 GET_CURRENT_MODE\n2 READMEM_32BIT told by 3\n3 GETLASTRWSTATUS2\n"
		 "4 READMEM_32BIT failed told by 5\n5 GETLASTRWSTATUS2 failed\n"
		 "6 READDEBUGREG failed\n7 READDEBUGREG\n8 GET_VERSION failed\n");
	assert_non_null(strstr(buf_str(&t->table), "AP_FAULT (0x11), told by #5"));
	assert_non_null(strstr(buf_str(&t->table), "AP_WAIT (0x10)"));
	assert_non_null(strstr(buf_str(&t->table), "asked again (1)"));
	assert_non_null(strstr(buf_str(&t->table), "stall (-32)"));
}

static void a_row_whose_status_nobody_asks_for_does_not_wait_for_ever(void **state)
{
	struct told *t = *state;

	for (int i = 0; i < 3; i++)
		capture_make_in(&t->m, "f2 07 00 00 00 20 04", "00 00 00 00");
	for (int i = 0; i < 40; i++)
		capture_make_in(&t->m, "f5", "02 00");
	read_all(t);
	assert_memory_equal(buf_str(&t->text),
			    "1 READMEM_32BIT\n2 READMEM_32BIT\n3 READMEM_32BIT\n4 ", 50);
	assert_non_null(strstr(buf_str(&t->text), "43 GET_CURRENT_MODE\n"));
}

static void only_what_failed(void **state)
{
	struct told *t = *state;

	t->filter.failed = true;
	session(&t->m);
	check(t, "4 READMEM_32BIT failed told by 5\n5 GETLASTRWSTATUS2 failed\n"
		 "6 READDEBUGREG failed\n8 GET_VERSION failed\n");
}

static void only_a_command_or_a_status(void **state)
{
	struct told *t = *state;

	session(&t->m);
	t->filter.command = "readmem";
	check(t, "2 READMEM_32BIT told by 3\n4 READMEM_32BIT failed told by 5\n");
	buf_clear(&t->text);
	t->filter.command = NULL;
	t->filter.status = "ap_fault";
	check(t, "4 READMEM_32BIT failed told by 5\n5 GETLASTRWSTATUS2 failed\n");
	buf_clear(&t->text);
	t->filter.status = "0x10";
	check(t, "6 READDEBUGREG failed\n");
	buf_clear(&t->text);
	t->filter.status = "stall";
	check(t, "8 GET_VERSION failed\n");
}

static void only_a_neighbourhood_or_a_probe(void **state)
{
	struct told *t = *state;

	session(&t->m);
	t->filter.around = 5;
	t->filter.context = 1;
	check(t, "4 READMEM_32BIT failed told by 5\n5 GETLASTRWSTATUS2 failed\n"
		 "6 READDEBUGREG failed\n");
	buf_clear(&t->text);
	t->filter.around = 0;
	t->filter.probe = 2;
	check(t, "");
}

static void figures_count_once(void **state)
{
	static const struct term term = { .columns = 80 };
	struct told *t = *state;
	struct buf out;

	session(&t->m);
	read_all(t);
	buf_init(&out);
	trace_summary_text(t->summary, &term, &out);
	assert_non_null(strstr(buf_str(&out), "8 transactions in "));
	assert_non_null(strstr(buf_str(&out), ": 3 failed, 1 WAIT, 1 asked again\n"));
	assert_non_null(strstr(buf_str(&out), "status words: AP_WAIT (0x10) 1 times, AP_FAULT "
					      "(0x11) 1 times, OK (0x80) 2 times\n"));
	assert_non_null(strstr(buf_str(&out), "stall: 1 transactions\n"));
	assert_non_null(strstr(buf_str(&out), "first failure: #4 (packet 13) read memory by words "
					      "0x20000000, 4 bytes: 0x20000000 = 0x00000000; "
					      "AP_FAULT (0x11): the access port answered FAULT, "
					      "told by #5\n"));
	buf_done(&out);
}

/* 1 to 1000 ms, one each: any percentile is within 4 % of what it is. */
static void percentiles_are_right_to_four_percent(void **state)
{
	struct told *t = *state;
	struct trace_row row = { .number = 1 };
	struct buf out;
	struct json j;
	static const struct {
		const char *key;
		unsigned long us;
	} want[] = { { "\"p50_us\":", 500000 },
		     { "\"p90_us\":", 900000 },
		     { "\"p99_us\":", 990000 },
		     { "\"min_us\":", 1000 },
		     { "\"max_us\":", 1000000 } };

	row.said.cmd = &stlink_cmd_rows[STLINK_CMD_GET_CURRENT_MODE];
	for (unsigned ms = 1000; ms > 0; ms--) {
		row.x.took_us = ms * 1000ULL;
		trace_summary_add(t->summary, &row);
	}
	buf_init(&out);
	json_begin(&j, &out);
	json_open_object(&j, NULL);
	trace_summary_json(t->summary, &j);
	json_close_object(&j);
	for (size_t i = 0; i < 5; i++) {
		const char *at = strstr(buf_str(&out), want[i].key);
		unsigned long is;

		assert_non_null(at);
		is = strtoul(at + strlen(want[i].key), NULL, 10);
		assert_in_range(is, want[i].us * 96 / 100, want[i].us * 104 / 100);
	}
	buf_done(&out);
}

static void unknown_commands_are_listed_by_their_bytes(void **state)
{
	static const struct term term = { .columns = 80 };
	struct told *t = *state;
	struct buf out;

	capture_make_in(&t->m, "f5", "02 00");
	for (int i = 0; i < 3; i++)
		capture_make_in(&t->m, "f2 99", "42 00");
	read_all(t);
	buf_init(&out);
	trace_summary_text(t->summary, &term, &out);
	assert_non_null(strstr(buf_str(&out), "unknown command f2 99: 3 times\n"));
	buf_done(&out);
}

#define TOLD(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(a_row_waits_for_the_status_that_comes_later),
		TOLD(a_row_whose_status_nobody_asks_for_does_not_wait_for_ever),
		TOLD(only_what_failed),
		TOLD(only_a_command_or_a_status),
		TOLD(only_a_neighbourhood_or_a_probe),
		TOLD(figures_count_once),
		TOLD(percentiles_are_right_to_four_percent),
		TOLD(unknown_commands_are_listed_by_their_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
