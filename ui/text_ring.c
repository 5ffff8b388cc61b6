#include "ui/text_ring.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/glyph.h"
#include "ui/model.h"
#include "ui/position_axis.h"

/* Lines are laid out from the first token on, as far as anyone has looked, and
 * kept. */
struct text_ring {
	char **tokens;          /* the dump's, for which; NULL: none */
	size_t length;
	int columns;
	size_t *begins;         /* first tokens of lines; begins[count]: the
				 * first of none yet */
	size_t count, room;
};

/* The newest line there is, and how far. */
struct head {
	size_t line;
	int columns;
};

/* Does what is to be done with each token where it lies. */
struct visit {
	struct canvas *canvas;          /* NULL: not drawn */
	int row, column;                /* of interest */
	size_t found;                   /* the token there; SIZE_MAX: none */
	int end;                        /* where the last one ends */
};

struct text_ring *
text_ring_new(void)
{
	return xcalloc(1, sizeof(struct text_ring));
}

void
text_ring_free(struct text_ring *ring)
{
	if (ring)
		free(ring->begins);
	free(ring);
}

void
text_ring_forget(struct text_ring *ring)
{
	ring->tokens = NULL;
}

static int
width_of(const struct text_ring *ring, size_t token)
{
	int width = text_width(ring->tokens[token]);

	return width < ring->columns ? width : ring->columns;
}

/* One line more. */
static void
lay(struct text_ring *ring)
{
	size_t i = ring->begins[ring->count];
	int used = 0;

	do
		used += width_of(ring, i++);
	while (i < ring->length && used + width_of(ring, i) <= ring->columns);
	if (ring->count + 2 > ring->room) {
		ring->room = 2 * ring->room + 64;
		ring->begins = xreallocarray(ring->begins, ring->room,
			sizeof *ring->begins);
	}
	ring->begins[++ring->count] = i;
}

/* The ring of the layer's tokens over so many columns; NULL without any. */
static struct text_ring *
ring_of(const struct model *model, int columns)
{
	struct text_ring *ring = model->text_ring;
	const struct dump *dump = model_dump(model);

	if (!model_ready(model) || !layer_token(model_layer(model), 0)
	    || columns < 1)
		return NULL;
	if (ring->tokens == dump->tokens && ring->columns == columns)
		return ring;
	ring->tokens = dump->tokens;
	ring->length = dump->token_count;
	ring->columns = columns;
	if (!ring->begins) {
		ring->room = 1;
		ring->begins = xcalloc(1, sizeof *ring->begins);
	}
	ring->count = 0;
	ring->begins[0] = 0;
	return ring;
}

/* Whether there is such a line. */
static bool
reach(struct text_ring *ring, size_t line)
{
	while (ring->count <= line && ring->begins[ring->count] < ring->length)
		lay(ring);
	return ring->count > line;
}

static size_t
line_of(struct text_ring *ring, size_t token)
{
	size_t low = 0, high;

	while (ring->begins[ring->count] <= token)
		lay(ring);
	for (high = ring->count; high - low > 1;) {
		size_t middle = low + (high - low) / 2;

		if (ring->begins[middle] <= token)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int
text_ring_rows(const struct model *model, int most, int columns)
{
	struct text_ring *ring = ring_of(model, columns);

	if (!ring || most < 1 || reach(ring, (size_t)most))
		return 0;
	return (int)ring->count;
}

/* Half a ring ahead of the cursor, but all rows from the start on, and no
 * further than the text. Counted in cells, that goes on evenly. */
static struct head
head_of(struct text_ring *ring, int rows, size_t cursor)
{
	size_t line = line_of(ring, cursor), columns = (size_t)ring->columns;
	size_t cells = line * columns + (size_t)rows * columns / 2;
	struct head head;

	for (size_t i = ring->begins[line]; i < cursor; i++)
		cells += (size_t)width_of(ring, i);
	head.line = cells / columns;
	head.columns = (int)(cells % columns);
	if (head.line < (size_t)rows || !reach(ring, head.line)) {
		head.line = head.line < (size_t)rows ? (size_t)rows - 1
			: ring->count - 1;
		head.columns = ring->columns;
	}
	return head;
}

static void
draw_token(struct canvas *canvas, struct rect at, const struct model *model,
	size_t i)
{
	const char *token = layer_token(model_layer(model), i);
	colour fg = i < model->position ? COLOUR_DEFAULT : COLOUR_DIM;
	unsigned attributes = 0;
	size_t first, count;

	if (position_delimiter(token)) {
		fg = COLOUR_DELIMITER;
		attributes = CELL_UNDERLINE;
	}
	if (model_span(&first, &count, model) && i >= first
	    && i - first < count)
		attributes |= CELL_UNDERLINE;
	if (i == model->position)
		fg = COLOUR_SELECT;
	canvas_text(canvas, at.row, at.column, at.columns, fg, COLOUR_DEFAULT,
		attributes, token);
}

/* The tokens of a line that lie in columns low .. high - 1. */
static void
visit_line(struct visit *visit, struct rect at, const struct model *model,
	size_t line, int low, int high)
{
	const struct text_ring *ring = model->text_ring;
	int column = 0;

	visit->end = low;
	for (size_t i = ring->begins[line]; i < ring->begins[line + 1]; i++) {
		int width = width_of(ring, i);

		if (column + width > high)
			break;
		if (column >= low) {
			struct rect place = { at.row, at.column + column, 1,
				width };

			if (visit->canvas)
				draw_token(visit->canvas, place, model, i);
			if (at.row == visit->row
			    && visit->column >= place.column
			    && visit->column < place.column + width)
				visit->found = i;
			visit->end = column + width;
		}
		column += width;
	}
}

/* The newest line as far as it is written, the stroke, and the rest of the one
 * that was there. */
static void
visit_head(struct visit *visit, struct rect at, const struct model *model,
	struct head head, size_t rows)
{
	int low = 0;

	visit_line(visit, at, model, head.line, 0, head.columns);
	if (visit->end > 0) {
		low = visit->end + 1;
		if (visit->canvas)
			canvas_put(visit->canvas, at.row, at.column + low - 1,
				glyph_get(GLYPH_RULE_V,
				visit->canvas->look.unicode), COLOUR_DIM,
				COLOUR_DEFAULT);
	}
	visit_line(visit, at, model, head.line - rows, low, at.columns);
}

static void
visit_rows(struct visit *visit, struct rect rect, const struct model *model)
{
	struct text_ring *ring = ring_of(model, rect.columns);
	size_t rows = (size_t)rect.rows;
	struct head head;

	visit->found = SIZE_MAX;
	if (!ring || rect.rows < 1)
		return;
	head = head_of(ring, rect.rows, model->position);
	for (size_t back = 0; back < rows && back <= head.line; back++) {
		size_t line = head.line - back;
		struct rect at = { rect.row + (int)(line % rows), rect.column,
			1, rect.columns };

		if (!reach(ring, line))
			continue;
		if (back == 0 && head.columns < rect.columns)
			visit_head(visit, at, model, head, rows);
		else
			visit_line(visit, at, model, line, 0, rect.columns);
	}
}

void
text_ring_draw(struct canvas *canvas, struct rect rect,
	const struct model *model)
{
	struct visit visit = { .canvas = canvas };

	visit_rows(&visit, rect, model);
}

bool
text_ring_pick(size_t *out, struct rect rect, const struct model *model,
	int row, int column)
{
	struct visit visit = { .row = row, .column = column };

	visit_rows(&visit, rect, model);
	if (visit.found == SIZE_MAX)
		return false;
	*out = visit.found;
	return true;
}
