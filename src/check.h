/* What `info --check` says of a dump: as text for people, or as JSON. */
#ifndef SRC_CHECK_H
#define SRC_CHECK_H

#include <stdio.h>

#include <jansson.h>

struct dump;
struct dump_check;

void check_text(FILE *stream, const struct dump *dump,
	const struct dump_check *check);

/* One element of "checks"; the reference is the caller's. */
json_t *check_json(const struct dump *dump, const struct dump_check *check);

#endif
