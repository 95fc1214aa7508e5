/* Did you mean: see suggest.h. Distance is Damerau's: a swap of neighbours is one mistake. */
#include "analyzer/base/suggest.h"

#include <string.h>

#define WORD_MAX 63

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[3][WORD_MAX + 1]; /* the two rows above are needed for swaps */
	size_t i, j, cost;

	for (j = 0; j <= nb; j++)
		row[0][j] = j;
	for (i = 1; i <= na; i++) {
		size_t *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];

		now[0] = i;
		for (j = 1; j <= nb; j++) {
			cost = a[i - 1] != b[j - 1];
			now[j] = least(up[j] + 1, now[j - 1] + 1, up[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    up2[j - 2] + 1 < now[j])
				now[j] = up2[j - 2] + 1;
		}
	}
	return row[na % 3][nb];
}

void suggest_init(struct suggest *s, const char *word)
{
	size_t len = strlen(word);

	/* A third of the word may be wrong, and at most three characters. */
	*s = (struct suggest){ .word = word, .distance = 1 + least(3, (len + 1) / 3, 3) };
}

void suggest_offer(struct suggest *s, const char *known)
{
	size_t nw, nk, d;

	if (!known)
		return;
	nw = strlen(s->word);
	nk = strlen(known);
	if (nw > WORD_MAX || nk > WORD_MAX)
		return;
	d = distance(s->word, nw, known, nk);
	if (nw >= 3 && nw < nk && !strncmp(s->word, known, nw))
		d = least(d, 1, 1); /* a beginning of the word is a hint as good as any */
	if (d < s->distance) {
		s->distance = d;
		s->best = known;
	}
}
