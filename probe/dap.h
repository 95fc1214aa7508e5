/*
 * The debug port and its access ports (Arm IHI 0031, ADIv5), through an ST-LINK: identity, power,
 * error flags, and memory by single register accesses, which shows where a block access fails.
 * Nothing is repeated but what stlink.h repeats.
 */
#ifndef SWDOCTOR_DAP_H
#define SWDOCTOR_DAP_H

#include "probe/stlink.h"

#define DAP_POWER_REQUESTS 0x50000000U /* CSYSPWRUPREQ, CDBGPWRUPREQ */
#define DAP_POWER_ACKS	   0xa0000000U /* CSYSPWRUPACK, CDBGPWRUPACK */
#define DAP_STICKY_ORUN	   (1U << 1)
#define DAP_STICKY_CMP	   (1U << 4)
#define DAP_STICKY_ERR	   (1U << 5)
#define DAP_WDATA_ERR	   (1U << 7)
#define DAP_STICKY	   (DAP_STICKY_ORUN | DAP_STICKY_CMP | DAP_STICKY_ERR | DAP_WDATA_ERR)

/* DPIDR in SWD, IDCODE in JTAG: what the first device answers. Works with any firmware. */
int dap_read_id(struct stlink *s, uint32_t *ret_id, struct err *e);
int dap_read_status(struct stlink *s, uint32_t *ret_ctrl_stat, struct err *e);

/* Ask for power and wait for both answers, up to a second. ENTER has done it once already. */
int dap_power_up(struct stlink *s, struct err *e);

/* Clear all error flags. *ret_were (may be NULL): CTRL/STAT before. */
int dap_clear_sticky(struct stlink *s, uint32_t *ret_were, struct err *e);
/* Give up the access that an access port is busy with. */
int dap_abort(struct stlink *s, struct err *e);

struct dap_ap {
	uint8_t number;
	uint32_t idr;
	/* Of a memory access port: */
	bool is_mem;
	uint32_t csw, cfg, base;
};

/* Memory access ports are open afterwards. As pyOCD's search: ports are numbered from 0, three
 * missing ones in a row end it. */
#define DAP_APS_MAX 8 /* more is more than a V3 can keep open */
int dap_scan(struct stlink *s, struct dap_ap ret[DAP_APS_MAX], size_t *ret_n, struct err *e);

/* "AHB-AP", "APB-AP", "AHB5-AP", "JTAG-AP", ...; by IDR. Never NULL. */
const char *dap_ap_kind(uint32_t idr);

/* One word by TAR and DRW of an open memory access port. */
int dap_mem_read(struct stlink *s, uint8_t ap, uint32_t address, uint32_t *ret, struct err *e);
int dap_mem_write(struct stlink *s, uint8_t ap, uint32_t address, uint32_t value, struct err *e);

#endif
