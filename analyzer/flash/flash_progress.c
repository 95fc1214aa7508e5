/* Progress for people and programs: see flash_progress.h. */
#include "analyzer/flash/flash_progress.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/base/output.h"
#include "probe/base/json.h"

#define BAR_COLUMNS   24
#define LINE_EVERY_US 1000000

/* ---- events ---- */

static void send(const struct flash_progress_view *v, struct json *j, struct buf *line)
{
	json_close_object(j);
	buf_add_char(line, '\n');
	output_write(v->events, line->at, line->len, "events", NULL);
	buf_done(line);
}

static void event_begin(struct json *j, struct buf *line, const char *event,
			const struct flash_progress_view *v)
{
	json_begin(j, line);
	json_open_object(j, NULL);
	json_put_str(j, "event", event);
	if (v->prefix)
		json_put_str(j, "probe", v->prefix);
}

static void send_hello(const struct flash_progress_view *v, const char *command)
{
	struct buf line = { 0 };
	struct json j;

	event_begin(&j, &line, "hello", v);
	json_put_str(&j, "schema", "swdoctor/1");
	json_put_str(&j, "command", command);
	send(v, &j, &line);
}

static void send_progress(const struct flash_progress_view *v, const struct flash_progress *p)
{
	struct buf line = { 0 };
	struct json j;

	event_begin(&j, &line, "progress", v);
	json_put_str(&j, "phase", flash_phase_name(p->phase));
	json_put_int(&j, "done", (int64_t)p->done);
	json_put_int(&j, "total", (int64_t)p->total);
	if (p->address)
		json_put_hex(&j, "address", p->address, 8);
	json_put_int(&j, "elapsed_us", (int64_t)p->elapsed_us);
	send(v, &j, &line);
}

void flash_progress_result(struct flash_progress_view *v, const struct result *end)
{
	struct buf line = { 0 };
	struct json j;

	if (v->events < 0)
		return;
	event_begin(&j, &line, "result", v);
	json_put_int(&j, "code", end->code);
	json_put_str(&j, "class", end->cls);
	send(v, &j, &line);
}

int flash_progress_init(struct flash_progress_view *v, const char *command, const char *color,
			const char *events_path, struct err *e)
{
	*v = (struct flash_progress_view){ .events = -1 };
	term_init(&v->term, 2, color);
	if (!events_path)
		return 0;
	v->events = open(events_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666);
	if (v->events < 0)
		return err_set_native(e, ERR_IO, errno, "%s: cannot write: %s", events_path,
				      strerror(errno));
	send_hello(v, command);
	return 0;
}

void flash_progress_done(struct flash_progress_view *v)
{
	flash_progress_end(v);
	if (v->events >= 0)
		close(v->events);
	v->events = -1;
}

/* ---- text ---- */

static unsigned share(const struct flash_progress *p, unsigned of)
{
	return p->total ? (unsigned)(p->done * of / p->total) : 0;
}

/* Connecting and leaving are soon over, and count nothing. */
static bool worth_telling(enum flash_phase phase)
{
	return phase != FLASH_PHASE_CONNECT && phase != FLASH_PHASE_FINISH;
}

/* " 45.1 KiB/s, 0.8 s left"; nothing while it is too early to say. */
static void add_rate(const struct flash_progress_view *v, const struct flash_progress *p,
		     struct buf *out)
{
	double s = (double)(p->elapsed_us - v->phase_us) / 1e6;

	if (s <= 0 || !p->done || !worth_telling(p->phase))
		return;
	buf_addf(out, "  %.1f KiB/s", (double)p->done / 1024 / s);
	if (p->done < p->total)
		buf_addf(out, "  %.1f s left", s / (double)p->done * (double)(p->total - p->done));
}

static void show_bar(struct flash_progress_view *v, const struct flash_progress *p)
{
	unsigned full = share(p, BAR_COLUMNS);
	struct buf out = { 0 };

	buf_addf(&out, "\r%-8s ", flash_phase_name(p->phase));
	term_style(&v->term, &out, TERM_GOOD);
	for (unsigned i = 0; i < BAR_COLUMNS; i++)
		buf_add_str(&out,
			    i < full ? (v->term.utf8 ? "█" : "#") : (v->term.utf8 ? "░" : "."));
	term_style(&v->term, &out, TERM_PLAIN);
	buf_addf(&out, " %3u %%", share(p, 100));
	add_rate(v, p, &out);
	buf_add_str(&out, "\x1b[K"); /* clear what a longer line left */
	output_write(2, out.at, out.len, "standard error", NULL);
	buf_done(&out);
	v->bar_open = true;
}

static void show_line(struct flash_progress_view *v, const struct flash_progress *p)
{
	struct buf out = { 0 };

	if (v->prefix && v->several)
		term_add(&v->term, &out, v->prefix);
	if (out.len)
		buf_add_str(&out, ": ");
	buf_addf(&out, "%s %u %% of %llu bytes", flash_phase_name(p->phase), share(p, 100),
		 (unsigned long long)p->total);
	add_rate(v, p, &out);
	buf_add_char(&out, '\n');
	output_write(2, out.at, out.len, "standard error", NULL);
	buf_done(&out);
}

void flash_progress_end(struct flash_progress_view *v)
{
	if (v->bar_open)
		output_write(2, "\n", 1, "standard error", NULL);
	v->bar_open = false;
}

/* The end of each phase, and on the way a quarter done once a second has gone since the last line.
 */
static bool worth_a_line(const struct flash_progress_view *v, const struct flash_progress *p)
{
	if (!worth_telling(p->phase) || share(p, 4) == v->quarter)
		return false;
	return p->done == p->total || p->elapsed_us - v->line_us >= LINE_EVERY_US;
}

void flash_progress_show(void *user, const struct flash_progress *p)
{
	struct flash_progress_view *v = user;
	bool fresh = !v->began || p->phase != v->phase;

	if (fresh) {
		flash_progress_end(v);
		v->began = true;
		v->phase = p->phase;
		v->phase_us = p->elapsed_us;
		v->quarter = v->hundredth = 0;
	}
	if (v->events >= 0 && (fresh || share(p, 100) != v->hundredth))
		send_progress(v, p);
	if (v->term.tty && !v->several) {
		if (worth_telling(p->phase) && (fresh || share(p, 100) != v->hundredth))
			show_bar(v, p);
	} else if (worth_a_line(v, p)) {
		show_line(v, p);
		v->quarter = share(p, 4);
		v->line_us = p->elapsed_us;
	}
	v->hundredth = share(p, 100);
}
