/*
 * The profile of a real dump: the band against sorted values, and the walk
 * along the drops of ESS against a sorted list of them.
 */
#include <math.h>

#include "core/operator.h"
#include "tests/tap.h"
#include "tests/ui/model_of.h"
#include "ui/delimiters.h"
#include "ui/layer_band.h"
#include "ui/measure_table.h"
#include "ui/text_ring.h"

static double
value_at(const struct model *model, size_t channel, size_t position)
{
	double value = NAN;

	model_value(&value, model, channel, position);
	return model->measure->log ? log10(value) : value;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Nearest ranks of the cells that share a column. */
static struct band
exact(const struct model *model, const struct bins *columns, int x)
{
	const struct layer *layer = model_layer(model);
	size_t n = 0, begin = bins_begin(columns, x);
	size_t end = bins_end(columns, x);
	double *values = xcalloc(layer->channels * (end - begin),
		sizeof *values);
	struct band band;

	for (size_t c = 0; c < layer->channels; c++)
		for (size_t i = begin; i < end; i++)
			values[n++] = value_at(model, c, i);
	qsort(values, n, sizeof *values, ascending);
	band = (struct band){ values[0], values[(n + 3) / 4 - 1],
		values[(3 * n + 3) / 4 - 1], values[n - 1] };
	free(values);
	return band;
}

static void
test_band(struct model *model, int pixels)
{
	struct bins columns = model_position_bins(model, pixels);
	struct colour_scale scale = model_scale(model);
	double step = (fmax(scale.high, scale.most) - scale.low) / 512 + 1e-9;
	int right = 0;

	while (layer_band_work(model, &columns, 300))
		;
	for (int x = 0; x < columns.pixels; x++) {
		struct band is, should = exact(model, &columns, x);

		right += layer_band_get(&is, model, &columns, x)
			&& fabs(is.least - should.least) <= step
			&& fabs(is.lower - should.lower) <= step
			&& fabs(is.upper - should.upper) <= step
			&& fabs(is.most - should.most) <= step;
	}
	ok(right == columns.pixels, "quartiles and extremes of %s in %d "
		"columns", model->measure->name, columns.pixels);
}

static void
test_stale(struct model *model)
{
	struct bins columns = model_position_bins(model, 60);
	struct band band;

	while (layer_band_work(model, &columns, SIZE_MAX / 2))
		;
	press(model, "]");
	ok(!layer_band_get(&band, model, &columns, 3),
		"a band of another tolerance is none");
	press(model, "[");
}

struct fall {
	double size;
	size_t position;
};

static int
larger_first(const void *a, const void *b)
{
	const struct fall *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	return (x->position > y->position) - (x->position < y->position);
}

static void
test_drops(struct model *model)
{
	size_t length = model_layer(model)->length, n = 0, right = 0;
	struct fall *falls = xcalloc(length, sizeof *falls);
	char *said;

	for (size_t i = 2; i < length; i++) {
		double size = value_at(model, model->channel, i - 1)
			- value_at(model, model->channel, i);

		if (size > 0)
			falls[n++] = (struct fall){ size, i };
	}
	qsort(falls, n, sizeof *falls, larger_first);
	for (size_t k = 0; k < n; k++) {
		press(model, "x");
		right += model->position == falls[k].position;
		if (k > 0)
			continue;
		said = xasprintf("drop 1: pos %zu, between ",
			falls[0].position);
		ok(strncmp(model->message, said, strlen(said)) == 0,
			"x: %s", model->message);
		free(said);
	}
	ok(n > 8 && right == n, "x: all %zu drops, the largest first", n);
	press(model, "x");
	ok(model->warning && strstr(model->message, "no further drop"),
		"and then it says so");
	press(model, "xh");
	press(model, "x");
	ok(model->position == falls[0].position,
		"who moved away begins anew");
	free(falls);
}

static void
test_legend(struct model *model)
{
	ok(shows(model, 48, 160, "mean") && shows(model, 48, 160, "25-75%")
		&& shows(model, 48, 160, "min-max")
		&& shows(model, 48, 160, "ceiling"),
		"what is what stands above it");
	ok(shows(model, 24, 80, "mean  "), "at 80x24 the mean at least");
}

/* Cells that are not as in the frame before. */
static int
changes(const struct canvas *a, const struct canvas *b)
{
	int n = 0;

	for (int k = 0; k < a->rows * a->columns; k++)
		n += a->cells[k].glyph != b->cells[k].glyph
			|| a->cells[k].fg != b->cells[k].fg;
	return n;
}

/* The cursor's token by its colour, and what a click there finds. */
static bool
is_marked(const struct model *model, struct canvas *canvas, struct rect rect)
{
	size_t token;

	for (int r = 0; r < rect.rows; r++)
		for (int c = 0; c < rect.columns; c++)
			if (canvas_cell(canvas, r, c)->fg == COLOUR_SELECT)
				return text_ring_pick(&token, rect, model, r,
					c) && token == model->position;
	return false;
}

/* Is there so much of what comes, read on from the cursor, row by row? */
static bool
reads_on(const struct model *model, struct canvas *canvas, struct rect rect)
{
	size_t last = model->position, token;
	size_t end = model_layer(model)->length;
	int cells = rect.rows * rect.columns, ahead = 0;

	for (int k = 0; k < cells; k++) {
		bool there = text_ring_pick(&token, rect, model,
			k / rect.columns, k % rect.columns);

		ahead += there && token > model->position;
		last = there && token > last ? token : last;
		if (there && token > model->position && canvas_cell(canvas,
			k / rect.columns, k % rect.columns)->fg
			== COLOUR_DEFAULT)
			return false;
	}
	return last + 1 == end || ahead >= cells / 4;
}

/* A text that has no room: it stands still but for a few cells, over more than
 * one row. */
static void
test_ring(struct model *model, int rows, int columns)
{
	struct rect rect = { 0, 0, rows, columns };
	struct canvas *now = canvas_new(model->look);
	struct canvas *before = canvas_new(model->look);
	size_t length = model_layer(model)->length, marked = 0, ahead = 0;
	int most = 0;

	canvas_reset(before, rows, columns);
	for (size_t i = 1; i < length; i++) {
		struct canvas *swap = before;
		int n;

		model_set_position(model, i);
		canvas_reset(now, rows, columns);
		text_ring_draw(now, rect, model);
		marked += is_marked(model, now, rect);
		ahead += reads_on(model, now, rect);
		n = i > 1 ? changes(now, before) : 0;
		most = n > most ? n : most;
		before = now;
		now = swap;
	}
	ok(marked == length - 1 && ahead == length - 1 && most <= (rows == 1 ? columns : 40),
		"text in %d rows of %d: the cursor's token at %zu, what comes "
		"at %zu of %zu positions, %d cells change at most", rows,
		columns, marked, ahead, length - 1, most);
	canvas_free(now);
	canvas_free(before);
}

/* The line of a token, and its column, by laying out all before it. */
static void
lay_out(size_t *line, int *column, char *const *tokens, size_t token,
	int columns)
{
	*line = 0;
	*column = 0;
	for (size_t i = 0; i <= token; i++) {
		int width = text_width(tokens[i]);

		width = width < columns ? width : columns;
		if (*column && *column + width > columns) {
			++*line;
			*column = 0;
		}
		if (i < token)
			*column += width;
	}
}

/* Is the cursor's token, and those around it, where they are when all of the
 * text is laid out? */
static bool
stands(const struct model *model, struct rect rect, char *const *tokens)
{
	size_t token, line, at = model->position;
	int column;

	for (size_t i = at - 9; i < at + 9; i++) {
		lay_out(&line, &column, tokens, i, rect.columns);
		if (!text_ring_pick(&token, rect, model, (int)(line
			% (size_t)rect.rows), column) || token != i)
			return false;
	}
	return true;
}

/* A text of 100,000 tokens: at once to be read around the cursor, and soon as
 * if all of it had been laid out at first. */
static void
test_long(struct model *model)
{
	enum { LONG = 100000 };
	static char *const words[] = { " the", " of", "ing", " memory", ".",
		" \xe4\xb8\xad\xe6\x96\x87", "<eos>" };
	struct dump *dump = model_dump(model);
	struct layer *layer = model_layer(model);
	char **tokens = xcalloc(LONG, sizeof *tokens), **old = dump->tokens;
	size_t length = layer->length, turns = 1;
	struct canvas *canvas = canvas_new(model->look);

	for (size_t i = 0; i < LONG; i++)
		tokens[i] = words[i % 1000 == 7 ? 6 : i * i % 13 % 6];
	dump->tokens = tokens;
	dump->token_count = layer->length = LONG;
	for (int columns = 70; columns >= 40; columns -= 30) {
		struct rect rect = { 0, 0, 5, columns };

		model->position = 9000;
		ok(stands(model, rect, tokens), "%d columns: what is near the "
			"start is laid out at once", columns);
		model->position = 88888;
		canvas_reset(canvas, 5, columns);
		text_ring_draw(canvas, rect, model);
		ok(is_marked(model, canvas, rect) && reads_on(model, canvas,
			rect), "and what is far from it can be read at once");
		text_ring_look(model, rect);
		for (model->turn_left = 0; text_ring_go_on(model, 0); turns++)
			;
		ok(turns > 10 && stands(model, rect, tokens), "and after %zu "
			"turns is where all of it would have it", turns);
		model->position = 3000;
		ok(stands(model, rect, tokens), "as is what is behind");
	}
	turns = 1;
	while (delimiters_go_on(model, 0))
		turns++;
	ok(turns == 7 && delimiters_between(model, 7, 8)
		&& delimiters_between(model, 90000, 90008)
		&& !delimiters_between(model, 90008, 91007),
		"delimiters in %zu turns", turns);
	dump->tokens = old;
	dump->token_count = layer->length = length;
	model->position = 5;
	delimiters_forget(model->delimiters);
	text_ring_forget(model->text_ring);
	canvas_free(canvas);
	free(tokens);
}

int
main(void)
{
	char *path = sample_path("text_hybrid_step900.npz");
	struct model *model = model_of(path, look_new(COLOUR_MONO, true,
		false, 0));

	press(model, "}}");
	model_finish(model);
	test_band(model, 60);
	test_band(model, 255);
	test_band(model, 600);
	test_stale(model);
	model->measure = measure_kind_find("entropy");
	model_finish(model);
	test_band(model, 60);
	model->measure = measure_kind_find("s1");
	model_finish(model);
	test_band(model, 60);
	model->measure = measure_kind_find("tolerance");
	model_finish(model);
	test_legend(model);
	test_drops(model);
	test_ring(model, 1, 60);
	test_ring(model, 3, 50);
	test_ring(model, 5, 40);
	ok(text_ring_rows(model, 5, 40) == 0, "which is not all of it");
	ok(text_ring_rows(model, 40, 60) > 5, "as in many rows");
	test_long(model);
	model_close(model);
	free(path);
	return done();
}
