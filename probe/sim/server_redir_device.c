/* The device as the other side of a usbredir connection sees it. */
#include "probe/sim/server_redir_parts.h"

#include <string.h>

#include "probe/base/bytes.h"

#define DESC_INTERFACE 4
#define DESC_ENDPOINT  5

/* ---- what the other side is told of the device ---- */

static unsigned endpoint_slot(uint8_t address)
{
	return (address & 0x80u) >> 3 | (address & 0x0fu);
}

static void describe(const struct redir *r, struct usb_redir_interface_info_header *interfaces,
		     struct usb_redir_ep_info_header *endpoints)
{
	uint8_t desc[USB_DESC_MAX];
	size_t len = usb_desc_get(&r->bench->timed, r->bench->s.serial, USB_DESC_CONFIG, 0, desc);
	uint32_t n = 0;
	size_t at;

	memset(interfaces, 0, sizeof(*interfaces));
	memset(endpoints, 0, sizeof(*endpoints));
	memset(endpoints->type, usb_redir_type_invalid, sizeof(endpoints->type));
	endpoints->type[endpoint_slot(0x00)] = usb_redir_type_control;
	endpoints->type[endpoint_slot(0x80)] = usb_redir_type_control;
	for (at = 0; at + 6 < len && desc[at]; at += desc[at]) {
		const uint8_t *d = desc + at;

		if (d[1] == DESC_INTERFACE) {
			interfaces->interface[n] = d[2];
			interfaces->interface_class[n] = d[5];
			interfaces->interface_subclass[n] = d[6];
			interfaces->interface_protocol[n++] = d[7];
		} else if (d[1] == DESC_ENDPOINT && n) {
			unsigned slot = endpoint_slot(d[2]);

			endpoints->type[slot] = d[3] & 3;
			endpoints->interval[slot] = d[6];
			endpoints->interface[slot] = interfaces->interface[n - 1];
			endpoints->max_packet_size[slot] = get_le16(d + 4);
		}
	}
	interfaces->interface_count = n;
}

static void show_device(struct redir *r)
{
	struct usb_redir_interface_info_header interfaces;
	struct usb_redir_ep_info_header endpoints;
	struct usb_redir_device_connect_header connect = { 0 };
	uint8_t desc[USB_DESC_MAX];

	usb_desc_get(&r->bench->timed, r->bench->s.serial, USB_DESC_DEVICE, 0, desc);
	connect.speed = r->bench->timed.high_speed ? usb_redir_speed_high : usb_redir_speed_full;
	connect.device_class = desc[4];
	connect.device_subclass = desc[5];
	connect.device_protocol = desc[6];
	connect.vendor_id = get_le16(desc + 8);
	connect.product_id = get_le16(desc + 10);
	connect.device_version_bcd = get_le16(desc + 12);
	describe(r, &interfaces, &endpoints);
	usbredirparser_send_interface_info(r->parser, &interfaces);
	usbredirparser_send_ep_info(r->parser, &endpoints);
	usbredirparser_send_device_connect(r->parser, &connect);
}

void redir_follow_plug(struct redir *r)
{
	unsigned plug = r->bench->plugged ? r->bench->plugs : 0;

	if (!r->greeted || plug == r->shown)
		return;
	if (r->shown) {
		usbredirparser_send_device_disconnect(r->parser);
		r->n_pending = 0;
	}
	if (plug)
		show_device(r);
	r->shown = plug;
}

/* ---- the device as a whole ---- */

static void on_hello(void *priv, struct usb_redir_hello_header *h)
{
	struct redir *r = priv;

	(void)h;
	r->greeted = true;
	redir_follow_plug(r);
}

static void on_reset(void *priv)
{
	struct redir *r = priv;

	r->n_pending = 0;
	bench_usb_reset(r->bench);
}

static void tell_configuration(struct redir *r, uint64_t id)
{
	struct usb_redir_configuration_status_header h = { .status = usb_redir_success,
							   .configuration =
								   r->bench->configuration };

	usbredirparser_send_configuration_status(r->parser, id, &h);
}

static void on_set_configuration(void *priv, uint64_t id,
				 struct usb_redir_set_configuration_header *h)
{
	struct redir *r = priv;
	struct usb_transfer t = { .setup = { 0, 9, h->configuration } };

	bench_transfer(r->bench, &t);
	tell_configuration(r, id);
}

static void on_get_configuration(void *priv, uint64_t id)
{
	tell_configuration(priv, id);
}

/* No interface has more than one setting. */
static void on_set_alt(void *priv, uint64_t id, struct usb_redir_set_alt_setting_header *h)
{
	struct redir *r = priv;
	struct usb_redir_alt_setting_status_header answer = { .status = h->alt ? usb_redir_inval
									       : usb_redir_success,
							      .interface = h->interface };

	usbredirparser_send_alt_setting_status(r->parser, id, &answer);
}

static void on_get_alt(void *priv, uint64_t id, struct usb_redir_get_alt_setting_header *h)
{
	struct redir *r = priv;
	struct usb_redir_alt_setting_status_header answer = { .status = usb_redir_success,
							      .interface = h->interface };

	usbredirparser_send_alt_setting_status(r->parser, id, &answer);
}

/* Of the serial port, which never has anything to say. */
static void on_start_interrupts(void *priv, uint64_t id,
				struct usb_redir_start_interrupt_receiving_header *h)
{
	struct redir *r = priv;
	struct usb_redir_interrupt_receiving_status_header answer = { .status = usb_redir_success,
								      .endpoint = h->endpoint };

	usbredirparser_send_interrupt_receiving_status(r->parser, id, &answer);
}

static void on_stop_interrupts(void *priv, uint64_t id,
			       struct usb_redir_stop_interrupt_receiving_header *h)
{
	struct redir *r = priv;
	struct usb_redir_interrupt_receiving_status_header answer = { .status = usb_redir_success,
								      .endpoint = h->endpoint };

	usbredirparser_send_interrupt_receiving_status(r->parser, id, &answer);
}

void redir_set_up_device(struct usbredirparser *p)
{
	p->hello_func = on_hello;
	p->reset_func = on_reset;
	p->set_configuration_func = on_set_configuration;
	p->get_configuration_func = on_get_configuration;
	p->set_alt_setting_func = on_set_alt;
	p->get_alt_setting_func = on_get_alt;
	p->start_interrupt_receiving_func = on_start_interrupts;
	p->stop_interrupt_receiving_func = on_stop_interrupts;
}
