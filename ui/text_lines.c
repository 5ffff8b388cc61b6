#include "ui/text_lines.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/token_text.h"

/* Tokens a block, and blocks kept: a screen and where it may go next. */
enum { BLOCK = 1024, KEPT = 8 };

struct block {
	size_t index;                   /* SIZE_MAX: free */
	unsigned long used;
	struct token_text *text;
	struct text_line *lines;
	size_t line_count;
};

struct text_lines {
	const struct layer *layer;
	int columns;
	bool unicode;
	unsigned long uses;
	struct block blocks[KEPT];
};

struct text_lines *
text_lines_new(const struct layer *layer, int columns, bool unicode)
{
	struct text_lines *lines = xcalloc(1, sizeof *lines);

	lines->layer = layer;
	lines->columns = columns > 1 ? columns : 1;
	lines->unicode = unicode;
	for (int k = 0; k < KEPT; k++)
		lines->blocks[k].index = SIZE_MAX;
	return lines;
}

static void
block_free(struct block *block)
{
	token_text_free(block->text);
	free(block->lines);
	*block = (struct block){ .index = SIZE_MAX };
}

void
text_lines_free(struct text_lines *lines)
{
	if (!lines)
		return;
	for (int k = 0; k < KEPT; k++)
		block_free(&lines->blocks[k]);
	free(lines);
}

static void
block_lay(struct block *block, const struct text_lines *lines)
{
	const struct token_text *text = block->text;
	struct text_line line = { text->begin, text->begin };
	int used = 0;

	block->lines = xcalloc(text->count, sizeof *block->lines);
	for (size_t k = 0; k < text->count; k++) {
		const struct token_piece *piece = &text->pieces[k];

		if (line.end > line.begin
		    && used + piece->width > lines->columns) {
			block->lines[block->line_count++] = line;
			line.begin = line.end;
			used = 0;
		}
		line.end++;
		used += piece->width;
		if (piece->breaks || k + 1 == text->count) {
			block->lines[block->line_count++] = line;
			line.begin = line.end;
			used = 0;
		}
	}
}

/* The block that holds a token; the one longest unused makes room. */
static struct block *
block_of(struct text_lines *lines, size_t token)
{
	struct block *oldest = &lines->blocks[0];
	size_t index = token / BLOCK, begin = index * BLOCK;

	for (int k = 0; k < KEPT; k++) {
		struct block *block = &lines->blocks[k];

		if (block->index == index) {
			block->used = ++lines->uses;
			return block;
		}
		if (block->used < oldest->used)
			oldest = block;
	}
	block_free(oldest);
	oldest->index = index;
	oldest->used = ++lines->uses;
	oldest->text = token_text_new(lines->layer, begin,
		size_min(begin + BLOCK, lines->layer->length),
		lines->unicode);
	block_lay(oldest, lines);
	return oldest;
}

struct text_line
text_lines_at(struct text_lines *lines, size_t token)
{
	const struct block *block = block_of(lines, token);
	size_t low = 0, high = block->line_count;

	/* The last line that begins at the token or before it. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (block->lines[middle].begin <= token)
			low = middle;
		else
			high = middle;
	}
	return block->lines[low];
}

struct text_line
text_lines_step(struct text_lines *lines, struct text_line line, long steps)
{
	for (; steps > 0 && line.end < lines->layer->length; steps--)
		line = text_lines_at(lines, line.end);
	for (; steps < 0 && line.begin > 0; steps++)
		line = text_lines_at(lines, line.begin - 1);
	return line;
}

const struct token_piece *
text_lines_piece(struct text_lines *lines, size_t token)
{
	const struct block *block = block_of(lines, token);

	return &block->text->pieces[token - block->text->begin];
}

int
text_lines_column(struct text_lines *lines, size_t token)
{
	struct text_line line = text_lines_at(lines, token);
	int column = 0;

	for (size_t i = line.begin; i < token; i++)
		column += text_lines_piece(lines, i)->width;
	return column;
}

size_t
text_lines_pick(struct text_lines *lines, struct text_line line, int column)
{
	size_t i = line.begin;

	for (; i + 1 < line.end; i++) {
		column -= text_lines_piece(lines, i)->width;
		if (column < 0)
			break;
	}
	return i;
}
