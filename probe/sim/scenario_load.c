/* A scenario by its name or file. */
#include "probe/sim/scenario_load.h"

#include <string.h>

#include "probe/base/buf.h"
#include "probe/sim/library.h"

int scenario_load(const char *name, struct arena *a, struct scenario *ret, struct err *e)
{
	struct buf text;
	int rc;

	buf_init(&text);
	rc = library_text(name, &text, e);
	if (!rc) {
		rc = scenario_parse(buf_str(&text), text.len, a, ret, e);
		if (rc)
			err_prefix(e, rc, "%s", name);
	}
	buf_done(&text);
	return rc;
}

char *scenario_next_word(char **list)
{
	char *begin = *list, *at, quote = '\0';
	int depth = 0;

	if (!begin)
		return NULL;
	for (at = begin; *at; at++) {
		if (quote)
			quote = *at == quote ? '\0' : quote;
		else if (*at == '"' || *at == '\'')
			quote = *at;
		else if (*at == '{' || *at == '[')
			depth++;
		else if (*at == '}' || *at == ']')
			depth--;
		else if (*at == ',' && depth <= 0)
			break;
	}
	*list = *at ? at + 1 : NULL;
	*at = '\0';
	return begin;
}
