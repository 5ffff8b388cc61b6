/*
 * PDF and PNG through cairo. Its simple text takes one font and draws boxes
 * for what that lacks, so each run of characters is given the first font of
 * the system that has them (fontconfig).
 */
#include "config.h"

#include "ui/figure.h"

#ifdef HAVE_CAIRO

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "ui/cairo_load.h"

struct pages {
	struct figure figure;           /* first */
	cairo_t *cairo;
};

static cairo_status_t
put_bytes(void *closure, const unsigned char *data, unsigned int size)
{
	return fwrite(data, 1, size, closure) == size ? CAIRO_STATUS_SUCCESS
		: CAIRO_STATUS_WRITE_ERROR;
}

/* What cannot be written shows in the stream, whose owner says so. */
static enum status
check(cairo_status_t status)
{
	if (status == CAIRO_STATUS_SUCCESS
	    || status == CAIRO_STATUS_WRITE_ERROR)
		return STATUS_OK;
	return status_set(status == CAIRO_STATUS_NO_MEMORY ? STATUS_MEMORY
		: STATUS_VALUE, "the figure cannot be drawn: %s",
		cairo_lib.status_to_string(status));
}

static enum status
open_surface(struct figure **out, cairo_surface_t *surface, double scale)
{
	struct pages *pages;
	enum status status = check(cairo_lib.surface_status(surface));

	if (!status) {
		pages = xcalloc(1, sizeof *pages);
		pages->cairo = cairo_lib.create(surface);
		cairo_lib.scale(pages->cairo, scale, scale);
		*out = &pages->figure;
	}
	cairo_lib.surface_destroy(surface);
	return status;
}

static enum status
pdf_open(struct figure **out, FILE *stream, struct figure_size size)
{
	enum status status = cairo_load();

	if (status)
		return status;
	return open_surface(out, cairo_lib.pdf_surface_create_for_stream(
		put_bytes, stream, size.width, size.height), 1);
}

static enum status
png_open(struct figure **out, FILE *stream, struct figure_size size)
{
	double scale = size.dpi / 72;
	enum status status = cairo_load();

	(void)stream;
	if (status)
		return status;
	return open_surface(out, cairo_lib.image_surface_create(
		CAIRO_FORMAT_RGB24, (int)lround(scale * size.width),
		(int)lround(scale * size.height)), scale);
}

static cairo_t *
cairo_of(struct figure *figure)
{
	return ((struct pages *)figure)->cairo;
}

static void
set_colour(cairo_t *cairo, uint32_t rgb)
{
	cairo_lib.set_source_rgb(cairo, (rgb >> 16) / 255.0,
		(rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

/* Sharp edges, so that neighbours leave no seam. */
static void
pages_rect(struct figure *figure, struct box box, uint32_t rgb)
{
	cairo_t *cairo = cairo_of(figure);

	set_colour(cairo, rgb);
	cairo_lib.set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
	cairo_lib.rectangle(cairo, box.x, box.y, box.width, box.height);
	cairo_lib.fill(cairo);
	cairo_lib.set_antialias(cairo, CAIRO_ANTIALIAS_DEFAULT);
}

static void
pages_line(struct figure *figure, const struct point *points, size_t count,
	struct ink ink)
{
	cairo_t *cairo = cairo_of(figure);
	const double dashes[] = { 3, 2 };

	set_colour(cairo, ink.rgb);
	cairo_lib.set_line_width(cairo, ink.width);
	cairo_lib.set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
	cairo_lib.set_dash(cairo, dashes, ink.dashed ? 2 : 0, 0);
	for (size_t k = 0; k < count; k++)
		cairo_lib.line_to(cairo, points[k].x, points[k].y);
	cairo_lib.stroke(cairo);
}

static void
pages_area(struct figure *figure, const struct point *points, size_t count,
	uint32_t rgb)
{
	cairo_t *cairo = cairo_of(figure);

	set_colour(cairo, rgb);
	for (size_t k = 0; k < count; k++)
		cairo_lib.line_to(cairo, points[k].x, points[k].y);
	cairo_lib.fill(cairo);
}

static FcPattern *
find_font(struct type type, uint32_t code)
{
	FcPattern *wanted = fc_lib.PatternCreate(), *found;
	FcCharSet *characters = fc_lib.CharSetCreate();
	FcResult result;

	fc_lib.CharSetAddChar(characters, code);
	fc_lib.PatternAddString(wanted, FC_FAMILY, (const FcChar8 *)(type.mono
		? "DejaVu Sans Mono" : "Helvetica"));
	if (!type.mono)
		fc_lib.PatternAddString(wanted, FC_FAMILY,
			(const FcChar8 *)"Liberation Sans");
	fc_lib.PatternAddString(wanted, FC_FAMILY, (const FcChar8 *)(type.mono
		? "monospace" : "sans-serif"));
	fc_lib.PatternAddCharSet(wanted, FC_CHARSET, characters);
	fc_lib.PatternAddInteger(wanted, FC_WEIGHT, type.bold ? FC_WEIGHT_BOLD
		: FC_WEIGHT_REGULAR);
	fc_lib.PatternAddBool(wanted, FC_SCALABLE, FcTrue);
	fc_lib.ConfigSubstitute(NULL, wanted, FcMatchPattern);
	fc_lib.DefaultSubstitute(wanted);
	found = fc_lib.FontMatch(NULL, wanted, &result);
	fc_lib.CharSetDestroy(characters);
	fc_lib.PatternDestroy(wanted);
	return found;
}

/* Sets the font that has this character. */
static void
set_font(cairo_t *cairo, struct type type, uint32_t code)
{
	FcPattern *pattern = find_font(type, code);
	cairo_font_face_t *face;

	if (!pattern)
		return;
	face = cairo_lib.ft_font_face_create_for_pattern(pattern);
	cairo_lib.set_font_face(cairo, face);
	cairo_lib.set_font_size(cairo, type.size);
	cairo_lib.font_face_destroy(face);
	fc_lib.PatternDestroy(pattern);
}

/* A run of text in one font. */
struct glyphs {
	cairo_glyph_t *items;
	int count;
};

/* Does the font set now have all that the run needs? Its glyphs, from x on,
 * are the caller's for cairo_glyph_free. */
static bool
shape(struct glyphs *out, cairo_t *cairo, double x, const char *text,
	size_t size)
{
	struct glyphs glyphs = { 0 };

	if (cairo_lib.scaled_font_text_to_glyphs(
		cairo_lib.get_scaled_font(cairo), x, 0, text, (int)size,
		&glyphs.items, &glyphs.count, NULL, NULL, NULL))
		return false;
	*out = glyphs;
	for (int k = 0; k < glyphs.count; k++)
		if (glyphs.items[k].index == 0)
			return false;
	return true;
}

/* Draws a text from (0, 0) on, or only measures it; returns its width. Each
 * character takes the font of the one before where that has it. */
static double
put_runs(cairo_t *cairo, struct type type, const char *text, bool draw)
{
	double x = 0;

	set_font(cairo, type, 'x');
	while (*text) {
		struct glyphs glyphs = { 0 };
		cairo_text_extents_t extents;
		uint32_t code;
		size_t n = figure_character(&code, text);

		if (!shape(&glyphs, cairo, x, text, n)) {
			cairo_lib.glyph_free(glyphs.items);
			glyphs = (struct glyphs){ 0 };
			set_font(cairo, type, code);
			shape(&glyphs, cairo, x, text, n);
		}
		if (draw)
			cairo_lib.show_glyphs(cairo, glyphs.items,
				glyphs.count);
		cairo_lib.glyph_extents(cairo, glyphs.items, glyphs.count,
			&extents);
		x += extents.x_advance;
		cairo_lib.glyph_free(glyphs.items);
		text += n;
	}
	return x;
}

static void
pages_text(struct figure *figure, struct point at, struct type type,
	const char *text)
{
	cairo_t *cairo = cairo_of(figure);

	cairo_lib.save(cairo);
	set_colour(cairo, type.rgb);
	cairo_lib.translate(cairo, at.x, at.y);
	if (type.upright)
		cairo_lib.rotate(cairo, -M_PI / 2);
	if (type.anchor > 0)
		cairo_lib.translate(cairo, -type.anchor
			* put_runs(cairo, type, text, false), 0);
	put_runs(cairo, type, text, true);
	cairo_lib.restore(cairo);
}

static void
pages_cells(struct figure *figure, struct box box, int columns, int rows,
	const uint32_t *rgb)
{
	cairo_t *cairo = cairo_of(figure);
	cairo_surface_t *image = cairo_lib.image_surface_create(
		CAIRO_FORMAT_RGB24, columns, rows);
	unsigned char *data = cairo_lib.image_surface_get_data(image);
	size_t stride = (size_t)cairo_lib.image_surface_get_stride(image);

	cairo_lib.surface_flush(image);
	for (int r = 0; data && r < rows; r++)
		memcpy(data + (size_t)r * stride, rgb + (size_t)r
			* (size_t)columns, (size_t)columns * sizeof *rgb);
	cairo_lib.surface_mark_dirty(image);
	cairo_lib.save(cairo);
	cairo_lib.translate(cairo, box.x, box.y);
	cairo_lib.scale(cairo, box.width / columns, box.height / rows);
	cairo_lib.set_source_surface(cairo, image, 0, 0);
	cairo_lib.pattern_set_filter(cairo_lib.get_source(cairo),
		CAIRO_FILTER_NEAREST);
	cairo_lib.rectangle(cairo, 0, 0, columns, rows);
	cairo_lib.set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
	cairo_lib.fill(cairo);
	cairo_lib.restore(cairo);
	cairo_lib.surface_destroy(image);
}

static void
pages_part(struct figure *figure, const char *name)
{
	(void)figure, (void)name;
}

static enum status
close_pages(struct figure *figure, bool png)
{
	cairo_t *cairo = cairo_of(figure);
	cairo_surface_t *surface = cairo_lib.surface_reference(
		cairo_lib.get_target(cairo));
	enum status status = check(cairo_lib.status(cairo));

	cairo_lib.destroy(cairo);
	if (!status && png)
		status = check(cairo_lib.surface_write_to_png_stream(surface,
			put_bytes, figure->stream));
	cairo_lib.surface_finish(surface);
	if (!status)
		status = check(cairo_lib.surface_status(surface));
	cairo_lib.surface_destroy(surface);
	free(figure);
	return status;
}

static enum status
pdf_close(struct figure *figure)
{
	return close_pages(figure, false);
}

static enum status
png_close(struct figure *figure)
{
	return close_pages(figure, true);
}

#define PAGES .rect = pages_rect, .line = pages_line, .area = pages_area, \
	.text = pages_text, .cells = pages_cells, .part = pages_part

const struct figure_backend figure_pdf = {
	.name = "pdf", .open = pdf_open, PAGES, .close = pdf_close,
};

const struct figure_backend figure_png = {
	.name = "png", .open = png_open, PAGES, .close = png_close,
};

#else

#define LACKS(format) "this esscope was built without cairo and cannot write " \
	format "; SVG needs nothing: give the file a name that ends in .svg"

const struct figure_backend figure_pdf = {
	.name = "pdf", .lacks = LACKS("PDF"),
};

const struct figure_backend figure_png = {
	.name = "png", .lacks = LACKS("PNG"),
};

#endif
