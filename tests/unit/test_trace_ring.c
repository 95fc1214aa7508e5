/* The ring of the last traces: its limits, its folder, and what in it is not its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/trace_ring.h"
#include "tests/lib/trace_desk.h"

static size_t count_files(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;
	size_t n = 0;

	while ((entry = readdir(d)))
		n += entry->d_name[0] != '.';
	closedir(d);
	return n;
}

static void the_ring_keeps_the_last_traces_within_its_limits(void **state)
{
	struct bench *b = *state;
	struct trace_ring ring = { .folder = b->folder, .max_files = 3, .max_bytes = 1000 };
	struct fake_clock clock;
	struct buf path, first;
	struct stat st;
	int fd, first_fd;

	fake_clock_init(&clock);
	buf_init(&path);
	buf_init(&first);
	assert_int_equal(
		trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &first_fd, &first, NULL),
		0);
	assert_int_equal(fstat(first_fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	for (int i = 0; i < 6; i++) {
		clock.now_us += 1000000;
		buf_clear(&path);
		assert_int_equal(
			trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &fd, &path, NULL),
			0);
		assert_true(count_files(b->folder) <= 3);
		close(fd);
	}
	/* The first one is still written to, so it stays although it is the oldest. */
	assert_int_equal(access(first.at, F_OK), 0);
	close(first_fd);
	clock.now_us += 1000000;
	buf_clear(&path);
	assert_int_equal(trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &fd, &path, NULL),
			 0);
	assert_int_not_equal(access(first.at, F_OK), 0);
	assert_int_equal(ftruncate(fd, 5000), 0);
	close(fd);
	buf_clear(&first);
	clock.now_us += 1000000;
	assert_int_equal(trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &fd, &first, NULL),
			 0);
	assert_int_not_equal(access(path.at, F_OK), 0); /* too large for the ring */
	close(fd);
	buf_done(&path);
	buf_done(&first);
}

static void strangers_files_in_the_ring_are_left_alone(void **state)
{
	struct bench *b = *state;
	struct trace_ring ring = { .folder = b->folder, .max_files = 1, .max_bytes = 1 };
	struct fake_clock clock;
	struct buf path;
	char name[128];
	int fd;

	fake_clock_init(&clock);
	snprintf(name, sizeof(name), "%s/notes.txt", b->folder);
	close(open(name, O_CREAT | O_WRONLY, 0600));
	buf_init(&path);
	assert_int_equal(trace_ring_begin(&ring, TRACE_RING_TRACE, &clock.clock, &fd, &path, NULL),
			 0);
	close(fd);
	assert_int_equal(access(name, F_OK), 0);
	buf_done(&path);
}

static void the_folder_follows_xdg(void **state)
{
	struct buf path;

	(void)state;
	buf_init(&path);
	setenv("XDG_STATE_HOME", "/state", 1);
	assert_int_equal(trace_ring_folder(&path, NULL), 0);
	assert_string_equal(buf_str(&path), "/state/swdoctor/traces");
	buf_clear(&path);
	setenv("XDG_STATE_HOME", "relative", 1);
	setenv("HOME", "/home/somebody", 1);
	assert_int_equal(trace_ring_folder(&path, NULL), 0);
	assert_string_equal(buf_str(&path), "/home/somebody/.local/state/swdoctor/traces");
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	assert_int_equal(trace_ring_folder(&path, NULL), ERR_NOT_FOUND);
	buf_done(&path);
}

#define BENCH(name) cmocka_unit_test_setup_teardown(name, make_bench, drop_bench)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH(the_ring_keeps_the_last_traces_within_its_limits),
		BENCH(strangers_files_in_the_ring_are_left_alone),
		cmocka_unit_test(the_folder_follows_xdg),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
