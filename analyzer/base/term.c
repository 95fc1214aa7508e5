/* What the terminal can, and its styles: see term.h. */
#include "analyzer/base/term.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_DEFAULT 80
#define COLUMNS_MAX	1000

static bool env_set(const char *name)
{
	const char *v = getenv(name);

	return v && *v;
}

/* FORCE_COLOR=0 and CLICOLOR_FORCE=0 mean no. */
static bool env_on(const char *name)
{
	return env_set(name) && strcmp(getenv(name), "0");
}

static bool is_dumb(void)
{
	const char *name = getenv("TERM");

	return name && !strcmp(name, "dumb");
}

static bool wants_colour(bool tty, const char *when)
{
	if (when && !strcmp(when, "always"))
		return true;
	if (when && !strcmp(when, "never"))
		return false;
	if (env_set("NO_COLOR"))
		return false;
	if (env_on("FORCE_COLOR") || env_on("CLICOLOR_FORCE"))
		return true;
	return tty && env_set("TERM") && !is_dumb();
}

static size_t find_columns(int fd)
{
	struct winsize w;
	const char *v = getenv("COLUMNS");
	long n = v ? strtol(v, NULL, 10) : 0;

	if (n <= 0 && !ioctl(fd, TIOCGWINSZ, &w))
		n = w.ws_col;
	if (n <= 0)
		n = COLUMNS_DEFAULT;
	if (n > COLUMNS_MAX)
		n = COLUMNS_MAX;
	return n < TERM_COLUMNS_MIN ? TERM_COLUMNS_MIN : (size_t)n;
}

void term_init(struct term *t, int fd, const char *colour)
{
	t->tty = isatty(fd) == 1;
	t->colour = wants_colour(t->tty, colour);
	t->utf8 = !is_dumb() && !strcasecmp(nl_langinfo(CODESET), "UTF-8");
	t->columns = find_columns(fd);
}

void term_style(const struct term *t, struct buf *out, enum term_style style)
{
	static const char *const codes[] = {
		[TERM_PLAIN] = "\x1b[0m", [TERM_BOLD] = "\x1b[1m",   [TERM_DIM] = "\x1b[2m",
		[TERM_GOOD] = "\x1b[32m", [TERM_BAD] = "\x1b[1;31m", [TERM_WARN] = "\x1b[33m",
	};

	if (t->colour)
		buf_add_str(out, codes[style]);
}
