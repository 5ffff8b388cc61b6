#include "ui/figure.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/text.h"
#include "core/util.h"

enum status
figure_open(struct figure **out, const struct figure_backend *backend,
	FILE *stream, struct figure_size size)
{
	enum status status;

	if (backend->lacks)
		return status_set(STATUS_MISSING, "%s", backend->lacks);
	status = backend->open(out, stream, size);
	if (status)
		return status;
	(*out)->backend = backend;
	(*out)->stream = stream;
	(*out)->size = size;
	return STATUS_OK;
}

enum status
figure_close(struct figure *figure)
{
	return figure->backend->close(figure);
}

void
figure_rect(struct figure *figure, struct box box, uint32_t rgb)
{
	figure->backend->rect(figure, box, rgb);
}

void
figure_line(struct figure *figure, const struct point *points, size_t count,
	struct ink ink)
{
	if (count > 1)
		figure->backend->line(figure, points, count, ink);
}

void
figure_segment(struct figure *figure, struct point from, struct point to,
	struct ink ink)
{
	figure_line(figure, (struct point[]){ from, to }, 2, ink);
}

void
figure_frame(struct figure *figure, struct box box, struct ink ink)
{
	double right = box.x + box.width, bottom = box.y + box.height;

	figure_line(figure, (struct point[]){ { box.x, box.y },
		{ right, box.y }, { right, bottom }, { box.x, bottom },
		{ box.x, box.y } }, 5, ink);
}

void
figure_area(struct figure *figure, const struct point *points, size_t count,
	uint32_t rgb)
{
	if (count > 2)
		figure->backend->area(figure, points, count, rgb);
}

void
figure_text(struct figure *figure, struct point at, struct type type,
	const char *text)
{
	if (text[0])
		figure->backend->text(figure, at, type, text);
}

void
figure_cells(struct figure *figure, struct box box, int columns, int rows,
	const uint32_t *rgb)
{
	if (columns > 0 && rows > 0)
		figure->backend->cells(figure, box, columns, rows, rgb);
}

void
figure_part(struct figure *figure, const char *name)
{
	figure->backend->part(figure, name);
}

/* Thousandths of the size, of ' ' to '~': those of Helvetica, which Arial and
 * their free likenesses share. */
static const uint16_t widths[] = {
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,
	278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278,
	584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
	500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944,
	667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556,
	278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
	278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
};

/* Of one character, of size 1. */
static double
character_width(struct type type, uint32_t code)
{
	int cells = code >= 0x300 ? wcwidth((wchar_t)code) : 1;

	if (type.mono)
		return 0.602 * (cells < 0 ? 1 : cells);
	if (cells == 0)
		return 0;
	if (cells == 2)
		return 1;
	if (code >= ' ' && code - ' ' < LENGTH(widths))
		return 1e-3 * widths[code - ' '] * (type.bold ? 1.07 : 1);
	return 0.6;
}

size_t
figure_character(uint32_t *code, const char *text)
{
	size_t n = text_decode(code, text, strlen(text));

	if (n)
		return n;
	*code = 0xfffd;
	return 1;
}

double
figure_width(struct type type, const char *text)
{
	double sum = 0;

	while (*text) {
		uint32_t code;

		text += figure_character(&code, text);
		sum += character_width(type, code);
	}
	return sum * type.size;
}

/* Bytes of the beginning of a text that fit; all of it, if it does. */
static size_t
fit(struct type type, const char *text, double width)
{
	const char *p = text;
	double used = 0;

	while (*p) {
		uint32_t code;
		size_t n = figure_character(&code, p);

		used += type.size * character_width(type, code);
		if (used > width)
			break;
		p += n;
	}
	return (size_t)(p - text);
}

char *
figure_clip(struct type type, const char *text, double width)
{
	static const char ellipsis[] = "\xe2\x80\xa6";

	if (figure_width(type, text) <= width)
		return xstrdup(text);
	return xasprintf("%.*s%s", (int)fit(type, text,
		width - figure_width(type, ellipsis)), text, ellipsis);
}

int
figure_paragraph(struct figure *figure, struct point at, struct type type,
	double width, double leading, const char *text)
{
	int lines = 0;

	while (*text) {
		size_t n = fit(type, text, width), whole = n;
		char *line;

		/* Broken at a blank, where the line has one. */
		while (text[n] && whole > 0 && text[whole] != ' ')
			whole--;
		if (text[n] && whole > 0)
			n = whole;
		if (n == 0)
			n = 1;
		line = xstrndup(text, n);
		if (figure)
			figure_text(figure, (struct point){ at.x, at.y
				+ lines * leading }, type, line);
		free(line);
		text += n;
		text += strspn(text, " ");
		lines++;
	}
	return lines;
}
