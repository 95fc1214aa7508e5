/* Devices of a USB capture: which are ST-LINKs, and their packets to the right channel. */
#include <string.h>

#include "probe/capture.h"
#include "probe/base/arena.h"
#include "probe/base/bytes.h"
#include "probe/capture_extra.h"
#include "probe/capture_join.h"

#define DEVICES_MAX 1024
#define RECENT	    8

#define GET_DESCRIPTOR_DEVICE "\x80\x06\x00\x01"

enum device_state { UNDECIDED, IS_PROBE, IS_OTHER };

/* What tells a packet from the copy of it that another interface saw. */
struct recent {
	uint64_t id, time_ns;
	uint32_t interface;
	bool complete;
};

struct device {
	struct capture *capture;
	struct capture_probe probe;
	enum device_state state;
	struct join debug, bridge;
	uint64_t descriptor_id; /* of the request for its device descriptor; 0: none under way */
	struct recent recent[RECENT];
	unsigned next_recent;
};

struct capture {
	struct arena *arena;
	const struct capture_sink *sink;
	struct capture_stats stats;
	struct device *devices[DEVICES_MAX];
	size_t n_devices;
	struct device *last;
	bool several; /* interfaces */
};

static void on_joined(void *user, const struct joined *j)
{
	struct device *d = user;
	struct capture *c = d->capture;
	struct capture_xact x = { .x = j->x,
				  .number = ++c->stats.xacts,
				  .packet = j->packet,
				  .last_packet = j->last_packet,
				  .probe = &d->probe };

	c->sink->xact(c->sink->user, &x);
}

static struct device *find_device(struct capture *c, uint16_t bus, uint16_t device)
{
	struct device *d = c->last;

	if (d && d->probe.bus == bus && d->probe.device == device)
		return d;
	for (size_t i = 0; i < c->n_devices; i++) {
		d = c->devices[i];
		if (d->probe.bus == bus && d->probe.device == device)
			return c->last = d;
	}
	if (c->n_devices == DEVICES_MAX)
		return NULL;
	d = arena_alloc(c->arena, sizeof(*d));
	d->capture = c;
	d->probe.bus = bus;
	d->probe.device = device;
	join_init(&d->debug, (struct join_sink){ on_joined, d });
	join_init(&d->bridge, (struct join_sink){ on_joined, d });
	c->devices[c->n_devices++] = d;
	return c->last = d;
}

static void become_probe(struct device *d, const struct usb_id *id, uint8_t ep_out)
{
	if (d->state != IS_PROBE)
		d->probe.index = d->capture->stats.probes++;
	d->state = IS_PROBE;
	d->probe.id = id;
	d->probe.ep_out = id ? id->ep_out : ep_out;
	d->probe.ep_in = id ? id->ep_in : 0x81;
	/* Where the ids are not known: only V1 and V2 take commands on endpoint 2. */
	d->probe.ep_swo = id ? id->ep_swo : ep_out == 2 ? 0x83 : 0x82;
}

static void take_descriptor(struct device *d, const struct usb_packet *u)
{
	const struct usb_id *id;

	if (u->len < 12 || u->at[1] != 1)
		return;
	d->probe.vid = get_le16(u->at + 8);
	d->probe.pid = get_le16(u->at + 10);
	id = usb_id_find(d->probe.vid, d->probe.pid);
	if (id && id->kind != USB_ID_OTHER)
		become_probe(d, id, 0);
	else if (id || d->probe.vid != USB_VID_ST)
		d->state = IS_OTHER;
}

static void on_control(struct device *d, const struct usb_packet *u)
{
	if (u->has_setup)
		d->descriptor_id = memcmp(u->setup, GET_DESCRIPTOR_DEVICE, 4) == 0 ? u->id : 0;
	else if (u->complete && d->descriptor_id && u->id == d->descriptor_id)
		take_descriptor(d, u);
}

/* Is this device one of those we look for, going by what is sent to it? */
static void guess(struct device *d, const struct usb_packet *u, const struct pcap_record *r)
{
	const struct usb_id *id = NULL;
	struct xact x;

	if (capture_extra_read(r, &x, &d->probe.vid, &d->probe.pid)) {
		become_probe(d, usb_id_find(d->probe.vid, d->probe.pid),
			     u->ep & 0x80 ? (u->ep == 0x83 ? 2 : 1) : u->ep);
		return;
	}
	if (u->complete || (u->ep != 1 && u->ep != 2) || !join_is_command(u))
		return;
	if (usb_packet_wire_len(u) == STLINK_CMD_BYTES && !stlink_cmd_find(u->at, u->len))
		return;
	if (d->probe.pid == 0 && usb_packet_wire_len(u) != STLINK_CMD_BYTES)
		id = usb_id_find(USB_VID_ST, 0x3744);
	become_probe(d, id, u->ep);
}

static void on_bulk(struct device *d, const struct usb_packet *u, const struct pcap_record *r)
{
	const struct capture_probe *p = &d->probe;

	if (d->state == UNDECIDED)
		guess(d, u, r);
	if (d->state != IS_PROBE)
		d->capture->stats.others++;
	else if (u->ep == p->ep_out)
		join_out(&d->debug, u, r);
	else if (u->ep == p->ep_in)
		join_in(&d->debug, u, r);
	else if (u->ep == p->ep_swo)
		join_swo(&d->debug, u, r);
	else if (u->ep == USB_EP_BRIDGE_OUT)
		join_out(&d->bridge, u, r);
	else if (u->ep == USB_EP_BRIDGE_IN)
		join_in(&d->bridge, u, r);
	else
		d->capture->stats.others++;
}

/* Capturing on "all buses" and on one bus at once shows every packet twice. */
static bool is_copy(struct device *d, const struct usb_packet *u, const struct pcap_record *r)
{
	if (r->interface > 0)
		d->capture->several = true;
	for (unsigned i = 0; d->capture->several && i < RECENT; i++) {
		const struct recent *seen = &d->recent[i];

		if (seen->id == u->id && seen->complete == u->complete &&
		    seen->time_ns == r->time_ns && seen->interface != r->interface)
			return true;
	}
	d->recent[d->next_recent] = (struct recent){ u->id, r->time_ns, r->interface, u->complete };
	d->next_recent = (d->next_recent + 1) % RECENT;
	return false;
}

static void on_packet(struct capture *c, const struct pcap_record *r)
{
	struct usb_packet u;
	struct device *d;

	c->stats.packets++;
	switch (usb_packet_read(r->link_type, r->big_endian, r->at, r->len, r->wire_len, &u)) {
	case USB_PACKET_OK:
		break;
	case USB_PACKET_ALIEN:
		c->stats.alien++;
		return;
	case USB_PACKET_CUT:
	case USB_PACKET_ODD:
		c->stats.odd++;
		return;
	}
	d = find_device(c, u.bus, u.device);
	if (!d) {
		c->stats.others++;
		return;
	}
	if (is_copy(d, &u, r))
		c->stats.copies++;
	else if (u.transfer == USB_BULK)
		on_bulk(d, &u, r);
	else if (u.transfer == USB_CONTROL)
		on_control(d, &u);
	else
		c->stats.others++;
}

static int read_all(struct capture *c, struct pcap *p, struct err *e)
{
	struct pcap_record r;
	int rc;

	while ((rc = pcap_next(p, &r, e)) > 0) {
		if (r.kind == PCAP_PACKET)
			on_packet(c, &r);
		else if (c->sink->mark)
			c->sink->mark(c->sink->user, r.number, r.time_ns / 1000, r.comment,
				      r.comment_len);
	}
	return rc;
}

int capture_read(struct pcap *p, const struct capture_sink *sink, struct capture_stats *ret,
		 struct err *e)
{
	struct arena *arena = arena_new();
	struct capture *c = arena_alloc(arena, sizeof(*c));
	int rc;

	c->arena = arena;
	c->sink = sink;
	rc = read_all(c, p, e);
	for (size_t i = 0; i < c->n_devices; i++) {
		join_end(&c->devices[i]->debug);
		join_end(&c->devices[i]->bridge);
		join_done(&c->devices[i]->debug);
		join_done(&c->devices[i]->bridge);
	}
	c->stats.cut = pcap_was_cut(p, &c->stats.cut_offset);
	*ret = c->stats;
	if (rc == 0 && c->stats.packets > 0 && c->stats.alien == c->stats.packets)
		rc = err_set(e, ERR_FORMAT, "a capture without USB in it");
	arena_free(arena);
	return rc;
}
