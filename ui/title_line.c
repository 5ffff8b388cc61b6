#include "ui/title_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/comparison.h"
#include "ui/model.h"

/* The last part of a path, with the slash of a folder. */
static const char *
last_part(const char *path)
{
	const char *part = path;

	for (const char *p = path; *p; p++)
		if (*p == '/' && p[1])
			part = p + 1;
	return part;
}

/* How much is said of a dump: its number, the step of training, the name of the
 * model or of the file. */
enum dump_words { DUMP_NUMBER, DUMP_STEP, DUMP_MODEL, DUMP_FILE };

/* "1/2 text-hybrid step 900", for free(). */
static char *
dump_text(const struct model *model, size_t index, enum dump_words words)
{
	const struct dump *dump = session_dump(model->session, index);
	bool named = dump->model && dump->model[0] && words != DUMP_FILE;
	const char *name = words <= DUMP_STEP ? "" : named ? dump->model
		: last_part(dump->label);
	const json_t *step = json_object_get(dump->meta, "step");
	char at_step[32] = "";

	if (json_is_integer(step) && (words == DUMP_STEP
	    || words == DUMP_MODEL))
		snprintf(at_step, sizeof at_step, " step %lld",
			(long long)json_integer_value(step));
	return xasprintf("%zu/%zu%s%s%s", index + 1,
		session_dump_count(model->session), *name ? " " : "", name,
		at_step);
}

/* "A 1/2 text-hybrid step 900  B 2/2 text-hybrid step 300", for free(); NULL:
 * in these words they are the same, but for their numbers. */
static char *
compared_text(const struct model *model, enum dump_words words)
{
	size_t index[2] = { model->dump, model->comparison.other };
	bool swapped = comparison_own(model) == 'B';
	char *a = dump_text(model, index[swapped], words);
	char *b = dump_text(model, index[!swapped], words), *text = NULL;
	const char *of_a = strchr(a, ' '), *of_b = strchr(b, ' ');

	if (words == DUMP_NUMBER || (of_a && of_b && strcmp(of_a, of_b)))
		text = xasprintf("A %s  B %s", a, b);
	free(a);
	free(b);
	return text;
}

/* In the first words that tell them apart and have room. */
static void
draw_compared(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	static const enum dump_words order[] = { DUMP_MODEL, DUMP_FILE,
		DUMP_STEP, DUMP_NUMBER };
	int used = canvas_format(canvas, rect.row, rect.column, rect.columns,
		COLOUR_ACCENT, COLOUR_DEFAULT, CELL_BOLD, " esscope  %s  ",
		comparison_name(model));

	for (size_t k = 0; k < LENGTH(order); k++) {
		char *text = compared_text(model, order[k]);
		bool fits = text && (text_width(text) < rect.columns - used
			|| order[k] == DUMP_NUMBER);

		if (fits)
			canvas_text(canvas, rect.row, rect.column + used,
				rect.columns - used, COLOUR_TITLE,
				COLOUR_DEFAULT, 0, text);
		free(text);
		if (fits)
			return;
	}
}

static void
draw_name(struct canvas *canvas, struct rect rect, const struct model *model)
{
	const struct dump *dump = model_dump(model);
	const char *name = dump && dump->model && dump->model[0] ? dump->model
		: NULL;
	size_t dumps = session_dump_count(model->session);
	char which[64] = "", at_step[32] = "", batch[64] = "";
	const char *path;
	const json_t *step;
	int used;

	used = canvas_text(canvas, rect.row, rect.column, rect.columns,
		COLOUR_ACCENT, COLOUR_DEFAULT, CELL_BOLD, " esscope  ");
	if (dumps > 1)
		snprintf(which, sizeof which, "%zu/%zu ", model->dump + 1,
			dumps);
	if (!dump)
		return;
	if (model_ready(model) && model_layer(model)->batches > 1)
		snprintf(batch, sizeof batch, " batch %zu of %zu",
			model_layer(model)->batch, model_layer(model)->batches);
	step = json_object_get(dump->meta, "step");
	if (json_is_integer(step))
		snprintf(at_step, sizeof at_step, " step %lld",
			(long long)json_integer_value(step));
	used += canvas_format(canvas, rect.row, rect.column + used,
		rect.columns - used, COLOUR_TITLE, COLOUR_DEFAULT, 0,
		"%s%s%s%s%s", which, name ? name : "", name ? at_step : "",
		batch, name || *batch ? "  " : "");
	path = dump->label;
	if (text_width(path) > rect.columns - used)
		path = last_part(path);
	/* Beside the model's name a piece of a path says nothing. */
	if (!name || text_width(path) <= rect.columns - used)
		canvas_text(canvas, rect.row, rect.column + used,
			rect.columns - used, name ? COLOUR_DIM
			: COLOUR_TITLE, COLOUR_DEFAULT, 0, path);
}

void
title_line_draw(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	if (comparison_on(model))
		draw_compared(canvas, rect, model);
	else
		draw_name(canvas, rect, model);
}
