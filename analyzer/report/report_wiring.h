/*
 * What a diagnosis says about the wires: each wire's mark and what it rests on, the connector
 * drawn, and the list of what to measure.
 */
#ifndef SWDOCTOR_REPORT_WIRING_H
#define SWDOCTOR_REPORT_WIRING_H

#include "analyzer/report/report_input.h"
#include "analyzer/wire/wire_map.h"

/* Marks and notes of all wires; notes live in `a`. The connector is left alone. */
void report_wire_states(const struct diagnosis *d, const struct rules *r, struct arena *a,
			struct wire_map *ret);
/* The connectors to draw: the one that was named, or those the probe may have. At most 3. */
size_t report_connectors(const struct report_input *in, const struct connector *named,
			 const struct connector *ret[3]);

/* Markdown; `named` may be NULL. */
void report_wiring_map(const struct report_input *in, const struct connector *named,
		       struct buf *out);
void report_wiring_checklist(const struct report_input *in, const struct connector *named,
			     struct buf *out);

#endif
