#include "ui/view.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/glyph.h"
#include "ui/shorten.h"

const struct view_kind *const views[PANE_COUNT] = {
	[PANE_LAYERS] = &view_layers,
	[PANE_MAP] = &view_map,
	[PANE_SPECTRUM] = &view_spectrum,
	[PANE_PROFILE] = &view_profile,
	[PANE_OPERATOR] = &view_operator,
	[PANE_TEXT] = &view_text,
};

const char *const reducer_names[REDUCER_COUNT] = {
	[REDUCER_MAX] = "max", [REDUCER_MEAN] = "mean", [REDUCER_MIN] = "min",
};

const char *const scale_names[SCALE_COUNT] = {
	[SCALE_AUTO] = "auto", [SCALE_CEILING] = "ceiling",
	[SCALE_SEEN] = "seen",
};

bool
view_find(enum pane *out, const char *name)
{
	for (int i = 0; i < PANE_COUNT; i++)
		if (!strcmp(views[i]->name, name)) {
			*out = (enum pane)i;
			return true;
		}
	return false;
}

void
view_names(char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < PANE_COUNT && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
			i ? ", " : "", views[i]->name);
}

struct rect
view_body(struct rect rect)
{
	rect.row++;
	rect.rows--;
	return rect;
}

void
view_title(struct canvas *canvas, struct rect rect, const struct model *model,
	enum pane pane, const char *text)
{
	bool focus = model->focus == pane && !model->help;
	bool unicode = canvas->look.unicode;
	int used = 1;

	canvas_fill(canvas, (struct rect){ rect.row, rect.column, 1,
		rect.columns }, glyph_get(GLYPH_RULE_H, unicode), COLOUR_DIM,
		COLOUR_DEFAULT);
	canvas_put(canvas, rect.row, rect.column,
		focus ? glyph_get(GLYPH_MARK, unicode) : L' ', COLOUR_ACCENT,
		COLOUR_DEFAULT);
	used += canvas_text(canvas, rect.row, rect.column + used,
		rect.columns - used, focus ? COLOUR_ACCENT : COLOUR_TITLE,
		COLOUR_DEFAULT, focus ? CELL_BOLD | CELL_UNDERLINE : 0,
		views[pane]->title);
	canvas_format(canvas, rect.row, rect.column + used,
		rect.columns - used, COLOUR_DEFAULT, COLOUR_DEFAULT, 0,
		text[0] ? " %s " : "%s ", text);
}

bool
view_field(struct canvas *canvas, struct rect *at, colour fg,
	unsigned attributes, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int width;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	width = text ? text_width(text) : 0;
	if (!text || width + 1 > at->columns) {
		free(text);
		return false;
	}
	canvas_text(canvas, at->row, at->column + 1, width, fg,
		COLOUR_DEFAULT, attributes, text);
	/* Two blanks to the next. */
	at->column += width + 2;
	at->columns -= width + 2;
	free(text);
	return true;
}

int
view_digits(const struct layer *layer)
{
	return snprintf(NULL, 0, "%zu",
		layer_ceiling(layer, layer->length / 2));
}

char *
view_layer_name(const struct model *model, int width)
{
	return shorten_name(shorten_new(model_dump(model)),
		model_layer(model)->label, width, model->look.unicode);
}

int
view_paragraph(struct canvas *canvas, struct rect rect, colour fg,
	const char *text)
{
	int rows = 0;

	while (*text && rows < rect.rows) {
		size_t n = strlen(text), fit = (size_t)rect.columns;

		if (rect.columns <= 0)
			break;
		if (n > fit) {
			n = fit;
			while (n > 0 && text[n] != ' ')
				n--;
			if (n == 0)
				n = fit;
			while (n > 1 && (text[n] & 0xc0) == 0x80)
				n--;
		}
		if (canvas)
			canvas_format(canvas, rect.row + rows, rect.column,
				rect.columns, fg, COLOUR_DEFAULT, 0, "%.*s",
				(int)n, text);
		text += n;
		text += strspn(text, " ");
		rows++;
	}
	return rows;
}

struct bins
view_positions(const struct model *model, struct rect rect)
{
	return model_position_bins(model, rect.columns - VIEW_GUTTER);
}

/* The sentence behind "name: ", if it begins so. */
static const char *
without(const char *sentence, const char *name)
{
	size_t n = strlen(name);

	if (strncmp(sentence, name, n) == 0
	    && strncmp(sentence + n, ": ", 2) == 0)
		return sentence + n + 2;
	return sentence;
}

const char *
view_reason(const char *sentence, const struct layer *layer)
{
	return without(without(sentence, layer->dump->label), layer->label);
}

bool
view_explain(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	const struct layer *layer = model_layer(model);
	const char *why = NULL;

	if (!layer)
		why = "This dump has no layers.";
	else if (layer->resolved && layer->status != STATUS_OK)
		why = layer->error;
	else if (!model_ready(model))
		why = "This layer has no positions to look at.";
	else
		why = session_failure(model->session, layer, model->channel);
	if (!why)
		return false;
	if (layer)
		why = view_reason(why, layer);
	rect.column++;
	rect.columns--;
	view_paragraph(canvas, rect, COLOUR_WARNING, why);
	return true;
}
