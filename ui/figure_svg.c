/*
 * Scalable Vector Graphics, written as we go. Cells are paths, one a colour,
 * so that a map stays sharp at any size and small in bytes.
 */
#include "ui/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/util.h"

struct svg {
	struct figure figure;           /* first */
	bool in_part;
};

/* A number of at most two decimals, " " before it if wanted. */
static void
put_number(FILE *stream, const char *before, double value)
{
	char text[32];
	char *end;

	snprintf(text, sizeof text, "%.2f", value);
	end = text + strlen(text);
	while (end[-1] == '0')
		end--;
	if (end[-1] == '.')
		end--;
	*end = '\0';
	fprintf(stream, "%s%s", before, strcmp(text, "-0") ? text : "0");
}

static void
put_attribute(FILE *stream, const char *name, double value)
{
	fprintf(stream, " %s=\"", name);
	put_number(stream, "", value);
	putc('"', stream);
}

/* Text as XML has it; what no XML may hold becomes U+FFFD. */
static void
put_text(FILE *stream, const char *text)
{
	while (*text) {
		uint32_t code;
		size_t n = text_decode(&code, text, strlen(text));

		if (n == 0 || code < ' ' || (code & 0xfffe) == 0xfffe)
			fputs("\xef\xbf\xbd", stream);
		else if (code == '<')
			fputs("&lt;", stream);
		else if (code == '>')
			fputs("&gt;", stream);
		else if (code == '&')
			fputs("&amp;", stream);
		else if (code == '"')
			fputs("&quot;", stream);
		else
			fwrite(text, 1, n, stream);
		text += n ? n : 1;
	}
}

static enum status
svg_open(struct figure **out, FILE *stream, struct figure_size size)
{
	struct svg *svg = xcalloc(1, sizeof *svg);

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\"", stream);
	fputs(" width=\"", stream);
	put_number(stream, "", size.width);
	fputs("pt\" height=\"", stream);
	put_number(stream, "", size.height);
	fputs("pt\" viewBox=\"0 0", stream);
	put_number(stream, " ", size.width);
	put_number(stream, " ", size.height);
	fputs("\" xml:space=\"preserve\">\n", stream);
	*out = &svg->figure;
	return STATUS_OK;
}

static void
svg_rect(struct figure *figure, struct box box, uint32_t rgb)
{
	FILE *stream = figure->stream;

	fputs("<rect", stream);
	put_attribute(stream, "x", box.x);
	put_attribute(stream, "y", box.y);
	put_attribute(stream, "width", box.width);
	put_attribute(stream, "height", box.height);
	fprintf(stream, " fill=\"#%06x\" shape-rendering=\"crispEdges\"/>\n",
		(unsigned)rgb);
}

static void
put_points(FILE *stream, const char *element, const struct point *points,
	size_t count)
{
	fprintf(stream, "<%s points=\"", element);
	for (size_t k = 0; k < count; k++) {
		put_number(stream, k ? " " : "", points[k].x);
		put_number(stream, ",", points[k].y);
	}
}

static void
svg_area(struct figure *figure, const struct point *points, size_t count,
	uint32_t rgb)
{
	put_points(figure->stream, "polygon", points, count);
	fprintf(figure->stream, "\" fill=\"#%06x\"/>\n", (unsigned)rgb);
}

static void
svg_line(struct figure *figure, const struct point *points, size_t count,
	struct ink ink)
{
	FILE *stream = figure->stream;

	put_points(stream, "polyline", points, count);
	fprintf(stream, "\" fill=\"none\" stroke=\"#%06x\"", (unsigned)ink.rgb);
	put_attribute(stream, "stroke-width", ink.width);
	if (ink.dashed)
		fputs(" stroke-dasharray=\"3 2\"", stream);
	fputs(" stroke-linejoin=\"round\"/>\n", stream);
}

static void
svg_text(struct figure *figure, struct point at, struct type type,
	const char *text)
{
	FILE *stream = figure->stream;

	fputs("<text", stream);
	if (type.upright) {
		fputs(" transform=\"translate(", stream);
		put_number(stream, "", at.x);
		put_number(stream, " ", at.y);
		fputs(") rotate(-90)\"", stream);
	} else {
		put_attribute(stream, "x", at.x);
		put_attribute(stream, "y", at.y);
	}
	put_attribute(stream, "font-size", type.size);
	fprintf(stream, " font-family=\"%s\"", type.mono
		? "DejaVu Sans Mono, Menlo, Consolas, monospace"
		: "Helvetica, Arial, Liberation Sans, sans-serif");
	if (type.bold)
		fputs(" font-weight=\"bold\"", stream);
	if (type.anchor > 0)
		fprintf(stream, " text-anchor=\"%s\"", type.anchor < 1
			? "middle" : "end");
	fprintf(stream, " fill=\"#%06x\">", (unsigned)type.rgb);
	put_text(stream, text);
	fputs("</text>\n", stream);
}

/* Neighbours of one colour in one row. */
struct run {
	uint32_t rgb;
	int row, begin, end;
};

static int
run_compare(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	if (x->rgb != y->rgb)
		return x->rgb < y->rgb ? -1 : 1;
	if (x->row != y->row)
		return x->row - y->row;
	return x->begin - y->begin;
}

static size_t
find_runs(struct run *runs, int columns, int rows, const uint32_t *rgb)
{
	size_t count = 0;

	for (int r = 0; r < rows; r++)
		for (int c = 0; c < columns; c++) {
			uint32_t colour = rgb[r * columns + c];

			if (c > 0 && runs[count - 1].rgb == colour)
				runs[count - 1].end = c + 1;
			else
				runs[count++] = (struct run){ colour, r, c,
					c + 1 };
		}
	qsort(runs, count, sizeof *runs, run_compare);
	return count;
}

static void
svg_cells(struct figure *figure, struct box box, int columns, int rows,
	const uint32_t *rgb)
{
	FILE *stream = figure->stream;
	struct run *runs = xcalloc((size_t)columns * (size_t)rows,
		sizeof *runs);
	size_t count = find_runs(runs, columns, rows, rgb);

	/* One cell is 1 x 1 in here; edges crisp, or the page shines
	 * through between two cells. */
	fprintf(stream, "<g transform=\"translate(");
	put_number(stream, "", box.x);
	put_number(stream, " ", box.y);
	fprintf(stream, ") scale(%.6g %.6g)\" shape-rendering=\"crispEdges\">\n",
		box.width / columns, box.height / rows);
	for (size_t k = 0; k < count; k++) {
		const struct run *run = &runs[k];
		int n = run->end - run->begin;

		if (k == 0 || run->rgb != run[-1].rgb)
			fprintf(stream, "%s<path fill=\"#%06x\" d=\"",
				k ? "\"/>\n" : "", (unsigned)run->rgb);
		fprintf(stream, "M%d %dh%dv1h-%dz", run->begin, run->row, n,
			n);
	}
	fputs("\"/>\n</g>\n", stream);
	free(runs);
}

static void
svg_part(struct figure *figure, const char *name)
{
	struct svg *svg = (struct svg *)figure;

	if (svg->in_part)
		fputs("</g>\n", figure->stream);
	svg->in_part = name;
	if (name)
		fprintf(figure->stream, "<g id=\"%s\">\n", name);
}

static enum status
svg_close(struct figure *figure)
{
	svg_part(figure, NULL);
	fputs("</svg>\n", figure->stream);
	free(figure);
	return STATUS_OK;
}

const struct figure_backend figure_svg = {
	.name = "svg",
	.open = svg_open,
	.rect = svg_rect,
	.line = svg_line,
	.area = svg_area,
	.text = svg_text,
	.cells = svg_cells,
	.part = svg_part,
	.close = svg_close,
};
