/* Versions of the program and its libraries: see version.h. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "analyzer/base/version.h"

#include <jansson.h>
#include <pcre2.h>
#include <xxhash.h>
#include <yaml.h>

static void add_matching(struct buf *out)
{
	char pcre2[64] = "";

	pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	buf_addf(out, "pcre2 %s\n", pcre2);
}

void version_add(struct buf *out)
{
	unsigned xxh = XXH_versionNumber();

	buf_addf(out, "swdoctor %s\n", SWDOCTOR_VERSION);
	buf_addf(out, "libyaml %s\n", yaml_get_version_string());
	add_matching(out);
	buf_addf(out, "jansson %s\n", jansson_version_str());
	buf_addf(out, "xxhash %u.%u.%u\n", xxh / 10000, xxh / 100 % 100, xxh % 100);
}
