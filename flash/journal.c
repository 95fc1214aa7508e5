/* Records of what erased blocks held: see journal.h. */
#include "flash/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flash/loader.h"
#include "probe/base/bytes.h"

/*
 * A record: kind, address, length, checksum of the bytes, the bytes, padded to words. Of DONE the
 * length is that of the block, and there are no bytes.
 */
#define KIND_KEPT    0x314a4453U /* "SDJ1" */
#define KIND_RUN     0x31524453U /* "SDR1": the bytes are the image's hash */
#define KIND_DONE    0x31444453U /* "SDD1" */
#define HEADER_BYTES 16
#define BYTES_MAX    (64u * 1024 * 1024)

static int folder(const char *dir, struct buf *ret, struct err *e)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (dir)
		buf_add_str(ret, dir);
	else if (state && *state == '/')
		buf_addf(ret, "%s/swdoctor", state);
	else if (home && *home == '/')
		buf_addf(ret, "%s/.local/state/swdoctor", home);
	else
		return err_set(e, ERR_IO, "there is no folder for the journal: HOME is not set");
	return 0;
}

/* With all that is above it. */
static int make_folder(char *path, struct err *e)
{
	for (char *at = path + 1;; at++) {
		char was = *at;

		if (was != '/' && was)
			continue;
		*at = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return err_set_native(e, ERR_IO, errno, "%s: %s", path, strerror(errno));
		*at = was;
		if (!was)
			return 0;
	}
}

int journal_init(struct journal *j, const char *dir, const struct flash_session *s, struct err *e)
{
	struct buf path = { 0 };
	int rc = folder(dir, &path, e);

	*j = (struct journal){ .fd = -1 };
	buf_addf(&path, "/flash-%03x", s->id.dev_id);
	if (s->has_uid)
		buf_addf(&path, "-%08x%08x%08x", s->uid[0], s->uid[1], s->uid[2]);
	buf_add_str(&path, ".journal");
	if (!rc && path.len >= sizeof(j->path))
		rc = err_set(e, ERR_LIMIT, "the path of the journal is too long");
	if (!rc)
		memcpy(j->path, path.at, path.len + 1);
	buf_done(&path);
	j->exists = !rc && !access(j->path, F_OK);
	return rc;
}

static int open_for_adding(struct journal *j, struct err *e)
{
	char dir[sizeof(j->path)];
	int rc;

	if (j->fd >= 0)
		return 0;
	snprintf(dir, sizeof(dir), "%s", j->path);
	*strrchr(dir, '/') = '\0';
	rc = make_folder(dir, e);
	if (rc)
		return rc;
	j->fd = open(j->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->fd < 0)
		return err_set_native(e, ERR_IO, errno, "%s: %s", j->path, strerror(errno));
	j->exists = true;
	rc = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rc >= 0) { /* the name must last as well */
		fsync(rc);
		close(rc);
	}
	return 0;
}

static int write_all(struct journal *j, const void *bytes, size_t len, struct err *e)
{
	const char *at = bytes;

	while (len) {
		ssize_t n = write(j->fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set_native(e, ERR_IO, errno, "%s: %s", j->path, strerror(errno));
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int add(struct journal *j, uint32_t kind, uint32_t address, uint32_t told,
	       const uint8_t *bytes, uint32_t len, struct err *e)
{
	size_t padded = ((size_t)len + 3) & ~(size_t)3;
	uint8_t *record = calloc(1, HEADER_BYTES + padded);
	int rc;

	if (!record)
		abort();
	if (len)
		memcpy(record + HEADER_BYTES, bytes, len);
	put_le32(record, kind);
	put_le32(record + 4, address);
	put_le32(record + 8, told);
	put_le32(record + 12, loader_crc(record + HEADER_BYTES, padded));
	rc = open_for_adding(j, e);
	if (!rc)
		rc = write_all(j, record, HEADER_BYTES + padded, e);
	free(record);
	return rc ? err_prefix(e, rc, "journal") : 0;
}

int journal_add(struct journal *j, uint32_t address, const uint8_t *bytes, uint32_t len,
		struct err *e)
{
	j->keeps = true;
	return add(j, KIND_KEPT, address, len, bytes, len, e);
}

int journal_add_run(struct journal *j, const uint8_t image[SHA256_BYTES], struct err *e)
{
	return add(j, KIND_RUN, 0, SHA256_BYTES, image, SHA256_BYTES, e);
}

int journal_add_done(struct journal *j, uint32_t address, uint32_t len, struct err *e)
{
	return add(j, KIND_DONE, address, len, NULL, 0, e);
}

int journal_sync(struct journal *j, struct err *e)
{
	if (j->fd >= 0 && fsync(j->fd))
		return err_set_native(e, ERR_IO, errno, "journal %s: %s", j->path, strerror(errno));
	return 0;
}

struct record {
	uint32_t kind, address, len;
	const uint8_t *bytes;
	size_t size; /* of all of it */
};

/* The one that begins here; false: there is none that is whole. */
static bool take_record(const uint8_t *at, size_t left, struct record *ret)
{
	size_t padded;

	if (left < HEADER_BYTES)
		return false;
	*ret = (struct record){ .kind = get_le32(at),
				.address = get_le32(at + 4),
				.len = get_le32(at + 8),
				.bytes = at + HEADER_BYTES };
	if (ret->kind != KIND_KEPT && ret->kind != KIND_RUN && ret->kind != KIND_DONE)
		return false;
	padded = ret->kind == KIND_DONE ? 0 : ((size_t)ret->len + 3) & ~(size_t)3;
	ret->size = HEADER_BYTES + padded;
	if (padded > left - HEADER_BYTES || loader_crc(ret->bytes, padded) != get_le32(at + 12))
		return false;
	return ret->kind != KIND_RUN || ret->len == SHA256_BYTES;
}

/* Is the block that held this right since then? */
static bool is_done_later(const struct record *kept, const uint8_t *at, size_t left)
{
	struct record r;

	for (; take_record(at, left, &r); at += r.size, left -= r.size)
		if (r.kind == KIND_DONE && kept->address - r.address < r.len)
			return true;
	return false;
}

static void read_records(struct journal *j, const uint8_t *at, size_t left,
			 const struct journal_reader *to)
{
	struct record r;

	for (; take_record(at, left, &r); at += r.size, left -= r.size) {
		if (r.kind == KIND_RUN && to->run)
			to->run(to->user, r.bytes);
		else if (r.kind == KIND_DONE && to->done)
			to->done(to->user, r.address, r.len);
		else if (r.kind == KIND_KEPT && to->kept && !is_done_later(&r, at, left)) {
			to->kept(to->user, r.address, r.bytes, r.len);
			j->keeps = true;
		}
	}
}

int journal_read(struct journal *j, const struct journal_reader *r, struct err *e)
{
	struct buf all = { 0 };
	char bytes[4096];
	size_t n;
	FILE *f;

	if (!j->exists)
		return 0;
	f = fopen(j->path, "rb");
	if (!f)
		return err_set_native(e, ERR_IO, errno, "journal %s: %s", j->path, strerror(errno));
	while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0 && all.len < BYTES_MAX)
		buf_add(&all, bytes, n);
	fclose(f);
	read_records(j, (const uint8_t *)buf_str(&all), all.len, r);
	buf_done(&all);
	return 0;
}

void journal_remove(struct journal *j)
{
	journal_close(j);
	if (j->exists)
		unlink(j->path);
	j->exists = false;
}

void journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
}
