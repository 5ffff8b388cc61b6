#include "ui/prompt_line.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/command.h"
#include "ui/complete.h"
#include "ui/glyph.h"
#include "ui/model.h"
#include "ui/phrase.h"
#include "ui/view.h"

/* Lines of words at most, and blanks between two of them. */
enum { OFFER_ROWS = 8, OFFER_GAP = 2 };

/* Columns from which on the beginning of a hint says something. */
enum { HINT_LEAST = 12 };

/* What may be typed here, or NULL. */
static const char *
hint(const struct prompt *prompt)
{
	const struct command *command = NULL;
	struct phrase phrase;

	if (prompt->note[0])
		return prompt->note;
	if (prompt->sigil == '/')
		return prompt->length ? NULL : "a text among the tokens, or a "
			"layer; Up: earlier ones, Esc leaves";
	if (prompt->length == 0)
		return "a command; Tab completes it, ? lists them, Up: "
			"earlier ones, Esc leaves";
	for (size_t p = 0; phrase_next(&phrase, prompt->text, p);
		p = phrase.end) {
		char *name;

		command = NULL;
		if (!prompt->text[phrase.name_end])
			break;
		name = xstrndup(prompt->text + phrase.name,
			phrase.name_end - phrase.name);
		command = command_find(name);
		free(name);
	}
	return command ? command->help : NULL;
}

/* The longest end of the n bytes at text that fits. */
static const char *
last_that_fits(const char *text, size_t n, int columns)
{
	const char *end = text + n;
	char part[PROMPT_MAX];

	for (;; text++) {
		if ((*text & 0xc0) == 0x80)
			continue;
		memcpy(part, text, (size_t)(end - text));
		part[end - text] = '\0';
		if (text == end || text_width(part) <= columns)
			return text;
	}
}

/* The line from where its cursor is in sight; returns the columns used. */
static int
draw_text(struct canvas *canvas, struct rect rect, const struct prompt *prompt)
{
	const char *from = last_that_fits(prompt->text, prompt->cursor,
		rect.columns - 2);
	char before[PROMPT_MAX];
	size_t n = (size_t)(prompt->text + prompt->cursor - from);
	struct cell *cell;
	int at, used;

	memcpy(before, from, n);
	before[n] = '\0';
	at = text_width(before);
	used = canvas_text(canvas, rect.row, rect.column, rect.columns - 1,
		COLOUR_DEFAULT, COLOUR_DEFAULT, 0, from);
	if (at >= used)
		canvas_put(canvas, rect.row, rect.column + at, L' ',
			COLOUR_SELECT, COLOUR_SELECT);
	else if ((cell = canvas_cell(canvas, rect.row, rect.column + at)))
		cell->attributes |= CELL_REVERSE;
	return at >= used ? at + 1 : used;
}

static void
draw_hint(struct canvas *canvas, struct rect rect, const char *text)
{
	canvas_text(canvas, rect.row, rect.column, rect.columns, COLOUR_DIM,
		COLOUR_DEFAULT, 0, text);
	if (text_width(text) > rect.columns)
		canvas_put(canvas, rect.row, rect.column + rect.columns - 1,
			glyph_get(GLYPH_ELLIPSIS, canvas->look.unicode),
			COLOUR_DIM, COLOUR_DEFAULT);
}

static int
widest(const struct completion *completion)
{
	int most = 0;

	for (size_t i = 0; i < completion->count; i++) {
		int width = text_width(completion->words[i]);

		most = width > most ? width : most;
	}
	return most;
}

/* The words in columns, in the lines above rect; scrolled to the chosen. */
static void
draw_offer(struct canvas *canvas, struct rect rect,
	const struct completion *completion)
{
	int width = widest(completion) + OFFER_GAP, side, rows, first = 0;
	int count = (int)completion->count, chosen = (int)completion->chosen;
	int room = rect.row - 1 < OFFER_ROWS ? rect.row - 1 : OFFER_ROWS;

	width = width < rect.columns ? width : rect.columns;
	side = rect.columns / width;
	rows = (count + side - 1) / side;
	if (rows > room) {
		rows = room;
		if (chosen < count && chosen / side >= rows)
			first = (chosen / side - rows + 1) * side;
	}
	canvas_fill(canvas, (struct rect){ rect.row - rows, 0, rows,
		rect.columns }, L' ', COLOUR_DEFAULT, COLOUR_DEFAULT);
	for (int i = first; i < count && i < first + rows * side; i++)
		canvas_text(canvas, rect.row - rows + (i - first) / side,
			1 + (i - first) % side * width, width - 1,
			COLOUR_ACCENT, COLOUR_DEFAULT,
			i == chosen ? CELL_REVERSE : 0, completion->words[i]);
	if (first + rows * side < count)
		canvas_format(canvas, rect.row - 1, rect.columns - 12, 12,
			COLOUR_DIM, COLOUR_DEFAULT, 0, " %d more",
			count - first - rows * side);
}

void
prompt_draw(struct canvas *canvas, struct rect rect, const struct model *model)
{
	const struct prompt *prompt = &model->prompt;
	const char *text = hint(prompt), sigil[2] = { prompt->sigil };
	int used;

	if (model->completion && model->completion->count > 1)
		draw_offer(canvas, rect, model->completion);
	canvas_text(canvas, rect.row, rect.column, 1, COLOUR_ACCENT,
		COLOUR_DEFAULT, CELL_BOLD, sigil);
	rect.column++;
	rect.columns--;
	used = draw_text(canvas, rect, prompt);
	rect.column += used + 3;
	rect.columns -= used + 3;
	if (text && rect.columns >= HINT_LEAST)
		draw_hint(canvas, rect, text);
}
