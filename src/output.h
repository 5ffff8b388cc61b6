/*
 * Where a table goes: standard output, or -o OUT. An absent or regular OUT is
 * written beside itself and renamed when complete, so that it is never half
 * written; anything else (/dev/full, a FIFO) is written in place. Main thread;
 * one that was opened quietly belongs to any, one at a time.
 */
#ifndef SRC_OUTPUT_H
#define SRC_OUTPUT_H

#include <stdio.h>

#include "core/status.h"

struct output;

/* path: NULL or "-" for standard output. INT, TERM and HUP remove the
 * temporary file from here on. Sentences start with the path. */
enum status output_open(struct output **out, const char *path);

/* The same, but signals are left alone: for a program that ends by itself when
 * one asks it to, and so comes to output_discard. */
enum status output_open_quietly(struct output **out, const char *path);

FILE *output_stream(struct output *output);

/* STATUS_IO once anything could not be written; STATUS_CANCELLED where it is
 * standard output and nobody reads it any more, which is no news to anybody.
 */
enum status output_check(struct output *output);

/* Flushes, renames and frees; on failure the temporary is gone. */
enum status output_commit(struct output *output);

/* Leaves no file behind, and frees. NULL is fine. */
void output_discard(struct output *output);

#endif
