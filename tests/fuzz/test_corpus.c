/*
 * The corpus, and what fuzzers have found, through the same entries: seeds of
 * every target, and each of them cut short and with single bytes changed.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "tests/fuzz/target.h"
#include "tests/tap.h"

enum { SEED_MOST = 1 << 20, CUTS = 40 };

static uint8_t seed[SEED_MOST];

/* False for what is no file. */
static bool
read_seed(size_t *n, const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return false;
	*n = fread(seed, 1, SEED_MOST, file);
	fclose(file);
	return true;
}

/* In memory of its own size, so that a sanitizer sees a byte too far. */
static void
run_copy(const struct fuzz_target *target, size_t n)
{
	uint8_t *copy = xmalloc(n + 1);

	copy = xreallocarray(copy, n ? n : 1, 1);
	memcpy(copy, seed, n);
	target->run(copy, n);
	free(copy);
}

static void
run_seed(const struct fuzz_target *target, size_t n)
{
	size_t step = n / CUTS + 1;

	run_copy(target, n);
	for (size_t k = 0; k < n; k += step) {
		uint8_t byte = seed[k];

		run_copy(target, k);
		seed[k] ^= 0x81;
		run_copy(target, n);
		seed[k] = byte;
	}
}

static size_t
run_folder(const struct fuzz_target *target, const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *item;
	size_t count = 0;

	while (dir && (item = readdir(dir))) {
		char *file = xasprintf("%s/%s", path, item->d_name);
		size_t n;

		if (item->d_name[0] != '.' && read_seed(&n, file)) {
			run_seed(target, n);
			count++;
		}
		free(file);
	}
	if (dir)
		closedir(dir);
	return count;
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");

	for (const struct fuzz_target *target = fuzz_targets; target->name;
		target++) {
		char *path = xasprintf("%s/tests/fuzz/corpus/%s",
			srcdir ? srcdir : ".", target->name);
		size_t count = run_folder(target, path);

		ok(count > 0, "%s: %zu seeds, whole and damaged", target->name,
			count);
		free(path);
	}
	return done();
}
