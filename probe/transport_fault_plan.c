/* Plans of faults as text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe/transport_fault.h"

static const char *const kinds[FAULT_KINDS] = {
	[FAULT_REQUEST_LOST] = "request-lost",
	[FAULT_REPLY_LOST] = "reply-lost",
	[FAULT_STALL] = "stall",
	[FAULT_SHORT] = "short",
	[FAULT_USB_ERROR] = "usb-error",
	[FAULT_STATUS] = "status",
	[FAULT_REFUSED] = "refused",
	[FAULT_CORRUPT_READ] = "corrupt-read",
	[FAULT_CORRUPT_WRITE] = "corrupt-write",
	[FAULT_GONE] = "gone",
};

const char *fault_kind_name(enum fault_kind kind)
{
	return kind < FAULT_KINDS ? kinds[kind] : "unknown";
}

static int parse_kind(const char *value, struct fault_plan *p, struct err *e)
{
	for (unsigned i = 0; i < FAULT_KINDS; i++) {
		if (!strcmp(kinds[i], value)) {
			p->kind = (enum fault_kind)i;
			return 0;
		}
	}
	return err_set(e, ERR_USAGE, "fault: no kind is called '%s'", value);
}

static int parse_number(const char *key, const char *value, unsigned long max, unsigned long *ret,
			struct err *e)
{
	char *end;

	errno = 0;
	*ret = strtoul(value, &end, 0);
	if (!*value || *value == '-' || *end || errno || *ret > max)
		return err_set(e, ERR_USAGE, "fault: %s=%s: a number up to %lu is wanted", key,
			       value, max);
	return 0;
}

static int parse_one(char *item, struct fault_plan *p, struct err *e)
{
	char *value = strchr(item, '=');
	unsigned long n;
	int rc;

	if (!strcmp(item, "stays")) {
		p->stays = true;
		return 0;
	}
	if (!value)
		return err_set(e, ERR_USAGE, "fault: '%s' is no setting", item);
	*value++ = '\0';
	if (!strcmp(item, "kind"))
		return parse_kind(value, p, e);
	rc = parse_number(item, value,
			  !strcmp(item, "status") ? 255
			  : !strcmp(item, "ppm")  ? 1000000
						  : UINT32_MAX,
			  &n, e);
	if (rc)
		return rc;
	if (!strcmp(item, "nth"))
		p->nth = (unsigned)n;
	else if (!strcmp(item, "times"))
		p->times = (unsigned)n;
	else if (!strcmp(item, "ppm"))
		p->per_million = (unsigned)n;
	else if (!strcmp(item, "seed"))
		p->seed = (uint32_t)n;
	else if (!strcmp(item, "status"))
		p->status = (uint8_t)n;
	else
		return err_set(e, ERR_USAGE, "fault: '%s' is no setting", item);
	return 0;
}

int fault_plan_parse(const char *text, struct fault_plan *ret, struct err *e)
{
	struct fault_plan p = { .kind = FAULT_REPLY_LOST };
	char *copy = strdup(text), *save = NULL;
	int rc = copy ? 0 : err_set(e, ERR_NO_MEMORY, "out of memory");

	for (char *item = copy ? strtok_r(copy, ",", &save) : NULL; item && !rc;
	     item = strtok_r(NULL, ",", &save))
		rc = parse_one(item, &p, e);
	free(copy);
	if (!rc && !p.nth && !p.per_million)
		rc = err_set(e, ERR_USAGE, "fault: nth=N or ppm=N says when");
	if (!rc)
		*ret = p;
	return rc;
}
