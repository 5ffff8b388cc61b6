/*
 * A figure that is drawn beside the event loop, which has 16 ms for a key while
 * a page takes cairo 200: a thread draws a tape (figure_tape.h) into an output,
 * and completes that. What is written otherwise is only completed so: a disk
 * may take its time for that. The functions are the main thread's.
 */
#ifndef SRC_DRAWING_H
#define SRC_DRAWING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct drawing;
struct figure_backend;
struct output;

/* Takes the tape, for free(), and the output, also where it fails. */
enum status drawing_start(struct drawing **out,
	const struct figure_backend *backend, char *tape, size_t size,
	struct output *output);

/* Takes both outputs, which are written; beside may be NULL, and is completed
 * only once the other is. */
enum status drawing_complete(struct drawing **out, struct output *output,
	struct output *beside);

bool drawing_done(const struct drawing *drawing);

/* It need not go on: it is done soon, and leaves no file. */
void drawing_stop(struct drawing *drawing);

/* Waits for it, and frees: STATUS_OK where the file is there, STATUS_CANCELLED
 * where it was stopped, else what went wrong. */
enum status drawing_end(struct drawing *drawing);

#endif
