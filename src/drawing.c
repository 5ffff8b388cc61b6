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
	struct output *beside;          /* completed after that; or NULL */
	pthread_t thread;
	atomic_bool stop, done;
	/* The thread's until done. */
	enum status status;
	char *sentence;                 /* where that is not STATUS_OK */
};

/* Nothing is left of it where something went wrong before. */
static void
complete(struct drawing *drawing, struct output *output)
{
	if (drawing->status)
		output_discard(output);
	else
		drawing->status = output_commit(output);
}

static void *
run(void *payload)
{
	struct drawing *drawing = payload;

	if (drawing->tape)
		drawing->status = figure_play(drawing->backend,
			output_stream(drawing->output), drawing->tape,
			drawing->size, &drawing->stop);
	else if (atomic_load(&drawing->stop))
		drawing->status = status_set(STATUS_CANCELLED, "stopped");
	complete(drawing, drawing->output);
	if (drawing->beside)
		complete(drawing, drawing->beside);
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

/* Takes the drawing over, and what it has. */
static enum status
start(struct drawing **out, struct drawing *drawing)
{
	if (!thread_start(&drawing->thread, run, drawing)) {
		output_discard(drawing->output);
		output_discard(drawing->beside);
		drawing_free(drawing);
		return status_set(STATUS_MEMORY, "no thread to draw with");
	}
	*out = drawing;
	return STATUS_OK;
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
	return start(out, drawing);
}

enum status
drawing_complete(struct drawing **out, struct output *output,
	struct output *beside)
{
	struct drawing *drawing = xcalloc(1, sizeof *drawing);

	drawing->output = output;
	drawing->beside = beside;
	return start(out, drawing);
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
