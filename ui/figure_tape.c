#include "ui/figure_tape.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"

enum kind { RECT, LINE, AREA, TEXT, CELLS, PART };

/* On the tape, with what it is of behind it: points, text or colours, filled up
 * so that the next stroke is aligned. */
struct stroke {
	enum kind kind;
	uint32_t rgb;
	struct box box;                 /* of a text its point */
	struct ink ink;
	struct type type;
	int columns, rows;
	size_t size;                    /* bytes behind it, all; */
	size_t count;                   /* points; 0: no name of a part */
};

enum { ALIGNMENT = 8 };

_Static_assert(sizeof(struct stroke) % ALIGNMENT == 0
	&& _Alignof(struct stroke) <= ALIGNMENT
	&& _Alignof(struct point) <= ALIGNMENT, "strokes follow each other");

static void
put(struct figure *figure, struct stroke stroke, const void *data,
	size_t bytes)
{
	static const char filling[ALIGNMENT];
	size_t rest = (ALIGNMENT - bytes % ALIGNMENT) % ALIGNMENT;

	stroke.size = bytes + rest;
	fwrite(&stroke, sizeof stroke, 1, figure->stream);
	fwrite(data, 1, bytes, figure->stream);
	fwrite(filling, 1, rest, figure->stream);
}

/* Its size comes first. */
static enum status
tape_open(struct figure **out, FILE *stream, struct figure_size size)
{
	_Static_assert(sizeof size % ALIGNMENT == 0, "then strokes");
	fwrite(&size, sizeof size, 1, stream);
	*out = xcalloc(1, sizeof **out);
	return STATUS_OK;
}

static enum status
tape_close(struct figure *figure)
{
	FILE *stream = figure->stream;

	free(figure);
	return fflush(stream) || ferror(stream) ? status_set(STATUS_MEMORY,
		"no memory for a figure") : STATUS_OK;
}

static void
tape_rect(struct figure *figure, struct box box, uint32_t rgb)
{
	put(figure, (struct stroke){ .kind = RECT, .box = box, .rgb = rgb },
		"", 0);
}

static void
tape_line(struct figure *figure, const struct point *points, size_t count,
	struct ink ink)
{
	put(figure, (struct stroke){ .kind = LINE, .ink = ink,
		.count = count }, points, count * sizeof *points);
}

static void
tape_area(struct figure *figure, const struct point *points, size_t count,
	uint32_t rgb)
{
	put(figure, (struct stroke){ .kind = AREA, .rgb = rgb,
		.count = count }, points, count * sizeof *points);
}

static void
tape_text(struct figure *figure, struct point at, struct type type,
	const char *text)
{
	put(figure, (struct stroke){ .kind = TEXT, .box = { .x = at.x,
		.y = at.y }, .type = type }, text, strlen(text) + 1);
}

static void
tape_cells(struct figure *figure, struct box box, int columns, int rows,
	const uint32_t *rgb)
{
	put(figure, (struct stroke){ .kind = CELLS, .box = box,
		.columns = columns, .rows = rows }, rgb, (size_t)columns
		* (size_t)rows * sizeof *rgb);
}

static void
tape_part(struct figure *figure, const char *name)
{
	put(figure, (struct stroke){ .kind = PART, .count = name != NULL },
		name ? name : "", name ? strlen(name) + 1 : 0);
}

const struct figure_backend figure_tape = {
	.name = "tape", .open = tape_open, .rect = tape_rect,
	.line = tape_line, .area = tape_area, .text = tape_text,
	.cells = tape_cells, .part = tape_part, .close = tape_close,
};

static void
draw(struct figure *figure, const struct stroke *stroke, const void *data)
{
	switch (stroke->kind) {
	case RECT:
		figure_rect(figure, stroke->box, stroke->rgb);
		break;
	case LINE:
		figure_line(figure, data, stroke->count, stroke->ink);
		break;
	case AREA:
		figure_area(figure, data, stroke->count, stroke->rgb);
		break;
	case TEXT:
		figure_text(figure, (struct point){ stroke->box.x,
			stroke->box.y }, stroke->type, data);
		break;
	case CELLS:
		figure_cells(figure, stroke->box, stroke->columns,
			stroke->rows, data);
		break;
	case PART:
		figure_part(figure, stroke->count ? data : NULL);
		break;
	}
}

enum status
figure_play(const struct figure_backend *backend, FILE *stream,
	const char *tape, size_t size, const atomic_bool *stop)
{
	struct figure_size paper;
	struct figure *figure;
	const char *end = tape + size;
	enum status status, closed;

	memcpy(&paper, tape, sizeof paper);
	tape += sizeof paper;
	status = figure_open(&figure, backend, stream, paper);
	if (status)
		return status;
	while (!status && tape < end) {
		struct stroke stroke;

		memcpy(&stroke, tape, sizeof stroke);
		tape += sizeof stroke;
		draw(figure, &stroke, tape);
		tape += stroke.size;
		if (stop && atomic_load(stop))
			status = status_set(STATUS_CANCELLED, "given up");
	}
	closed = figure_close(figure);
	return status ? status : closed;
}
