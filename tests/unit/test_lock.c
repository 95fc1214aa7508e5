/* The lock of a probe, with real processes and real files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/lock.h"
#include "tests/lib/fake_clock.h"

struct folder {
	char path[64];
	struct fake_clock clock;
};

static int make_folder(void **state)
{
	struct folder *f = calloc(1, sizeof(*f));

	snprintf(f->path, sizeof(f->path), "/tmp/test-lock-XXXXXX");
	fake_clock_init(&f->clock);
	*state = f;
	return mkdtemp(f->path) ? 0 : -1;
}

static int drop_folder(void **state)
{
	struct folder *f = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/swdoctor-usb-1-2.lock", f->path);
	unlink(path);
	rmdir(f->path);
	free(f);
	return 0;
}

static int take(struct folder *f, struct lock *l, unsigned wait_ms, struct err *e)
{
	return lock_take(l, f->path, "usb-1-2", "a test", &f->clock.clock, wait_ms, NULL, e);
}

/* A process that holds the lock until it is killed. */
static pid_t other_holder(struct folder *f)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		struct lock l = LOCK_NONE;

		if (lock_take(&l, f->path, "usb-1-2", "swdoctor\nflash x.elf", &f->clock.clock, 0,
			      NULL, NULL))
			_exit(1);
		if (write(ready[1], "y", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void a_free_lock_is_taken_and_can_be_taken_again_later(void **state)
{
	struct folder *f = *state;
	struct lock l = LOCK_NONE;

	assert_int_equal(take(f, &l, 0, NULL), 0);
	assert_true(lock_peek(f->path, "usb-1-2", NULL));
	lock_release(&l);
	assert_false(lock_peek(f->path, "usb-1-2", NULL));
	assert_int_equal(take(f, &l, 0, NULL), 0);
	lock_release(&l);
	lock_release(&l);
}

static void who_holds_it_since_when_and_why_is_told(void **state)
{
	struct folder *f = *state;
	pid_t pid = other_holder(f);
	struct lock l = LOCK_NONE;
	struct lock_record r = { 0 };
	struct err e = { 0 };
	char want[200];

	assert_true(lock_peek(f->path, "usb-1-2", &r));
	assert_int_equal(r.pid, pid);
	assert_string_equal(r.since, "2023-11-14T22:13:20Z");
	assert_string_equal(r.why, "swdoctor flash x.elf");
	assert_int_equal(take(f, &l, 0, &e), ERR_BUSY);
	assert_int_equal(e.native, pid);
	snprintf(
		want, sizeof(want),
		"usb-1-2 is locked by process %d since 2023-11-14T22:13:20Z (swdoctor flash x.elf)",
		pid);
	assert_string_equal(e.text, want);
	end(pid);
}

static void the_wait_ends_when_it_was_promised(void **state)
{
	struct folder *f = *state;
	pid_t pid = other_holder(f);
	struct lock l = LOCK_NONE;
	struct err e = { 0 };

	assert_int_equal(take(f, &l, 5000, &e), ERR_LOCK_WAIT);
	assert_in_range(f->clock.slept_us, 4900000, 5100000);
	end(pid);
}

static void a_deadline_cuts_the_wait_short(void **state)
{
	struct folder *f = *state;
	pid_t pid = other_holder(f);
	struct lock l = LOCK_NONE;
	struct deadline run;
	struct err e = { 0 };

	deadline_init(&run, &f->clock.clock, NULL, "the run", 300);
	assert_int_equal(lock_take(&l, f->path, "usb-1-2", "", &f->clock.clock, 5000, &run, &e),
			 ERR_DEADLINE);
	end(pid);
}

static void a_killed_holder_leaves_nothing_locked(void **state)
{
	struct folder *f = *state;
	struct lock l = LOCK_NONE;

	end(other_holder(f));
	assert_false(lock_peek(f->path, "usb-1-2", NULL));
	assert_int_equal(take(f, &l, 0, NULL), 0);
	lock_release(&l);
}

static void a_peek_creates_nothing(void **state)
{
	struct folder *f = *state;
	char path[128];

	assert_false(lock_peek(f->path, "usb-1-2", NULL));
	snprintf(path, sizeof(path), "%s/swdoctor-usb-1-2.lock", f->path);
	assert_int_equal(access(path, F_OK), -1);
}

static void another_user_may_take_it_next(void **state)
{
	struct folder *f = *state;
	struct lock l = LOCK_NONE;
	char path[128];
	struct stat st;

	assert_int_equal(take(f, &l, 0, NULL), 0);
	snprintf(path, sizeof(path), "%s/swdoctor-usb-1-2.lock", f->path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0666);
	lock_release(&l);
}

static void a_link_is_not_followed(void **state)
{
	struct folder *f = *state;
	struct lock l = LOCK_NONE;
	struct err e = { 0 };
	char path[128];

	snprintf(path, sizeof(path), "%s/swdoctor-usb-1-2.lock", f->path);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(take(f, &l, 0, &e), ERR_IO);
	assert_non_null(strstr(e.text, "SWDOCTOR_LOCK_DIR"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
	const struct CMUnitTest tests[] = {
		T(a_free_lock_is_taken_and_can_be_taken_again_later),
		T(who_holds_it_since_when_and_why_is_told),
		T(the_wait_ends_when_it_was_promised),
		T(a_deadline_cuts_the_wait_short),
		T(a_killed_holder_leaves_nothing_locked),
		T(a_peek_creates_nothing),
		T(another_user_may_take_it_next),
		T(a_link_is_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
