#include "ui/text_ring.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/glyph.h"
#include "ui/model.h"
#include "ui/position_axis.h"
#include "ui/spell.h"

/* Of one row at most: it is sent anew when it goes on. */
enum { ROW_MOST = 96, ROW_PARTS = 3 };

/* Tokens that are laid out within a frame, to get where the cursor is; farther
 * off it stands in lines of its own, that begin so many tokens apart. And
 * lines between two looks at the clock. */
enum { AT_ONCE = 1 << 14, NEAR = 1 << 10, LINES_A_LOOK = 64 };

/* Lines are laid out from the first token on, from frame to frame, and
 * kept. */
struct text_ring {
	char **tokens;          /* the dump's, for which; NULL: none */
	size_t length;
	int columns;
	struct text_ring *near; /* around the cursor, while the lines have not
				 * come so far; or NULL */
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
	struct text_ring *ring;
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
	if (!ring)
		return;
	text_ring_free(ring->near);
	free(ring->begins);
	free(ring);
}

void
text_ring_forget(struct text_ring *ring)
{
	ring->tokens = NULL;
	text_ring_free(ring->near);
	ring->near = NULL;
}

static int
width_of(const struct text_ring *ring, size_t token)
{
	int width = text_width(ring->tokens[token]);

	return width < ring->columns ? width : ring->columns;
}

/* Where the line that begins with a token ends. */
static size_t
line_end(const struct text_ring *ring, size_t i)
{
	int used = width_of(ring, i++);

	for (; i < ring->length; i++) {
		used += width_of(ring, i);
		if (used > ring->columns)
			break;
	}
	return i;
}

/* One line more. */
static void
lay(struct text_ring *ring)
{
	size_t end = line_end(ring, ring->begins[ring->count]);

	if (ring->count + 2 > ring->room) {
		ring->room = 2 * ring->room + 64;
		ring->begins = xreallocarray(ring->begins, ring->room,
			sizeof *ring->begins);
	}
	ring->begins[++ring->count] = end;
}

static bool
has_tokens(const struct model *model)
{
	return model_ready(model) && layer_token(model_layer(model), 0);
}

/* Nothing is laid out yet; the first line begins with that token. */
static void
begin(struct text_ring *ring, const struct dump *dump, int columns,
	size_t first)
{
	ring->tokens = dump->tokens;
	ring->length = dump->token_count;
	ring->columns = columns;
	if (!ring->begins) {
		ring->room = 1;
		ring->begins = xcalloc(1, sizeof *ring->begins);
	}
	ring->count = 0;
	ring->begins[0] = first;
}

/* Lines around a token, from one not far before it on. */
static struct text_ring *
near_of(struct text_ring *ring, const struct dump *dump, size_t token)
{
	struct text_ring *near = ring->near;

	if (!near)
		near = ring->near = text_ring_new();
	if (near->tokens != ring->tokens || near->columns != ring->columns
	    || token < near->begins[0] || token - near->begins[0] >= AT_ONCE)
		begin(near, dump, ring->columns, token - token % NEAR);
	return near;
}

/* The ring of the layer's tokens over so many columns; NULL without any. */
static struct text_ring *
ring_of(const struct model *model, int columns)
{
	struct text_ring *ring = model->text_ring;
	const struct dump *dump = model_dump(model);

	if (!has_tokens(model) || columns < 1)
		return NULL;
	if (ring->tokens != dump->tokens || ring->columns != columns)
		begin(ring, dump, columns, 0);
	return model->position < ring->begins[ring->count] + AT_ONCE ? ring
		: near_of(ring, dump, model->position);
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
	struct text_ring probe = { .columns = columns };
	size_t i = 0;
	int rows = 0;

	if (!has_tokens(model) || columns < 1)
		return 0;
	probe.tokens = model_dump(model)->tokens;
	probe.length = model_dump(model)->token_count;
	while (i < probe.length && rows++ < most)
		i = line_end(&probe, i);
	return i < probe.length ? 0 : rows;
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

static void
visit_token(struct visit *visit, struct rect at, const struct model *model,
	size_t i)
{
	if (visit->canvas)
		draw_token(visit->canvas, at, model, i);
	if (at.row == visit->row && visit->column >= at.column
	    && visit->column < at.column + at.columns)
		visit->found = i;
}

/* The tokens of a line that lie in columns low .. high - 1. */
static void
visit_line(struct visit *visit, struct rect at, const struct model *model,
	size_t line, int low, int high)
{
	const struct text_ring *ring = visit->ring;
	int column = 0;

	visit->end = low;
	for (size_t i = ring->begins[line]; i < ring->begins[line + 1]; i++) {
		int width = width_of(ring, i);

		if (column + width > high)
			break;
		if (column >= low) {
			visit_token(visit, (struct rect){ at.row, at.column
				+ column, 1, width }, model, i);
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

/* One row, its lines so many parts of it one behind the other: that of the
 * cursor has the one before it in front. */
static void
visit_row(struct visit *visit, struct rect rect, const struct model *model)
{
	int columns = rect.columns < ROW_MOST ? rect.columns : ROW_MOST;
	struct text_ring *ring = visit->ring;
	int used = 0;
	size_t line;

	line = line_of(ring, model->position);
	/* At its end the text fills the row as well. */
	for (int back = reach(ring, line + 1) ? 1 : 2; back > 0 && line > 0;
		back--)
		line--;
	for (size_t i = ring->begins[line]; i < ring->length; i++) {
		int width = width_of(ring, i);

		if (used + width > columns)
			break;
		visit_token(visit, (struct rect){ rect.row, rect.column + used,
			1, width }, model, i);
		used += width;
	}
}

static void
visit_ring(struct visit *visit, struct rect rect, const struct model *model)
{
	struct text_ring *ring = visit->ring;
	size_t rows = (size_t)rect.rows;
	struct head head;

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

/* Of the lines that such a rect shows; 0: none. */
static int
line_columns(struct rect rect)
{
	int columns = rect.columns < ROW_MOST ? rect.columns : ROW_MOST;

	if (rect.rows < 1 || rect.columns < 1)
		return 0;
	return rect.rows > 1 ? rect.columns : columns < ROW_PARTS ? 1
		: columns / ROW_PARTS;
}

static void
visit_rows(struct visit *visit, struct rect rect, const struct model *model)
{
	visit->found = SIZE_MAX;
	visit->ring = ring_of(model, line_columns(rect));
	if (!visit->ring)
		return;
	if (rect.rows == 1)
		visit_row(visit, rect, model);
	else if (rect.rows > 1)
		visit_ring(visit, rect, model);
}

void
text_ring_look(const struct model *model, struct rect rect)
{
	(void)ring_of(model, line_columns(rect));
}

bool
text_ring_go_on(struct model *model, double seconds)
{
	struct text_ring *ring = model->text_ring;
	struct spell spell;

	if (!ring->tokens || !has_tokens(model)
	    || ring->tokens != model_dump(model)->tokens)
		return false;
	spell = spell_begin(model, seconds);
	do
		(void)reach(ring, ring->count + LINES_A_LOOK);
	while (ring->begins[ring->count] < ring->length && !spell_over(spell));
	spell_end(model, spell);
	return ring->begins[ring->count] < ring->length;
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
