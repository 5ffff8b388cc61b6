#include "src/drawing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/thread.h"
#include "core/util.h"
#include "src/output.h"
#include "ui/figure_tape.h"

struct drawing {
	const struct figure_backend *backend;
	char *tape;
	size_t size;
	struct output *output;
	pthread_t thread;
	atomic_bool stop, done;
	/* The thread's until done. */
	enum status status;
	char *sentence;                 /* where that is not STATUS_OK */
};

static void *
run(void *payload)
{
	struct drawing *drawing = payload;

	drawing->status = figure_play(drawing->backend,
		output_stream(drawing->output), drawing->tape, drawing->size,
		&drawing->stop);
	if (!drawing->status)
		drawing->status = output_commit(drawing->output);
	else
		output_discard(drawing->output);
	if (drawing->status)
		drawing->sentence = xstrdup(status_text());
	atomic_store(&drawing->done, true);
	return NULL;
}

static void
drawing_free(struct drawing *drawing)
{
	free(drawing->tape);
	free(drawing->sentence);
	free(drawing);
}

enum status
drawing_start(struct drawing **out, const struct figure_backend *backend,
	char *tape, size_t size, struct output *output)
{
	struct drawing *drawing = xcalloc(1, sizeof *drawing);

	drawing->backend = backend;
	drawing->tape = tape;
	drawing->size = size;
	drawing->output = output;
	if (!thread_start(&drawing->thread, run, drawing)) {
		output_discard(output);
		drawing_free(drawing);
		return status_set(STATUS_MEMORY, "no thread to draw with");
	}
	*out = drawing;
	return STATUS_OK;
}

bool
drawing_done(const struct drawing *drawing)
{
	return atomic_load(&drawing->done);
}

void
drawing_stop(struct drawing *drawing)
{
	atomic_store(&drawing->stop, true);
}

enum status
drawing_end(struct drawing *drawing)
{
	enum status status;

	pthread_join(drawing->thread, NULL);
	status = drawing->status;
	if (status)
		status_set(status, "%s", drawing->sentence);
	drawing_free(drawing);
	return status;
}
