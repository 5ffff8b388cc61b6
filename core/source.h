/*
 * One file, read by position (pread), never mapped: a file that shrinks while
 * open gives an error, not a SIGBUS. Threads may read at the same time.
 */
#ifndef CORE_SOURCE_H
#define CORE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

struct source {
	int fd;
	uint64_t size;
	char *path;             /* as typed, sanitised for messages */
	char *name;             /* its last part, as it is; "stdin" for "-" */
};

/* Whether the first n bytes of a file (all of a short one) are worth going on:
 * STATUS_OK, or a sentence. */
typedef enum status source_check(const unsigned char *head, size_t n);

/* Opens a regular file for reading. "-" is standard input; a pipe is copied to
 * a file without a name, if check (or NULL) lets it, which then is standard
 * input. Sentences name the path
 * and say what it is instead (directory, FIFO, ...); nothing blocks on it. */
enum status source_open(struct source **out, const char *path,
	source_check *check);
void source_close(struct source *source);

/* n bytes from offset; STATUS_FORMAT when the file ends before. Sentences do
 * not name the path. */
enum status source_read(const struct source *source, void *out,
	uint64_t offset, size_t n);

#endif
