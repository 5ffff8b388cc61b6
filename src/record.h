/*
 * --record: what is typed and pointed at, as a script that --play takes.
 */
#ifndef SRC_RECORD_H
#define SRC_RECORD_H

#include <stdbool.h>

#include "core/status.h"

struct event;
struct record;

/* NULL path: *out is NULL, which the others take for nothing to do. */
enum status record_open(struct record **out, const char *path, int rows,
	int columns);

/* rested: all work was done when it happened, which the script waits for. */
void record_event(struct record *record, const struct event *event, int rows,
	int columns, bool rested);

/* STATUS_IO where something could not be written. */
enum status record_close(struct record *record);

#endif
