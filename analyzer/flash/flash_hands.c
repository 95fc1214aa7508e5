/* Asking a person, running the power hook: see flash_hands.h. */
#include "analyzer/flash/flash_hands.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyzer/base/output.h"
#include "analyzer/flash/flash_args.h"

#define HOOK_LIMIT_MS 30000
#define HOOK_LOOK_US  50000

extern char **environ;

static void say(const struct flash_work *w, const char *text)
{
	flash_progress_end(w->progress);
	output_write(2, text, strlen(text), "standard error", NULL);
}

/* "...: 5 4 3 2 1", a number each second, on the clock of the probe. */
static int count_down(const struct flash_work *w, unsigned ms, struct err *e)
{
	struct deadline none;
	const struct deadline *d = w->probe->target->deadline;
	struct buf text = { 0 };
	int rc = 0;

	if (!d) {
		deadline_init(&none, w->probe->clock, NULL, "counting down", 0);
		d = &none;
	}
	for (unsigned left = ms / 1000; left && !rc; left--) {
		buf_clear(&text);
		buf_addf(&text, " %u", left);
		output_write(2, text.at, text.len, "standard error", NULL);
		rc = deadline_sleep_us(d, 1000000, e);
	}
	buf_done(&text);
	output_write(2, "\n", 1, "standard error", NULL);
	return rc;
}

static int ask(void *user, enum care_wish what, unsigned ms, struct err *e)
{
	const struct flash_work *w = user;

	switch (what) {
	case CARE_WISH_REPLUG:
		say(w, "The probe does not answer: unplug it, and plug it in again.\n");
		return 0;
	case CARE_WISH_HOLD_RESET:
		say(w, "Press the reset button of the board and hold it:");
		return count_down(w, ms, e);
	case CARE_WISH_LET_GO:
		say(w, "Let go of the reset button now.\n");
		return 0;
	}
	return 0;
}

static bool may_destroy(void *user, const char *why)
{
	const struct flash_work *w = user;

	flash_progress_end(w->progress);
	return flash_args_allow(w->run->args, "mass-erase", why);
}

/* ---- the hook ---- */

static int await(pid_t pid, const char *name, struct err *e)
{
	struct deadline limit;
	int status = 0;

	deadline_init(&limit, &clock_real, NULL, "the power hook", HOOK_LIMIT_MS);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		int rc = deadline_sleep_us(&limit, HOOK_LOOK_US, e);

		if (rc) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return rc;
		}
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	return err_set_native(e, ERR_IO, status, "%s failed (status 0x%x)", name, (unsigned)status);
}

static int power_cycle(void *user, struct err *e)
{
	const struct flash_work *w = user;
	const char *name = cli_value(w->run->args, "power-hook", "");
	char place[USB_PLACE_TEXT_MAX] = "";
	char *argv[] = { (char *)(uintptr_t)name, place, NULL };
	pid_t pid;
	int rc;

	if (w->probe->probe.is_usb)
		usb_place_text(&w->probe->probe.entry.dev.place, place);
	rc = posix_spawnp(&pid, name, NULL, NULL, argv, environ);
	if (rc)
		return err_set_native(e, ERR_NOT_FOUND, rc, "%s: cannot be run: %s", name,
				      strerror(rc));
	return await(pid, name, e);
}

void flash_hands_init(struct care_hands *ret, const struct flash_work *w)
{
	*ret = (struct care_hands){ .user = (void *)(uintptr_t)w, .may_destroy = may_destroy };
	if (isatty(0) && isatty(2) && !w->progress->several)
		ret->ask = ask;
	if (cli_count(w->run->args, "power-hook"))
		ret->power_cycle = power_cycle;
}
