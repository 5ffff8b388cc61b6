#include "src/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/text.h"
#include "core/util.h"
#include "src/drawing.h"
#include "src/inputs.h"
#include "src/numbers.h"
#include "src/output.h"
#include "src/picture.h"
#include "src/question.h"
#include "src/settle.h"
#include "ui/layer_stats.h"
#include "ui/layout.h"
#include "ui/operator_paper.h"
#include "ui/view.h"

/* A turn's share, so that a key is answered within a frame. */
static const double turn_seconds = 0.008;

enum { STATS_CELLS = 1 << 17, RESOLVES = 8 };

/* What an export is of: it is given up when this changes. Filled with zeros
 * where a view does not depend on a part. */
struct subject {
	size_t dump, layer, channel, position;
	struct window channels, positions;
	struct tolerance tolerance;
	const struct measure_kind *measure;
	int reducer, basis, spacing, palette, pane, sort, order;
	int layer_rows, signs, comparing;
	size_t compared;
	struct colour_limits limits;
	size_t order_at;
	const struct measure_kind *order_of;
	struct tolerance order_tolerance;
	const char *filter;
	struct window rows, columns;    /* of T */
};

struct export {
	char *path;                     /* NULL: nothing to do */
	char *shown;                    /* safe to print */
	const struct picture_format *format;
	struct subject subject;
	struct output *output;
	struct numbers *numbers;        /* being written */
	struct drawing *drawing;        /* as it was when that began, or what
					 * is written; its thread has the
					 * output */
	bool described;                 /* by another file */
};

/* How often it is asked whether a drawing is done, in ms. */
enum { DRAWING_MS = 10 };

struct export *
export_new(void)
{
	return xcalloc(1, sizeof(struct export));
}

static void
drop(struct export *export)
{
	numbers_free(export->numbers);
	output_discard(export->output);
	free(export->path);
	free(export->shown);
	*export = (struct export){ 0 };
}

const char *
export_under_way(const struct export *export)
{
	return export->drawing ? NULL : export->shown;
}

void
export_free(struct export *export)
{
	if (!export)
		return;
	if (export->drawing) {
		drawing_stop(export->drawing);
		(void)drawing_end(export->drawing);
	}
	drop(export);
	free(export);
}

enum status
export_end(struct export *export)
{
	struct drawing *drawing = export->drawing;

	export->drawing = NULL;
	return drawing ? drawing_end(drawing) : STATUS_OK;
}

bool
export_leave(struct export *export, double seconds)
{
	const struct timespec pause = { .tv_nsec = DRAWING_MS * 1000000 };
	double until = clock_seconds(CLOCK_MONOTONIC) + seconds;

	if (!export || !export->drawing)
		return true;
	drawing_stop(export->drawing);
	while (!drawing_done(export->drawing)
		&& clock_seconds(CLOCK_MONOTONIC) < until)
		nanosleep(&pause, NULL);
	return drawing_done(export->drawing);
}

void
export_stop(struct export *export, struct model *model)
{
	/* What is drawn needs no dump any more. */
	if (!export->drawing) {
		drop(export);
		model->wish.under_way = model->paper = false;
	}
}

static void
fill_entry(struct subject *out, const struct model *model)
{
	struct operator_cursor entry = model_entry(model);

	out->rows.begin = entry.rows.begin;
	out->rows.zoom = entry.rows.zoom;
	out->columns.begin = entry.columns.begin;
	out->columns.zoom = entry.columns.zoom;
}

static void
fill_order(struct subject *out, const struct channel_criterion *by)
{
	out->order = (int)by->sort;
	if (by->sort == CHANNELS_BY_NUMBER)
		return;
	out->order_of = by->measure;
	out->order_tolerance.kind = by->tolerance.kind;
	out->order_tolerance.value = by->tolerance.value;
	if (by->sort == CHANNELS_BY_VALUE)
		out->order_at = by->position;
}

static void
fill_subject(struct subject *out, const struct model *model)
{
	const struct view_kind *view = views[model->focus];

	memset(out, 0, sizeof *out);
	out->dump = model->dump;
	out->tolerance.kind = model->tolerance.kind;
	out->tolerance.value = model->tolerance.value;
	out->measure = model->measure;
	out->pane = (int)model->focus;
	out->palette = model->look.palette;
	out->layer_rows = model->layer_rows;
	out->comparing = (int)model->comparison.shows;
	out->compared = model->comparison.other;
	if (view->rests == RESTS_LAYERS || model->layer_rows) {
		out->sort = (int)model->list.sort;
		out->filter = model->list.filter;
	}
	if (view->rests == RESTS_LAYERS)
		return;
	out->layer = model->layer;
	out->channels.begin = model->channels.begin;
	out->channels.zoom = model->channels.zoom;
	out->positions.begin = model->positions.begin;
	out->positions.zoom = model->positions.zoom;
	out->reducer = (int)model->reducer;
	out->basis = (int)model->basis;
	out->spacing = (int)model->spacing;
	out->limits = model->limits;
	fill_order(out, &model->order.by);
	if (view->rests == RESTS_WINDOW)
		return;
	out->channel = model->channel;
	if (view->rests == RESTS_CELL || view->rests == RESTS_PICTURE)
		out->position = model->position;
	if (view->rests == RESTS_PICTURE) {
		fill_entry(out, model);
		out->signs = (int)model->signs;
	}
}

/* Why it cannot be done, or NULL. */
static const char *
find_fault(const struct export *export, const struct model *model, bool over)
{
	char names[120];

	if (!export->format) {
		picture_format_names(names, sizeof names);
		status_set(STATUS_USAGE, "%s: its name must end in one of %s",
			export->shown, names);
		return status_text();
	}
	for (size_t d = 0; d < session_dump_count(model->session); d++) {
		char *path = session_dump(model->session, d)->path;

		if (inputs_spare(&path, 1, export->path)) {
			status_set(STATUS_USAGE, "%s: is %s", export->shown,
				d == model->dump ? "the dump itself"
				: "a dump that is open");
			return status_text();
		}
	}
	if (!over && !access(export->path, F_OK)) {
		status_set(STATUS_USAGE, "%s: is there; :export! writes over "
			"it", export->shown);
		return status_text();
	}
	if (!model_ready(model) && views[model->focus]->rests != RESTS_LAYERS)
		return "there is nothing to export";
	return NULL;
}

/* Says so, and gives it up. */
static void
fail(struct export *export, struct model *model, const char *sentence)
{
	model_say(model, true, "%s", sentence);
	model->wish.failed = true;
	drop(export);
}

/* The list may be longer than the screen, but all of it is exported. */
static bool
prepare_layers(struct model *model)
{
	struct dump *dump = model_dump(model);
	int left = RESOLVES;

	for (size_t k = 0; k < dump->layer_count; k++) {
		if (!dump->layers[k].resolved && left-- == 0)
			return false;
		layer_resolve(&dump->layers[k]);
	}
	return !layer_stats_work(model, 0, model->list.count, STATS_CELLS);
}

/* What is not there yet. */
static struct missing
find_missing(struct model *model)
{
	const struct view_kind *view = views[model->focus];
	struct missing left = { 1, 1 };

	if (view->rests == RESTS_LAYERS && !prepare_layers(model))
		return left;
	operator_paper_look(model);
	return missing_of(model, view, 0, model->list.count);
}

static enum status
open_outputs(struct export *export, const struct model *model)
{
	const struct picture_format *format = export->format;
	enum status status = output_open_quietly(&export->output,
		export->path);

	if (!status && format->numbers)
		status = numbers_new(&export->numbers, model, model->focus,
			format->writer, export->output);
	return status;
}

static enum status
describe(struct output **out, const struct export *export,
	const struct model *model)
{
	char *path = xasprintf("%s.json", export->path);
	struct output *output;
	enum status status = output_open_quietly(&output, path);

	free(path);
	if (status)
		return status;
	status = numbers_describe(model, model->focus, output);
	if (status)
		output_discard(output);
	else
		*out = output;
	return status;
}

static enum status
write_some(struct export *export, struct model *model, struct rect rect,
	bool *done)
{
	struct picture picture = { .model = model, .view = (int)model->focus,
		.rows = rect.rows, .columns = rect.columns,
		.output = export->output };
	double end = clock_seconds(CLOCK_MONOTONIC) + turn_seconds;
	enum status status = STATUS_OK;

	*done = !export->numbers;
	if (!export->numbers)
		return picture_write(export->format, &picture);
	while (!status && !*done && clock_seconds(CLOCK_MONOTONIC) < end)
		status = numbers_step(export->numbers, done);
	return status;
}

static void
say_written(const struct export *export, struct model *model, bool described)
{
	struct stat st;

	if (!stat(export->path, &st))
		model_say(model, false, "wrote %s (%lld bytes)%s",
			export->shown, (long long)st.st_size,
			described ? " and what it holds beside it" : "");
}

/* All is written: a thread waits for the disk. */
static enum status
finish(struct export *export, struct model *model)
{
	struct output *output = export->output, *beside = NULL;
	enum status status = STATUS_OK;

	export->described = export->numbers && !export->format->writer;
	numbers_free(export->numbers);
	export->numbers = NULL;
	if (export->described)
		status = describe(&beside, export, model);
	if (status)
		return status;
	export->output = NULL;
	return drawing_complete(&export->drawing, output, beside);
}

/* Notes the figure down, for a thread to draw it. */
static enum status
start_drawing(struct export *export, struct model *model, struct rect rect)
{
	struct picture picture = { .model = model, .view = (int)model->focus,
		.rows = rect.rows, .columns = rect.columns };
	struct output *output;
	size_t size;
	char *tape;
	enum status status = picture_note(&tape, &size, &picture);

	if (status)
		return status;
	status = output_open_quietly(&output, export->path);
	if (status)
		free(tape);
	else
		status = drawing_start(&export->drawing,
			export->format->figure, tape, size, output);
	model->paper = false;
	if (!status)
		model_say(model, false, "drawing %s; Esc gives it up",
			export->shown);
	return status;
}

/* True once it is done, however it went. */
static bool
turn_drawing(struct export *export, struct model *model)
{
	enum status status;

	if (model->wish.drop)
		drawing_stop(export->drawing);
	model->wish.drop = false;
	if (!drawing_done(export->drawing))
		return false;
	status = export_end(export);
	if (status == STATUS_CANCELLED)
		model_say(model, false, "export of %s given up",
			export->shown);
	else if (!status)
		say_written(export, model, export->described);
	if (status && status != STATUS_CANCELLED)
		fail(export, model, status_text());
	else
		drop(export);
	model->wish.under_way = false;
	return true;
}

/* What takes long says so first, and begins with Enter. */
static bool
ask(const struct export *export, struct model *model)
{
	struct wish *wish = &model->wish;
	bool said = wish->asked && !strcmp(wish->asked, export->path);

	free(wish->asked);
	wish->asked = NULL;
	/* Stopped work is not waited for, which is said elsewhere. */
	if (said || wish->scripted
	    || session_progress(model->session).stopped
	    || views[model->focus]->rests == RESTS_PICTURE
	    || !question_put(model, export->path, find_missing(model).cells))
		return false;
	wish->asked = xstrdup(export->path);
	return true;
}

/* Not while a line is typed, which a question would take the place of. */
static bool
may_begin(const struct model *model)
{
	return model->wish.export
		&& (model->wish.scripted || !model->prompt.open);
}

static void
begin(struct export *export, struct model *model)
{
	const char *fault;

	drop(export);
	export->path = model->wish.export;
	model->wish.export = NULL;
	export->shown = text_escape(export->path, strlen(export->path));
	export->format = picture_format_of(export->path);
	fill_subject(&export->subject, model);
	fault = find_fault(export, model, model->wish.over);
	model->paper = !fault && model->focus == PANE_OPERATOR
		&& !export->format->cells;
	if (fault)
		fail(export, model, fault);
	else if (ask(export, model))
		drop(export);
}

/* True: that is news. */
static bool
say_once(struct model *model, const char *text)
{
	bool news = !model->message || strcmp(model->message, text);

	if (news)
		model_say(model, false, "%s", text);
	return news;
}

/* Says what is going on, if that is news. */
static bool
say_doing(const struct export *export, struct model *model, const char *what)
{
	char *text = xasprintf("export of %s: %s; Esc gives it up",
		export->shown, what);
	bool news = say_once(model, text);

	free(text);
	return news;
}

/* Likewise how far it is. */
static bool
say_missing(struct export *export, struct model *model, struct missing left)
{
	struct session_progress progress = session_progress(model->session);
	char *text;
	bool news;

	if (!progress.busy && left.wanted > 1) {
		text = progress.stopped ? xasprintf("export: the work is "
			"stopped, and %zu cells are to come; a move or ] "
			"goes on", left.cells) : xasprintf("export: %zu cells found no "
			"room in memory (--memory)", left.cells);
		fail(export, model, text);
		free(text);
		return true;
	}
	text = xasprintf("%zu of %zu cells to come", left.cells, left.wanted);
	news = say_doing(export, model, text);
	free(text);
	return news;
}

static bool
advance(struct export *export, struct model *model, struct rect rect,
	bool settled)
{
	struct missing left = find_missing(model);
	enum status status = STATUS_OK;
	bool done = false;

	if (left.cells && !export->output)
		return say_missing(export, model, left);
	if (!settled && !export->output)
		return say_doing(export, model, "counting what is shown");
	if (export->format->figure) {
		status = start_drawing(export, model, rect);
		if (status)
			fail(export, model, status_text());
		return true;
	}
	if (!export->output)
		status = open_outputs(export, model);
	if (!status)
		status = write_some(export, model, rect, &done);
	if (!status && done)
		status = finish(export, model);
	if (status)
		fail(export, model, status_text());
	else
		return say_doing(export, model, "being written");
	return true;
}

bool
export_turn(struct export *export, struct model *model, int rows, int columns,
	bool settled)
{
	struct layout layout = layout_new(model, rows, columns);
	struct subject subject;

	if (export->drawing)
		return turn_drawing(export, model);
	if (may_begin(model))
		begin(export, model);
	else if (!export->path)
		return false;
	model->wish.under_way = export->path;
	if (!export->path)
		return true;
	fill_subject(&subject, model);
	if (model->wish.drop || memcmp(&subject, &export->subject,
		sizeof subject)) {
		model_say(model, false, "export of %s given up%s",
			export->shown, model->wish.drop ? ""
			: ": the view has changed");
		drop(export);
	} else if (!advance(export, model, layout.panes[model->focus],
		settled)) {
		return false;
	}
	model->wish.drop = false;
	model->wish.under_way = export->path;
	model->paper &= model->wish.under_way;
	return true;
}

int
export_pause(const struct export *export)
{
	return export->output ? 0 : export->drawing ? DRAWING_MS : -1;
}
