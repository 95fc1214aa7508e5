/*
 * Writes what is installed beside the program, when it is built: `pages DIR DATE DISSECTOR` puts
 * manual pages, completions and the Wireshark dissector into DIR, all from the program's own
 * tables.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "analyzer/base/output.h"
#include "analyzer/pages/pages.h"
#include "analyzer/program.h"

static int save(const char *dir, const char *name, struct buf *text, struct err *e)
{
	struct buf path;
	int rc;

	buf_init(&path);
	buf_addf(&path, "%s/%s", dir, name);
	rc = output_file(path.at, text, e);
	buf_done(&path);
	buf_clear(text);
	return rc;
}

static int write_man(const char *dir, const char *date, struct err *e)
{
	const struct cli_command *const *c = program.subcommands;
	char name[80], path[80];
	struct buf text;
	int rc;

	buf_init(&text);
	page_man(&program, program.name, date, &program, &text);
	snprintf(name, sizeof(name), "%s.1", program.name);
	rc = save(dir, name, &text, e);
	for (; !rc && *c; c++) {
		snprintf(path, sizeof(path), "%s %s", program.name, (*c)->name);
		snprintf(name, sizeof(name), "%s-%s.1", program.name, (*c)->name);
		page_man(*c, path, date, &program, &text);
		rc = save(dir, name, &text, e);
	}
	buf_done(&text);
	return rc;
}

static int write_others(const char *dir, struct err *e)
{
	static const struct {
		const char *name;
		void (*write)(const struct cli_command *program, struct buf *out);
	} files[] = {
		{ "swdoctor.bash", page_bash },
		{ "_swdoctor", page_zsh },
		{ "swdoctor.fish", page_fish },
	};
	struct buf text;
	int rc = 0;

	buf_init(&text);
	for (size_t i = 0; !rc && i < sizeof(files) / sizeof(files[0]); i++) {
		files[i].write(&program, &text);
		rc = save(dir, files[i].name, &text, e);
	}
	buf_done(&text);
	return rc;
}

/* The dissector with the tables in the place that it marks. */
static int write_dissector(const char *dir, const char *source, struct err *e)
{
	static const char mark[] = "-- @TABLES@\n";
	FILE *file = fopen(source, "re");
	char line[512];
	struct buf text;
	int rc;

	if (!file)
		return err_set_native(e, ERR_NOT_FOUND, errno, "%s: %s", source, strerror(errno));
	buf_init(&text);
	while (fgets(line, sizeof(line), file)) {
		if (strcmp(line, mark))
			buf_add_str(&text, line);
		else
			page_lua_tables(&text);
	}
	fclose(file);
	rc = save(dir, "stlink.lua", &text, e);
	buf_done(&text);
	return rc;
}

int main(int argc, char **argv)
{
	struct err e = { 0 };

	if (argc != 4) {
		fprintf(stderr, "usage: pages DIR DATE DISSECTOR\n");
		return 2;
	}
	if (mkdir(argv[1], 0777) && errno != EEXIST) {
		fprintf(stderr, "pages: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	if (write_man(argv[1], argv[2], &e) || write_others(argv[1], &e) ||
	    write_dissector(argv[1], argv[3], &e)) {
		fprintf(stderr, "pages: %s\n", e.text);
		return 1;
	}
	return 0;
}
