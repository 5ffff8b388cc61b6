#include "src/play.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/session.h"
#include "core/text.h"
#include "core/util.h"
#include "src/settle.h"
#include "ui/canvas.h"
#include "ui/model.h"

static long
now_ms(void)
{
	return (long)(1e3 * clock_seconds(CLOCK_MONOTONIC));
}

/* Nothing more will come without being asked for. */
static bool
at_rest(const struct play *play)
{
	return !play->more && !session_progress(play->model->session).busy;
}

static bool
all_seen(const struct play *play)
{
	struct model *model = play->model;

	return at_rest(play) || (!play->more && settle_missing(model,
		SETTLE_SCREEN, model->rows, model->columns).cells == 0);
}

static bool
ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), k = strlen(end);

	return n >= k && !strcmp(text + n - k, end);
}

static enum status
write_frame(const struct canvas *canvas, const char *path)
{
	bool here = !strcmp(path, "-");
	FILE *file = here ? stdout : fopen(path, "w");
	bool right = file != NULL;

	if (right) {
		(ends_in(path, ".ans") ? canvas_print_ansi : canvas_print)
			(file, canvas);
		right = !ferror(file);
		right &= here ? !fflush(file) : !fclose(file);
	}
	if (!right) {
		char *safe = text_escape(path, strlen(path));

		status_set(STATUS_IO, "%s: cannot write the screen: %s", safe,
			strerror(errno));
		free(safe);
		return STATUS_IO;
	}
	return STATUS_OK;
}

/* Later calls may overwrite the thread's own. */
static void
fail(struct play *play, enum status status)
{
	if (status == STATUS_OK)
		return;
	play->status = status;
	free(play->sentence);
	play->sentence = xstrdup(status_text());
}

static void
shoot(struct play *play, const char *path)
{
	play->draw(play->payload);
	if (write_frame(play->canvas, path) == STATUS_OK)
		return;
	fail(play, STATUS_IO);
	model_say(play->model, true, "%s", status_text());
}

/* Its sentence is on the screen already. */
static void
end_export(struct play *play)
{
	struct model *model = play->model;

	if (!model->wish.failed)
		return;
	script_stop(model->script);
	fail(play, status_set(STATUS_IO, "%s", model->message
		? model->message : "the export failed"));
}

/* False while it must be waited for. */
static bool
grant(struct play *play, const struct script_request *request)
{
	switch (request->want) {
	case SCRIPT_NOTHING:
		break;
	case SCRIPT_WAIT:
		return all_seen(play);
	case SCRIPT_WAIT_ALL:
		return at_rest(play);
	case SCRIPT_SLEEP:
		if (!play->until)
			play->until = now_ms() + request->number;
		if (now_ms() < play->until)
			return false;
		play->until = 0;
		break;
	case SCRIPT_RESIZE:
		play->resize(play->payload, request->rows, request->columns);
		break;
	case SCRIPT_SCREENSHOT:
		shoot(play, request->path);
		break;
	case SCRIPT_EXPORT:
		if (play->model->wish.export || play->model->wish.marks
		    || play->model->wish.under_way)
			return false;
		end_export(play);
		break;
	}
	return true;
}

bool
play_turn(struct play *play)
{
	struct model *model = play->model;
	struct script_request *request = script_request(model->script);
	bool any = false;

	/* It may have been interrupted. */
	if (request->want != SCRIPT_SLEEP)
		play->until = 0;
	/* A search is waited for: the next line is about what it found. */
	while (!model->quit && !model->suspend && !model->search
	    && play->status == STATUS_OK) {
		enum status status = STATUS_OK;

		if (request->want == SCRIPT_NOTHING) {
			if (!script_step(model, &status))
				break;
			any = true;
			/* What it waits for is not planned before a frame. */
			if (request->want == SCRIPT_WAIT
			    || request->want == SCRIPT_WAIT_ALL)
				play->draw(play->payload);
			fail(play, status);
		}
		if (!grant(play, request))
			break;
		request->want = SCRIPT_NOTHING;
	}
	return any;
}

bool
play_on(const struct play *play)
{
	return play->status == STATUS_OK && (play->model->search
		|| script_request(play->model->script)->want != SCRIPT_NOTHING
		|| script_left(play->model->script));
}

int
play_pause(const struct play *play)
{
	long left;

	if (!play->until)
		return -1;
	left = play->until - now_ms();
	return left > 0 ? (int)left : 0;
}
