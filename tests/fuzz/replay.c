/* A fuzz target as a plain program: every file of the folders named is fed to it once. TAP. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static uint8_t *read_file(const char *path, size_t *ret_len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *at = NULL;
	long len;

	if (!f)
		return NULL;
	fseek(f, 0, SEEK_END);
	len = ftell(f);
	rewind(f);
	if (len >= 0)
		at = malloc(len ? (size_t)len
				: 1); /* exactly, so that a sanitizer sees reads behind it */
	if (at && fread(at, 1, (size_t)len, f) != (size_t)len) {
		free(at);
		at = NULL;
	}
	fclose(f);
	*ret_len = (size_t)len;
	return at;
}

static int replay_folder(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;
	char path[4096];
	size_t len;
	int fed = 0;

	while (d && (entry = readdir(d))) {
		uint8_t *bytes;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		bytes = read_file(path, &len);
		if (!bytes)
			continue;
		fprintf(stderr, "%s\n", path); /* the last one named is the one that crashed */
		LLVMFuzzerTestOneInput(bytes, len);
		free(bytes);
		fed++;
	}
	if (d)
		closedir(d);
	return fed;
}

int main(int argc, char **argv)
{
	int i, fed, failed = 0;

	for (i = 1; i < argc; i++) {
		fed = replay_folder(argv[i]);
		printf("%s - %d inputs of %s\n", fed ? "ok" : "not ok", fed, argv[i]);
		failed |= !fed;
	}
	return failed;
}
