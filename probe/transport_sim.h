/*
 * A probe on the virtual bench, in this process. It behaves as transport_usb.h says: command and
 * data under one time limit, pipes put in order after a failure, native codes are libusb's.
 *
 * Time is the bench's: its clock moves on by what transfers take and by sleeping, so that waiting
 * costs nothing, and a run comes out the same every time.
 */
#ifndef SWDOCTOR_TRANSPORT_SIM_H
#define SWDOCTOR_TRANSPORT_SIM_H

#include "probe/base/clock.h"
#include "probe/deadline.h"
#include "probe/sim/api/plugin.h"
#include "probe/transport.h"

struct transport_sim_config {
	unsigned reopen_ms; /* how long a probe may stay away; 0: 5 s */
	/* Told what was done between transactions. May be NULL. */
	void (*note)(void *user, const char *text);
	void *note_user;
};

/*
 * The probe of this bench, which is lent and must outlive the transport: the next one to open it
 * finds it as this one left it. ERR_NO_PROBE, ERR_DENIED, ERR_BUSY.
 */
int transport_sim_new(const struct sim_plugin *plugin, struct sim_bench *bench,
		      const struct transport_sim_config *cfg, struct transport **ret,
		      struct err *e);

/* The bench's clock; lives as long as the transport. */
const struct clock *transport_sim_clock(struct transport *t);
/* Ends every wait sooner. NULL: nothing does. */
void transport_sim_set_run(struct transport *t, const struct deadline *run);

#endif
