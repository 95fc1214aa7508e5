/* What outlasts a run: records on disk, and what a later run takes from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "flash/journal.h"

struct desk {
	char folder[64];
	struct flash_session s;
	struct journal j;
	struct err e;
	char heard[512]; /* a word for each record that was given */
};

static void desk_open(struct desk *d)
{
	journal_close(&d->j);
	assert_int_equal(journal_init(&d->j, d->folder, &d->s, &d->e), 0);
}

static void desk_init(struct desk *d)
{
	memset(d, 0, sizeof(*d));
	d->j.fd = -1;
	snprintf(d->folder, sizeof(d->folder), "/tmp/swdoctor-journal-XXXXXX");
	assert_non_null(mkdtemp(d->folder));
	d->s.id.dev_id = 0x413;
	d->s.has_uid = true;
	d->s.uid[0] = 7;
	desk_open(d);
}

static void desk_done(struct desk *d)
{
	journal_remove(&d->j);
	assert_int_equal(rmdir(d->folder), 0);
}

static void __attribute__((format(printf, 2, 3))) hear(struct desk *d, const char *fmt, ...)
{
	size_t len = strlen(d->heard);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(d->heard + len, sizeof(d->heard) - len, fmt, ap);
	va_end(ap);
}

static void hear_run(void *user, const uint8_t image[SHA256_BYTES])
{
	hear(user, "run %c; ", image[0]);
}

static void hear_kept(void *user, uint32_t address, const uint8_t *bytes, uint32_t len)
{
	hear(user, "%x %.*s; ", address, (int)len, (const char *)bytes);
}

static void hear_done(void *user, uint32_t address, uint32_t len)
{
	hear(user, "done %x+%x; ", address, len);
}

static const char *read_again(struct desk *d)
{
	const struct journal_reader r = { d, hear_run, hear_kept, hear_done };

	d->heard[0] = '\0';
	desk_open(d);
	assert_int_equal(journal_read(&d->j, &r, &d->e), 0);
	return d->heard;
}

static void keep(struct desk *d, uint32_t address, const char *text)
{
	assert_int_equal(
		journal_add(&d->j, address, (const uint8_t *)text, (uint32_t)strlen(text), &d->e),
		0);
}

static void begin_run(struct desk *d, const char *image)
{
	uint8_t hash[SHA256_BYTES] = { 0 };

	memcpy(hash, image, 1);
	assert_int_equal(journal_add_run(&d->j, hash, &d->e), 0);
}

static void records_come_back_in_their_order(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d);
	assert_string_equal(read_again(&d), "");
	keep(&d, 0x8000100, "abc");
	begin_run(&d, "A");
	assert_int_equal(journal_add_done(&d.j, 0x8000800, 0x400, &d.e), 0);
	assert_int_equal(journal_sync(&d.j, &d.e), 0);
	assert_string_equal(read_again(&d), "8000100 abc; run A; done 8000800+400; ");
	desk_done(&d);
}

static void what_a_block_held_no_longer_counts_once_it_is_right(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d);
	keep(&d, 0x8000100, "abc");
	keep(&d, 0x8000500, "def");
	assert_int_equal(journal_add_done(&d.j, 0x8000000, 0x400, &d.e), 0);
	assert_string_equal(read_again(&d), "8000500 def; done 8000000+400; ");
	keep(&d, 0x8000100, "again");
	assert_string_equal(read_again(&d), "8000500 def; done 8000000+400; 8000100 again; ");
	desk_done(&d);
}

static void a_record_that_was_cut_short_is_not_taken(void **state)
{
	struct desk d;
	struct stat st;

	(void)state;
	desk_init(&d);
	keep(&d, 0x8000100, "whole");
	assert_int_equal(stat(d.j.path, &st), 0);
	keep(&d, 0x8000500, "half of it");
	assert_int_equal(truncate(d.j.path, st.st_size + 20), 0);
	assert_string_equal(read_again(&d), "8000100 whole; ");
	desk_done(&d);
}

static void a_record_with_a_wrong_byte_is_not_taken(void **state)
{
	struct desk d;
	FILE *f;

	(void)state;
	desk_init(&d);
	keep(&d, 0x8000100, "good");
	keep(&d, 0x8000500, "bad.");
	f = fopen(d.j.path, "r+");
	fseek(f, -2, SEEK_END);
	fputc('X', f);
	fclose(f);
	assert_string_equal(read_again(&d), "8000100 good; ");
	desk_done(&d);
}

static void nobody_else_can_read_it_and_each_chip_has_its_own(void **state)
{
	struct desk d;
	struct stat st;
	char first[sizeof(d.j.path)];

	(void)state;
	desk_init(&d);
	keep(&d, 0x8000100, "secret");
	assert_int_equal(stat(d.j.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	memcpy(first, d.j.path, sizeof(first));
	d.s.uid[2] = 9;
	desk_open(&d);
	assert_string_not_equal(d.j.path, first);
	assert_false(d.j.exists);
	d.s.uid[2] = 0;
	desk_open(&d);
	desk_done(&d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back_in_their_order),
		cmocka_unit_test(what_a_block_held_no_longer_counts_once_it_is_right),
		cmocka_unit_test(a_record_that_was_cut_short_is_not_taken),
		cmocka_unit_test(a_record_with_a_wrong_byte_is_not_taken),
		cmocka_unit_test(nobody_else_can_read_it_and_each_chip_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
