/*
 * What fuzzers call, and what `make check` replays the corpus through. A
 * target takes any bytes; it fails by a sanitizer's report, a crash, or
 * abort().
 */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

struct fuzz_target {
	const char *name;               /* and of its folder of the corpus */
	void (*run)(const uint8_t *bytes, size_t n);
};

/* What targets share: a dump opened and its layers read; the sentence of a
 * failure held against its rules; bytes as a file in memory, to be closed. */
struct bytes;
void fuzz_open(const char *path);
void fuzz_file(struct bytes *file);     /* and frees it */
void fuzz_sentence(void);
int fuzz_memory(char **path, const void *bytes, size_t n);

void fuzz_deflated(const uint8_t *bytes, size_t n);
void fuzz_restarts(const uint8_t *bytes, size_t n);

extern const struct fuzz_target fuzz_targets[];   /* ended by a NULL name */

#endif
