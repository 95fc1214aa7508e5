/* What a trace of ours says of a transaction beyond its packets: 24 bytes in an option of a packet.
 */
#include "probe/capture_extra.h"

#include "probe/base/bytes.h"

#define EXTRA_VERSION 1

void capture_extra_write(const struct xact *x, uint16_t vid, uint16_t pid,
			 uint8_t out[CAPTURE_EXTRA_BYTES])
{
	out[0] = EXTRA_VERSION;
	out[1] = (uint8_t)x->outcome;
	out[2] = x->ep;
	out[3] = (uint8_t)x->dir;
	put_le32(out + 4, (uint32_t)x->native);
	put_le32(out + 8, (uint32_t)x->want);
	put_le32(out + 12, x->timeout_ms);
	put_le32(out + 16, (uint32_t)x->got);
	put_le16(out + 20, vid);
	put_le16(out + 22, pid);
}

bool capture_extra_read(const struct pcap_record *r, struct xact *x, uint16_t *ret_vid,
			uint16_t *ret_pid)
{
	const uint8_t *at = r->extra;

	if (!at || r->extra_len < CAPTURE_EXTRA_BYTES || at[0] != EXTRA_VERSION ||
	    at[1] >= XACT_OUTCOMES || at[3] > XACT_OUT)
		return false;
	x->outcome = at[1];
	x->ep = at[2];
	x->dir = at[3];
	x->native = (int)get_le32(at + 4);
	x->want = get_le32(at + 8);
	x->timeout_ms = get_le32(at + 12);
	x->got = get_le32(at + 16);
	*ret_vid = get_le16(at + 20);
	*ret_pid = get_le16(at + 22);
	return true;
}
