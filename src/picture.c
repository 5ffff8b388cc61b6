#include "src/picture.h"

#include <stdlib.h>
#include <string.h>

#include "src/settle.h"
#include "ui/canvas.h"
#include "ui/caption.h"
#include "ui/figure_page.h"
#include "ui/figure_screen.h"
#include "ui/screen.h"
#include "ui/view.h"

static struct canvas *
draw(const struct picture *picture)
{
	struct canvas *canvas = canvas_new(picture->model->look);

	canvas_reset(canvas, picture->rows, picture->columns);
	if (picture->view == SETTLE_SCREEN)
		screen_draw(canvas, picture->model);
	else
		views[picture->view]->draw(canvas, (struct rect){ 0, 0,
			picture->rows, picture->columns }, picture->model);
	return canvas;
}

/* A screen says all this itself. */
static void
write_caption(FILE *stream, const struct picture *picture)
{
	char *lines[3];

	if (picture->view == SETTLE_SCREEN)
		return;
	lines[0] = caption_definition(picture->model);
	lines[1] = caption_place(picture->model, (enum pane)picture->view);
	lines[2] = caption_source(picture->model);
	putc('\n', stream);
	for (int k = 0; k < 3; k++) {
		fprintf(stream, "%s\n", lines[k]);
		free(lines[k]);
	}
}

static enum status
write_text(FILE *stream, const struct picture *picture)
{
	struct canvas *canvas = draw(picture);

	canvas_print(stream, canvas);
	write_caption(stream, picture);
	canvas_free(canvas);
	return STATUS_OK;
}

static enum status
write_ansi(FILE *stream, const struct picture *picture)
{
	struct canvas *canvas = draw(picture);

	canvas_print_ansi(stream, canvas);
	write_caption(stream, picture);
	canvas_free(canvas);
	return STATUS_OK;
}

static enum status
write_figure(FILE *stream, const struct picture *picture,
	const struct figure_backend *backend)
{
	struct canvas *canvas;
	enum status status;

	if (picture->view != SETTLE_SCREEN)
		return figure_page(backend, stream, picture->model,
			(enum pane)picture->view);
	canvas = draw(picture);
	status = figure_screen(backend, stream, canvas);
	canvas_free(canvas);
	return status;
}

static enum status
write_svg(FILE *stream, const struct picture *picture)
{
	return write_figure(stream, picture, &figure_svg);
}

static enum status
write_pdf(FILE *stream, const struct picture *picture)
{
	return write_figure(stream, picture, &figure_pdf);
}

static enum status
write_png(FILE *stream, const struct picture *picture)
{
	return write_figure(stream, picture, &figure_png);
}

const struct picture_format picture_formats[] = {
	{ "txt", false, write_text },
	{ "ans", true, write_ansi },
	{ "svg", true, write_svg },
	{ "pdf", true, write_pdf },
	{ "png", true, write_png },
	{ NULL, false, NULL },
};

const struct picture_format *
picture_format_find(const char *name)
{
	for (size_t k = 0; picture_formats[k].name; k++)
		if (!strcmp(picture_formats[k].name, name))
			return &picture_formats[k];
	return NULL;
}

const struct picture_format *
picture_format_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && !strchr(dot, '/') ? picture_format_find(dot + 1) : NULL;
}

void
picture_format_names(char *out, size_t size)
{
	size_t used = 0;

	for (size_t k = 0; picture_formats[k].name && used < size; k++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
			k ? ", " : "", picture_formats[k].name);
}
