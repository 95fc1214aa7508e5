/* What the user allows: see consent.h. */
#include "analyzer/cli/consent.h"

#include <string.h>
#include <unistd.h>

#include "analyzer/base/output.h"

static const char *const allowed_words[] = { "reset", "erase", "mass-erase" };

/* The next word of a list with commas; NULL at its end. */
static const char *next_word(const char **list, size_t *ret_len)
{
	const char *word = *list;

	if (!*word)
		return NULL;
	*ret_len = strcspn(word, ",");
	*list = word + *ret_len + (word[*ret_len] == ',');
	return word;
}

static bool is_word(const char *word, size_t len, const char *what)
{
	return strlen(what) == len && !strncmp(word, what, len);
}

int consent_check(const struct cli_args *args, struct err *e)
{
	const char *list, *word;
	size_t len;

	for (size_t n = 0; (list = cli_nth(args, "allow", n)); n++)
		while ((word = next_word(&list, &len))) {
			bool known = false;

			for (size_t i = 0; i < sizeof(allowed_words) / sizeof(*allowed_words); i++)
				known |= is_word(word, len, allowed_words[i]);
			if (!known)
				return err_set(e, ERR_USAGE,
					       "--allow wants reset, erase or mass-erase, not "
					       "'%.*s'",
					       (int)len, word);
		}
	return 0;
}

bool consent_given(const struct cli_args *args, const char *word)
{
	const char *list, *given;
	size_t len;

	for (size_t n = 0; (list = cli_nth(args, "allow", n)); n++)
		while ((given = next_word(&list, &len)))
			if (is_word(given, len, word))
				return true;
	return false;
}

static bool somebody_is_there(void)
{
	return isatty(0) && isatty(2);
}

bool consent_ask(const char *question)
{
	struct buf text = { 0 };
	char answer[8] = "";
	ssize_t n;

	if (!somebody_is_there())
		return false;
	buf_addf(&text, "%s Type yes: ", question);
	output_write(2, text.at, text.len, "standard error", NULL);
	buf_done(&text);
	n = read(0, answer, sizeof(answer) - 1);
	return n >= 3 && !strncmp(answer, "yes", 3) && (n == 3 || answer[3] == '\n');
}
