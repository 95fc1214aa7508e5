/* One command on one probe or on several: see each_probe.h. */
#include "analyzer/cli/each_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/base/output.h"
#include "analyzer/cli/workers.h"

struct frame {
	const struct each_probe *p;
	bool json;
	const char **probes;
	size_t n_probes;
	struct buf spelt; /* of those that nobody named */
	struct buf kept;  /* the JSON of all, for the result file */
	struct result end;
};

/* What crosses from a worker: this, then the texts. */
struct crossing {
	struct result end;
	size_t text_len, json_len, message_len;
};

static void yield_done(struct each_probe_yield *y)
{
	buf_done(&y->text);
	buf_done(&y->json);
	buf_done(&y->message);
}

static void pack(const struct frame *f, const struct each_probe_yield *y, const char *words,
		 struct buf *ret)
{
	struct crossing c = { .end = y->end, .text_len = y->text.len, .json_len = y->json.len };
	struct buf message = { 0 };

	if (y->message.len && f->n_probes > 1)
		buf_addf(&message, "%s: ", words);
	buf_add(&message, buf_str(&y->message), y->message.len);
	c.message_len = message.len;
	buf_add(ret, &c, sizeof(c));
	buf_add(ret, buf_str(&y->text), y->text.len);
	buf_add(ret, buf_str(&y->json), y->json.len);
	buf_add(ret, buf_str(&message), message.len);
	buf_done(&message);
}

static void work_one(void *user, size_t i, struct buf *ret)
{
	const struct frame *f = user;
	struct each_probe_yield y = { 0 };

	f->p->work(f->p->user, f->probes[i], i, f->n_probes > 1, &y);
	pack(f, &y, f->probes[i], ret);
	yield_done(&y);
}

static void fail_one(struct frame *f, const char *words, const struct err *why, struct buf *ret)
{
	struct each_probe_yield y = { 0 };

	f->p->fail(f->p->user, words, why, &y);
	pack(f, &y, words, ret);
	yield_done(&y);
}

static void say(struct frame *f, const char *text, size_t len, int fd)
{
	struct err e = { 0 };

	if (len && output_write(fd, text, len, "output", &e)) {
		struct result broken;

		cli_fail(f->p->args, &e);
		result_fill(&broken, exit_code_of(&e), NULL, NULL, NULL);
		result_merge(&f->end, &broken);
	}
}

static void take_packed(struct frame *f, const struct buf *packed)
{
	int fd = f->p->data_on_stdout ? 2 : 1;
	const char *text = packed->at + sizeof(struct crossing), *json;
	struct err e = { .code = ERR_FORMAT };
	struct crossing c;

	memcpy(&c, packed->at, sizeof(c));
	json = text + c.text_len;
	say(f, f->json ? json : text, f->json ? c.json_len : c.text_len, fd);
	buf_add(&f->kept, json, c.json_len);
	if (c.message_len) {
		snprintf(e.text, sizeof(e.text), "%.*s", (int)c.message_len, json + c.json_len);
		cli_fail(f->p->args, &e);
	}
	result_merge(&f->end, &c.end);
}

static void take_one(void *user, size_t i, const struct buf *result, int died_of)
{
	struct frame *f = user;
	struct buf death = { 0 };
	struct err why;

	if (!result) {
		err_set_native(&why, ERR_INTERNAL, died_of, "the work crashed (%s)",
			       died_of ? strsignal(died_of) : "no signal");
		fail_one(f, f->probes[i], &why, &death);
	}
	take_packed(f, result ? result : &death);
	buf_done(&death);
}

static void fail_before(struct frame *f, const struct err *why)
{
	struct buf packed = { 0 };

	f->n_probes = 1;
	fail_one(f, NULL, why, &packed);
	take_packed(f, &packed);
	buf_done(&packed);
}

/* ---- which ---- */

void each_probe_spell(const struct usb_list *list, struct buf *ret, size_t *ret_n)
{
	*ret_n = 0;
	for (size_t i = 0; i < list->n; i++) {
		const struct usb_entry *entry = &list->entries[i];
		char place[USB_PLACE_TEXT_MAX];

		if (entry->id->kind == USB_ID_OTHER)
			continue;
		usb_place_text(&entry->dev.place, place);
		if (entry->dev.place.n_ports)
			buf_addf(ret, "usb@%s", place);
		else
			buf_addf(ret, "usb:%s", entry->serial.text);
		buf_add_char(ret, '\0');
		++*ret_n;
	}
}

/* Without any, "usb": looking for it fails in the way that a single one's absence does. */
static int find_all(struct frame *f, struct err *e)
{
	struct usb_list list;
	int rc = usb_list_read(&usb_roots_system, &list, e);

	if (rc)
		return rc;
	each_probe_spell(&list, &f->spelt, &f->n_probes);
	usb_list_done(&list);
	return 0;
}

static int choose(struct frame *f, struct err *e)
{
	const struct cli_args *args = f->p->args;
	const char *at;
	int rc;

	f->n_probes = cli_count(args, "probe");
	rc = f->p->all ? find_all(f, e) : 0;
	if (rc)
		f->n_probes = 0;
	f->probes = calloc(f->n_probes + 1, sizeof(*f->probes));
	if (!f->probes)
		abort();
	at = buf_str(&f->spelt);
	for (size_t i = 0; i < f->n_probes; i++) {
		f->probes[i] = f->p->all ? at : cli_nth(args, "probe", i);
		at += f->p->all ? strlen(at) + 1 : 0;
	}
	if (!f->n_probes)
		f->probes[f->n_probes++] = "usb";
	return rc;
}

int each_probe_run(const struct each_probe *p, const struct err *before)
{
	static const struct workers_ops ops = { .work = work_one,
						.take = take_one,
						.stops_in_order = true };
	const char *file = cli_value(p->args, "result", NULL);
	struct frame f = { .p = p };
	struct err e = { 0 };
	int rc;

	f.json = !strcmp(cli_value(p->args, "format", "text"), "json");
	result_fill(&f.end, EXIT_CODE_HEALTHY, NULL, NULL, NULL);
	rc = choose(&f, &e);
	if (before)
		fail_before(&f, before);
	else if (rc || (file && result_file_begin(file, p->command, &e)) ||
		 workers_run(&ops, &f, f.n_probes, f.n_probes, &e))
		fail_before(&f, &e);
	if (file && result_file_end(file, &f.kept, &e))
		fail_before(&f, &e);
	result_print(&f.end);
	free(f.probes);
	buf_done(&f.spelt);
	buf_done(&f.kept);
	return f.end.code;
}
