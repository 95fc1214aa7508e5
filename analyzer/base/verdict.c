/* The words of a judgement, as they are spelt. */
#include "analyzer/base/verdict.h"

#include <stddef.h>

const char *verdict_name(enum verdict v)
{
	static const char *const names[] = { "healthy", "problem", "unknown" };

	return names[v];
}

const char *word_name(enum word w)
{
	static const char *const names[] = { NULL, "possible", "probable", "likely" };

	return names[w];
}

const char *hop_state_name(enum hop_state s)
{
	static const char *const names[] = { "ok", "bad", "not tested", "cannot tell" };

	return names[s];
}
