/* Capture files: the window onto the file, classic pcap, and what both formats share. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "probe/pcap_read_internal.h"

#define WINDOW_BYTES (64U << 10)

#define PCAP_MAGIC_US	 0xa1b2c3d4U
#define PCAP_MAGIC_NS	 0xa1b23c4dU
#define PCAP_MAGIC_OTHER 0xa1b2cd34U /* a patched libpcap of long ago, with longer records */
#define PCAP_FILE_HEAD	 24
#define PCAP_RECORD_HEAD 16

static uint8_t *window(const struct pcap *p)
{
	return (uint8_t *)p->window.at;
}

/* Moves what is unread to the front and makes room for `need` bytes. */
static void make_room(struct pcap *p, size_t need)
{
	if (p->begin > 0) {
		memmove(window(p), window(p) + p->begin, p->end - p->begin);
		p->end -= p->begin;
		p->begin = 0;
	}
	p->window.len = p->end;
	if (need > p->end)
		buf_reserve(&p->window, need - p->end);
}

int pcap_fill(struct pcap *p, size_t need, struct err *e)
{
	if (p->begin + need > p->window.size)
		make_room(p, need);
	while (p->end - p->begin < need && !p->ended) {
		long n = p->from.read(p->from.user, window(p) + p->end, p->window.size - p->end);

		if (n < 0)
			return err_set_native(e, ERR_IO, errno, "reading at offset %llu: %s",
					      (unsigned long long)(p->offset + p->end - p->begin),
					      strerror(errno));
		if (n == 0)
			p->ended = true;
		p->end += (size_t)n;
	}
	return p->end - p->begin >= need;
}

int pcap_ends_here(struct pcap *p)
{
	if (p->end > p->begin) {
		p->cut = true;
		p->cut_offset = p->offset;
	}
	return 0;
}

int pcap_damaged(const struct pcap *p, struct err *e, const char *what, unsigned long long number)
{
	return err_set(e, ERR_FORMAT, "damaged at offset %llu: %s %llu",
		       (unsigned long long)p->offset, what, number);
}

static int next_classic(struct pcap *p, struct pcap_record *ret, struct err *e)
{
	int rc = pcap_want(p, PCAP_RECORD_HEAD, e);
	const uint8_t *at;
	uint32_t len;

	if (rc <= 0)
		return rc < 0 ? rc : pcap_ends_here(p);
	at = pcap_at(p);
	len = pcap_get32(p, at + 8);
	if (len > PCAP_RECORD_MAX)
		return pcap_damaged(p, e, "a packet of bytes:", len);
	rc = pcap_want(p, PCAP_RECORD_HEAD + (size_t)len, e);
	if (rc <= 0)
		return rc < 0 ? rc : pcap_ends_here(p);
	at = pcap_at(p);
	*ret = (struct pcap_record){
		.kind = PCAP_PACKET,
		.number = ++p->number,
		.offset = p->offset,
		.link_type = p->link_type,
		.big_endian = p->big_endian,
		.time_ns = pcap_get32(p, at) * 1000000000ULL +
			   (uint64_t)pcap_get32(p, at + 4) * (p->nanoseconds ? 1 : 1000),
		.at = at + PCAP_RECORD_HEAD,
		.len = len,
		.wire_len = pcap_get32(p, at + 12),
	};
	pcap_skip(p, PCAP_RECORD_HEAD + (size_t)len);
	return 1;
}

static bool is_classic(uint32_t magic)
{
	return magic == PCAP_MAGIC_US || magic == PCAP_MAGIC_NS;
}

bool pcap_is(const uint8_t *head, size_t len)
{
	return len >= 4 && (is_classic(get_le32(head)) || is_classic(get_be32(head)) ||
			    get_le32(head) == PCAPNG_SHB);
}

static int begin_classic(struct pcap *p, struct err *e)
{
	const uint8_t *at = pcap_at(p);

	p->big_endian = is_classic(get_be32(at));
	p->nanoseconds = pcap_get32(p, at) == PCAP_MAGIC_NS;
	if (pcap_want(p, PCAP_FILE_HEAD, e) <= 0)
		return err_set(e, ERR_FORMAT, "a pcap file that ends inside its header");
	at = pcap_at(p);
	if (pcap_get16(p, at + 4) != 2)
		return err_set(e, ERR_FORMAT, "a pcap file of version %u.%u, expected 2.4",
			       pcap_get16(p, at + 4), pcap_get16(p, at + 6));
	/* The upper bits can carry the length of a checksum, which USB does not have. */
	p->link_type = pcap_get32(p, at + 20) & 0xffff;
	pcap_skip(p, PCAP_FILE_HEAD);
	p->next = next_classic;
	p->format = "pcap";
	return 0;
}

static int begin(struct pcap *p, struct err *e)
{
	int rc = pcap_want(p, 4, e);
	const uint8_t *at;

	if (rc < 0)
		return rc;
	if (rc == 0)
		return err_set(e, ERR_FORMAT, "%s, no capture", p->end ? "too short" : "empty");
	at = pcap_at(p);
	if (get_le32(at) == PCAPNG_SHB) {
		p->next = pcapng_next;
		p->format = "pcapng";
		return 0;
	}
	if (is_classic(get_le32(at)) || is_classic(get_be32(at)))
		return begin_classic(p, e);
	if (get_le32(at) == PCAP_MAGIC_OTHER || get_be32(at) == PCAP_MAGIC_OTHER)
		return err_set(e, ERR_FORMAT, "an old variant of pcap; convert it with editcap");
	if (at[0] == 0x1f && at[1] == 0x8b)
		return err_set(e, ERR_FORMAT, "compressed (gzip); unpack it first");
	return err_set(e, ERR_FORMAT, "neither pcap nor pcapng");
}

int pcap_new(struct pcap_source from, struct pcap **ret, struct err *e)
{
	struct arena *arena = arena_new();
	struct pcap *p = arena_alloc(arena, sizeof(*p));
	int rc;

	p->arena = arena;
	p->from = from;
	p->application = "";
	buf_init(&p->window);
	buf_init(&p->interfaces);
	make_room(p, WINDOW_BYTES);
	rc = begin(p, e);
	if (rc) {
		pcap_free(p);
		return rc;
	}
	*ret = p;
	return 0;
}

void pcap_free(struct pcap *p)
{
	if (!p)
		return;
	buf_done(&p->window);
	buf_done(&p->interfaces);
	arena_free(p->arena);
}

int pcap_next(struct pcap *p, struct pcap_record *ret, struct err *e)
{
	return p->next(p, ret, e);
}

bool pcap_was_cut(const struct pcap *p, uint64_t *ret_offset)
{
	if (p->cut)
		*ret_offset = p->cut_offset;
	return p->cut;
}

const char *pcap_application(const struct pcap *p)
{
	return p->application;
}

const char *pcap_interface_text(const struct pcap *p, uint32_t interface)
{
	return interface < p->n_interfaces ? pcap_interface(p, interface)->text : "";
}

const char *pcap_format(const struct pcap *p)
{
	return p->format;
}

long pcap_read_fd(void *user, void *into, size_t len)
{
	ssize_t n;

	do
		n = read(*(int *)user, into, len);
	while (n < 0 && errno == EINTR);
	return n;
}

long pcap_read_bytes(void *user, void *into, size_t len)
{
	struct pcap_bytes *from = user;
	size_t n = from->len < len ? from->len : len;

	if (n > 0)
		memcpy(into, from->at, n);
	from->at += n;
	from->len -= n;
	return (long)n;
}
