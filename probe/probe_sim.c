/* Opening a probe on the virtual bench. */
#include "probe/probe_sim.h"

#include <stdio.h>
#include <string.h>

#include "probe/sim_plugin.h"
#include "probe/transport_sim.h"

static void note(void *user, const char *text)
{
	struct probe *p = user;

	if (p->t)
		transport_mark(p->t, text);
}

/* What the list of a real bus would say about it. */
static void fill_entry(struct probe *p)
{
	struct usb_entry *entry = &p->entry;
	struct sim_device dev;

	p->bench.plugin->device(p->bench.bench, &dev);
	*entry = (struct usb_entry){
		.dev = { .vid = dev.vid,
			 .pid = dev.pid,
			 .place = { .bus = dev.bus, .n_ports = 1, .ports = { dev.port } },
			 .address = (uint8_t)(dev.plug + 1),
			 .has_serial = true,
			 .speed_kbps = dev.speed_kbps },
		.id = usb_id_find(dev.vid, dev.pid),
		.denied = dev.denied,
	};
	usb_serial_from_utf8(dev.serial, strlen(dev.serial), &entry->serial);
	snprintf(p->title, sizeof(p->title), "%s on the virtual bench", dev.title);
}

static int get_bench(const struct probe_options *o, const char *words, struct probe *p,
		     struct err *e)
{
	int rc;

	if (o->bench) {
		p->bench = *o->bench;
		return 0;
	}
	rc = sim_plugin_load(&p->bench.plugin, e);
	if (!rc)
		rc = p->bench.plugin->open(words, &p->bench.bench, e);
	p->owns_bench = !rc;
	return rc ? err_prefix(e, rc, "sim:%s", words) : 0;
}

int probe_sim_open(const struct probe_options *o, const char *words, struct probe *p, struct err *e)
{
	const struct transport_sim_config cfg = { .note = note, .note_user = p };
	int rc = get_bench(o, words, p, e);

	if (rc)
		return rc;
	fill_entry(p);
	rc = transport_sim_new(p->bench.plugin, p->bench.bench, &cfg, &p->t, e);
	if (rc)
		return rc;
	p->clock = transport_sim_clock(p->t);
	probe_move_limit(p);
	transport_sim_set_run(p->t, &p->limit);
	return 0;
}

void probe_sim_close(struct probe *p)
{
	if (p->owns_bench)
		p->bench.plugin->close(p->bench.bench, NULL);
	p->owns_bench = false;
}
