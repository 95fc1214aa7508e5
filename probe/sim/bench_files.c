/* What a bench takes from files and leaves in files. */
#include "probe/sim/bench_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/base/json.h"
#include "probe/sim/bench_state.h"

static FILE *open_file(const char *path, const char *mode, struct err *e)
{
	FILE *f = fopen(path, mode);

	if (!f)
		err_set_native(e, ERR_IO, errno, "%s: %s", path, strerror(errno));
	return f;
}

int bench_fill_flash(struct bench *b, const char *path, struct err *e)
{
	FILE *f = open_file(path, "rb", e);
	size_t n;

	if (!f)
		return ERR_IO;
	n = fread(b->chip.flash.cells.at, 1, b->chip.flash.size, f);
	fclose(f);
	flash_replaced(&b->chip.flash, 0, b->chip.flash.size);
	return n ? 0 : err_set(e, ERR_IO, "%s cannot be read, or is empty", path);
}

int bench_save_flash(struct bench *b, const char *path, struct err *e)
{
	FILE *f = open_file(path, "wb", e);
	size_t n;

	if (!f)
		return ERR_IO;
	bench_settle(b);
	n = fwrite(b->chip.flash.cells.at, 1, b->chip.flash.size, f);
	if (fclose(f) || n != b->chip.flash.size)
		return err_set(e, ERR_IO, "%s cannot be written", path);
	return 0;
}

static void say_stats(const struct bench *b, struct buf *text)
{
	struct json j;

	json_begin(&j, text);
	json_open_object(&j, NULL);
	json_put_int(&j, "commands", (int64_t)b->fw.commands);
	json_put_int(&j, "usb_transfers", (int64_t)b->transfers);
	json_put_int(&j, "wire_transfers", (int64_t)b->wire.transfers);
	json_put_int(&j, "bit_flips", (int64_t)b->wire.flips);
	json_put_int(&j, "instructions", (int64_t)b->chip.core.retired);
	json_put_int(&j, "resets", b->chip.resets);
	json_put_int(&j, "flash_operations", flash_operations(&b->chip.flash));
	json_put_int(&j, "faults", bench_faults_count(b));
	json_put_real(&j, "seconds", (double)(b->now_ns - NS_PER_S) / (double)NS_PER_S, 3);
	json_close_object(&j);
}

/* A line of text. */
static int write_line(const char *path, struct buf *text, struct err *e)
{
	FILE *f = open_file(path, "w", e);
	bool good;

	if (!f)
		return ERR_IO;
	buf_add_char(text, '\n');
	good = fwrite(text->at, 1, text->len, f) == text->len;
	if (fclose(f) || !good)
		return err_set(e, ERR_IO, "%s cannot be written", path);
	return 0;
}

int bench_write_stats(struct bench *b, const char *path, struct err *e)
{
	struct buf text = { 0 };
	int rc;

	say_stats(b, &text);
	rc = write_line(path, &text, e);
	buf_done(&text);
	return rc;
}

void bench_note_before(struct bench *b, struct buf *ret)
{
	struct json j;

	json_begin(&j, ret);
	bench_say_state(b, NULL, &j);
}

int bench_write_states(struct bench *b, const struct buf *before, const char *path, struct err *e)
{
	struct buf text = { 0 };
	struct json j;
	int rc;

	buf_addf(&text, "{\"before\":%s,\"after\":", buf_str(before));
	json_begin(&j, &text);
	bench_say_state(b, NULL, &j);
	buf_add_char(&text, '}');
	rc = write_line(path, &text, e);
	buf_done(&text);
	return rc;
}
