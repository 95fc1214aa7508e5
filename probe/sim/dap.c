/* The debug port and the memory access port of a chip. */
#include "probe/sim/dap.h"

enum {
	DP_DPIDR = 0x0,
	DP_ABORT = 0x0,
	DP_CTRL = 0x4,
	DP_RESEND = 0x8,
	DP_SELECT = 0x8,
	DP_RDBUFF = 0xc
};

enum {
	AP_CSW = 0x00,
	AP_TAR = 0x04,
	AP_DRW = 0x0c,
	AP_BD0 = 0x10,
	AP_BD3 = 0x1c,
	AP_CFG = 0xf4,
	AP_BASE = 0xf8,
	AP_IDR = 0xfc
};

#define STICKY	      (DAP_CTRL_STICKYORUN | DAP_CTRL_STICKYCMP | DAP_CTRL_STICKYERR | DAP_CTRL_WDATAERR)
#define CTRL_WRITABLE 0x543fff0du

#define ABORT_DAPABORT	 0x01u
#define ABORT_STKCMPCLR	 0x02u
#define ABORT_STKERRCLR	 0x04u
#define ABORT_WDERRCLR	 0x08u
#define ABORT_ORUNERRCLR 0x10u

#define CSW_SIZE      0x00000007u
#define CSW_ADDRINC   0x00000030u
#define CSW_DEVICEEN  0x00000040u
#define CSW_SDEVICEEN 0x00800000u /* secure accesses are allowed */
#define CSW_WRITABLE  0xff000f37u
#define INC_PACKED    2u

/* Cycles of the bus clock that one access through the port takes at least. */
#define AP_CYCLES 6u

void dap_init(struct dap *d, struct chip *chip)
{
	unsigned i;

	*d = (struct dap){ .chip = chip, .power_ons = chip->power_ons };
	for (i = 0; i < CHIP_APS_MAX; i++)
		d->ap[i].csw = chip->row->ap[i].csw;
}

static void follow_power(struct dap *d)
{
	if (d->power_ons != d->chip->power_ons)
		dap_init(d, d->chip);
}

void dap_line_reset(struct dap *d, bool to_swd)
{
	follow_power(d);
	if (!chip_port_alive(d->chip))
		return;
	if (to_swd)
		d->swd = true;
	d->fresh = true;
	d->lost = false;
	d->select = 0;
}

void dap_select_jtag(struct dap *d)
{
	follow_power(d);
	if (!chip_port_alive(d->chip) || !d->chip->row->jtag_idcode)
		return;
	d->swd = false;
	d->fresh = false;
	d->lost = false;
	d->select = 0;
}

void dap_protocol_error(struct dap *d)
{
	d->lost = true;
}

/* ---- the memory access port ---- */

/* The port that SELECT names; CHIP_APS_MAX: there is none. */
static unsigned selected(const struct dap *d)
{
	unsigned n = d->select >> 24;

	return n < CHIP_APS_MAX && d->chip->row->ap[n].idr ? n : CHIP_APS_MAX;
}

static unsigned csw_bytes(const struct dap *d, unsigned n)
{
	unsigned size = d->ap[n].csw & CSW_SIZE;

	return size == 0 ? 1 : size == 1 ? 2 : 4;
}

/* The address counts on within its block only; the bits above it stay. */
static void increment(struct dap *d, unsigned n, unsigned bytes)
{
	uint32_t wrap = d->chip->row->tar_wrap - 1, tar = d->ap[n].tar;

	d->ap[n].tar = (tar & ~wrap) | ((tar + bytes) & wrap);
}

static enum bus_answer ask_bus(struct dap *d, unsigned n, struct bus_access *a)
{
	const struct chip_ap *ap = &d->chip->row->ap[n];

	if (!ap->window_bytes)
		return chip_bus(d->chip, a);
	if (a->addr - ap->window >= ap->window_bytes) {
		a->value = 0;
		return ap->quiet ? BUS_OK : BUS_FAULT;
	}
	a->addr = ap->at + (a->addr - ap->window);
	return chip_bus(d->chip, a);
}

static void access_bus(struct dap *d, unsigned n, uint32_t addr, unsigned size, bool read,
		       uint32_t *data, uint64_t now_ns)
{
	struct chip *c = d->chip;
	struct bus_access a = { .addr = addr & ~(uint32_t)(size - 1),
				.size = size,
				.write = !read,
				.master = BUS_DEBUG,
				.now_ns = now_ns,
				.ready_ns = now_ns };
	unsigned lane = 8 * (a.addr & 3);

	if (chip_ap_shut(c, n)) {
		d->ctrl |= DAP_CTRL_STICKYERR;
		return;
	}
	if (!chip_bus_clocked(c)) { /* the bus never answers */
		d->busy_until_ns = UINT64_MAX;
		return;
	}
	/* Narrow data travels in the byte lanes of its address (C2.2.6). */
	a.value = *data >> lane;
	if (size < 4)
		a.value &= ((uint32_t)1 << (8 * size)) - 1;
	if (ask_bus(d, n, &a) != BUS_OK)
		d->ctrl |= DAP_CTRL_STICKYERR;
	else if (read)
		*data = a.value << lane;
	d->busy_until_ns = a.ready_ns + AP_CYCLES * NS_PER_S / c->core.hz;
}

static void access_drw(struct dap *d, unsigned n, bool read, uint32_t *data, uint64_t now_ns)
{
	unsigned bytes = csw_bytes(d, n), mode = (d->ap[n].csw & CSW_ADDRINC) >> 4, i;
	uint32_t all = 0, part;

	if (mode != INC_PACKED || bytes == 4) {
		access_bus(d, n, d->ap[n].tar, bytes, read, data, now_ns);
		if (mode)
			increment(d, n, bytes);
		return;
	}
	for (i = 0; i < 4 && !(d->ctrl & DAP_CTRL_STICKYERR); i += bytes) {
		part = *data;
		access_bus(d, n, d->ap[n].tar, bytes, read, &part, now_ns);
		all |= part;
		increment(d, n, bytes);
	}
	if (read)
		*data = all;
}

static uint32_t csw_status(const struct dap *d, unsigned n)
{
	uint32_t csw = d->ap[n].csw | (chip_ap_shut(d->chip, n) ? 0 : CSW_DEVICEEN);

	return flash_is_secure(&d->chip->flash) ? csw & ~CSW_SDEVICEEN : csw;
}

static uint32_t ap_read(struct dap *d, uint32_t addr, uint64_t now_ns)
{
	unsigned n = selected(d);
	uint32_t data = 0;

	if (n == CHIP_APS_MAX)
		return 0;
	switch (addr) {
	case AP_CSW:
		return csw_status(d, n);
	case AP_TAR:
		return d->ap[n].tar;
	case AP_DRW:
		access_drw(d, n, true, &data, now_ns);
		return data;
	case AP_BASE:
		return d->chip->row->ap[n].base;
	case AP_IDR:
		return d->chip->row->ap[n].idr;
	default:
		if (addr >= AP_BD0 && addr <= AP_BD3)
			access_bus(d, n, (d->ap[n].tar & ~0xfu) + addr - AP_BD0, 4, true, &data,
				   now_ns);
		return data;
	}
}

static void ap_write(struct dap *d, uint32_t addr, uint32_t data, uint64_t now_ns)
{
	unsigned n = selected(d);

	if (n == CHIP_APS_MAX)
		return;
	if (addr == AP_CSW)
		d->ap[n].csw = data & CSW_WRITABLE;
	else if (addr == AP_TAR)
		d->ap[n].tar = data;
	else if (addr == AP_DRW)
		access_drw(d, n, false, &data, now_ns);
	else if (addr >= AP_BD0 && addr <= AP_BD3)
		access_bus(d, n, (d->ap[n].tar & ~0xfu) + addr - AP_BD0, 4, false, &data, now_ns);
}

static enum dap_ack on_ap(struct dap *d, struct dap_request *r, uint64_t now_ns)
{
	uint32_t powered = DAP_CTRL_CDBGPWRUPREQ | DAP_CTRL_CSYSPWRUPREQ;
	uint32_t addr = (d->select & 0xf0) | r->addr;
	uint32_t before = d->result;

	if ((d->ctrl & powered) != powered) {
		d->ctrl |= DAP_CTRL_STICKYERR;
		return DAP_FAULT;
	}
	if (r->read) {
		d->result = ap_read(d, addr, now_ns);
		r->data = before;
	} else {
		ap_write(d, addr, r->data, now_ns);
	}
	return DAP_OK;
}

/* ---- the debug port ---- */

static uint32_t ctrl_stat(const struct dap *d)
{
	uint32_t value = d->ctrl | DAP_CTRL_READOK;

	if (!chip_bus_clocked(d->chip))
		return value;
	if (d->ctrl & DAP_CTRL_CDBGPWRUPREQ)
		value |= DAP_CTRL_CDBGPWRUPACK;
	if (d->ctrl & DAP_CTRL_CSYSPWRUPREQ)
		value |= DAP_CTRL_CSYSPWRUPACK;
	return value;
}

static void write_abort(struct dap *d, uint32_t data, uint64_t now_ns)
{
	if (data & ABORT_DAPABORT && d->busy_until_ns > now_ns)
		d->busy_until_ns = now_ns;
	if (data & ABORT_STKCMPCLR)
		d->ctrl &= ~DAP_CTRL_STICKYCMP;
	if (data & ABORT_STKERRCLR)
		d->ctrl &= ~DAP_CTRL_STICKYERR;
	if (data & ABORT_WDERRCLR)
		d->ctrl &= ~DAP_CTRL_WDATAERR;
	if (data & ABORT_ORUNERRCLR)
		d->ctrl &= ~DAP_CTRL_STICKYORUN;
}

static void write_ctrl(struct dap *d, uint32_t data)
{
	d->ctrl = (d->ctrl & STICKY) | (data & CTRL_WRITABLE & ~STICKY);
	if (data & DAP_CTRL_CDBGPWRUPREQ) {
		d->chip->debug_powered = true;
		d->chip->flash.debugger_seen = true;
	}
}

static void on_dp(struct dap *d, struct dap_request *r, uint64_t now_ns)
{
	bool bank0 = !(d->select & 0xf);

	if (r->read) {
		switch (r->addr) {
		case DP_DPIDR:
			r->data = d->chip->dpidr;
			break;
		case DP_CTRL:
			r->data = bank0 ? ctrl_stat(d) : 0;
			break;
		default: /* RESEND, RDBUFF */
			r->data = d->result;
			break;
		}
		return;
	}
	if (r->addr == DP_ABORT)
		write_abort(d, r->data, now_ns);
	else if (r->addr == DP_CTRL && bank0)
		write_ctrl(d, r->data);
	else if (r->addr == DP_SELECT)
		d->select = r->data;
}

/* These get an answer whatever the state of the port (B4.2.3). */
static bool always_answered(const struct dap_request *r)
{
	if (r->ap)
		return false;
	return r->addr == DP_DPIDR || (r->addr == DP_CTRL && r->read);
}

enum dap_ack dap_request(struct dap *d, struct dap_request *r, uint64_t now_ns)
{
	follow_power(d);
	if (!chip_port_alive(d->chip) || !d->swd || d->lost)
		return DAP_SILENT;
	if (d->fresh && (r->ap || !r->read || r->addr != DP_DPIDR)) {
		d->lost = true;
		return DAP_SILENT;
	}
	d->fresh = false;
	if (!always_answered(r)) {
		bool waits = r->ap || (r->read && r->addr == DP_RDBUFF);

		if (waits && d->busy_until_ns > now_ns)
			return DAP_WAIT;
		if (d->ctrl & STICKY)
			return DAP_FAULT;
	}
	if (!r->read && r->parity_broken) {
		d->ctrl |= DAP_CTRL_WDATAERR;
		return DAP_OK; /* acknowledged before the data came */
	}
	if (r->ap)
		return on_ap(d, r, now_ns);
	on_dp(d, r, now_ns);
	return DAP_OK;
}

/* Here sticky flags are cleared by writing them to CTRL/STAT (B2.3.2). */
enum dap_ack dap_scan(struct dap *d, struct dap_request *r, uint64_t now_ns)
{
	follow_power(d);
	if (!chip_port_alive(d->chip) || d->swd || !d->chip->row->jtag_idcode)
		return DAP_SILENT;
	if ((r->ap || (r->read && r->addr == DP_RDBUFF)) && d->busy_until_ns > now_ns)
		return DAP_WAIT;
	if (d->ctrl & STICKY && (r->ap || (r->read && r->addr == DP_RDBUFF)))
		return DAP_FAULT;
	if (r->ap)
		return on_ap(d, r, now_ns);
	if (!r->read && r->addr == DP_CTRL)
		d->ctrl &= ~(r->data & STICKY);
	on_dp(d, r, now_ns);
	return DAP_OK;
}
