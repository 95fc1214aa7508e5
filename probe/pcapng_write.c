/* Blocks of pcapng put together in memory and handed over in one write. */
#include "probe/pcapng_write.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "probe/base/bytes.h"
#include "probe/pcap_read.h"

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	BLOCK_CUSTOM = 0xbad
};

enum option_code {
	OPTION_COMMENT = 1,
	OPTION_IF_NAME = 2,
	OPTION_IF_DESCRIPTION = 3,
	OPTION_APPLICATION = 4,
	OPTION_IF_TSRESOL = 9,
	OPTION_CUSTOM_BYTES = 2989,
};

static void add16(struct buf *b, uint16_t v)
{
	uint8_t bytes[2];

	put_le16(bytes, v);
	buf_add(b, bytes, sizeof(bytes));
}

static void add32(struct buf *b, uint32_t v)
{
	uint8_t bytes[4];

	put_le32(bytes, v);
	buf_add(b, bytes, sizeof(bytes));
}

static void pad(struct buf *b)
{
	static const uint8_t zeros[4];

	if (b->len % 4)
		buf_add(b, zeros, 4 - b->len % 4);
}

/* Begins a block; returns where, for end_block. Blocks begin at multiples of four. */
static size_t begin_block(struct pcapng_writer *w, uint32_t type)
{
	size_t start = w->out.len;

	add32(&w->out, type);
	add32(&w->out, 0);
	return start;
}

static void end_block(struct pcapng_writer *w, size_t start)
{
	uint32_t len;

	pad(&w->out);
	len = (uint32_t)(w->out.len - start + 4);
	put_le32((uint8_t *)w->out.at + start + 4, len);
	add32(&w->out, len);
}

static void add_option(struct buf *b, uint16_t code, const void *at, size_t len)
{
	/* The length is a u16; more than that says nobody about one packet. */
	if (len > 0xfff0)
		len = 0xfff0;
	add32(b, code | (uint32_t)len << 16);
	buf_add(b, at, len);
	pad(b);
}

static void end_options(struct buf *b)
{
	add32(b, 0);
}

void pcapng_writer_init(struct pcapng_writer *w, int fd, const char *application)
{
	size_t block;

	memset(w, 0, sizeof(*w));
	w->fd = fd;
	buf_init(&w->out);
	block = begin_block(w, BLOCK_SECTION);
	add32(&w->out, 0x1a2b3c4d);
	add16(&w->out, 1);
	add16(&w->out, 0);
	add32(&w->out, 0xffffffff); /* length of the section: not known */
	add32(&w->out, 0xffffffff);
	add_option(&w->out, OPTION_APPLICATION, application, strlen(application));
	end_options(&w->out);
	end_block(w, block);
}

void pcapng_writer_done(struct pcapng_writer *w)
{
	buf_done(&w->out);
}

void pcapng_add_interface(struct pcapng_writer *w, uint16_t link_type, const char *name,
			  const char *description)
{
	static const uint8_t microseconds = 6;
	size_t block = begin_block(w, BLOCK_INTERFACE);

	add16(&w->out, link_type);
	add16(&w->out, 0);
	add32(&w->out, 0); /* no limit */
	add_option(&w->out, OPTION_IF_NAME, name, strlen(name));
	add_option(&w->out, OPTION_IF_DESCRIPTION, description, strlen(description));
	add_option(&w->out, OPTION_IF_TSRESOL, &microseconds, 1);
	end_options(&w->out);
	end_block(w, block);
}

static void add_our_head(struct buf *b)
{
	add32(b, PCAP_OUR_PEN);
	buf_add(b, PCAP_OUR_WORD, sizeof(PCAP_OUR_WORD) - 1);
}

static void add_extra(struct buf *b, const uint8_t *at, size_t len)
{
	add32(b, OPTION_CUSTOM_BYTES | (uint32_t)(4 + sizeof(PCAP_OUR_WORD) - 1 + len) << 16);
	add_our_head(b);
	buf_add(b, at, len);
	pad(b);
}

void pcapng_add_packet(struct pcapng_writer *w, const struct pcapng_packet *p)
{
	size_t start = w->out.len;
	uint32_t len = (uint32_t)(p->head_len + p->body_len);
	uint8_t head[28] = { BLOCK_PACKET };

	put_le32(head + 12, (uint32_t)(p->time_us >> 32));
	put_le32(head + 16, (uint32_t)p->time_us);
	put_le32(head + 20, len);
	put_le32(head + 24, len);
	buf_add(&w->out, head, sizeof(head));
	buf_add(&w->out, p->head, p->head_len);
	buf_add(&w->out, p->body, p->body_len);
	pad(&w->out);
	if (p->comment)
		add_option(&w->out, OPTION_COMMENT, p->comment, p->comment_len);
	if (p->extra)
		add_extra(&w->out, p->extra, p->extra_len);
	if (p->comment || p->extra)
		end_options(&w->out);
	end_block(w, start);
}

void pcapng_add_mark(struct pcapng_writer *w, uint64_t time_us, const char *text)
{
	size_t block = begin_block(w, BLOCK_CUSTOM);
	size_t len = strlen(text);

	if (len > 0xffff)
		len = 0xffff;
	add_our_head(&w->out);
	add32(&w->out, (uint32_t)time_us);
	add32(&w->out, (uint32_t)(time_us >> 32));
	add16(&w->out, (uint16_t)len);
	buf_add(&w->out, text, len);
	end_block(w, block);
}

/* Half a block in the middle would damage all that follows it. */
static int take_back(struct pcapng_writer *w, struct err *e)
{
	int number = errno;

	if (ftruncate(w->fd, (off_t)w->written) == 0)
		lseek(w->fd, (off_t)w->written, SEEK_SET);
	buf_clear(&w->out);
	return err_set_native(e, ERR_IO, number, "writing the trace: %s", strerror(number));
}

int pcapng_flush(struct pcapng_writer *w, struct err *e)
{
	size_t done = 0;

	while (done < w->out.len) {
		ssize_t n = write(w->fd, w->out.at + done, w->out.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return take_back(w, e);
		done += (size_t)n;
	}
	w->written += done;
	buf_clear(&w->out);
	return 0;
}
