#include "src/picture.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "src/numbers.h"
#include "src/output.h"
#include "src/settle.h"
#include "src/writer.h"
#include "ui/canvas.h"
#include "ui/caption.h"
#include "ui/figure_page.h"
#include "ui/figure_screen.h"
#include "ui/figure_tape.h"
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
	char *lines[4];

	if (picture->view == SETTLE_SCREEN)
		return;
	lines[0] = figure_definition(picture->model,
		(enum pane)picture->view);
	lines[1] = caption_place(picture->model, (enum pane)picture->view);
	lines[2] = caption_source(picture->model);
	lines[3] = caption_compared(picture->model);
	putc('\n', stream);
	for (size_t k = 0; k < LENGTH(lines); k++) {
		if (lines[k])
			fprintf(stream, "%s\n", lines[k]);
		free(lines[k]);
	}
}

/* Where colours get lost, shades say what they said. */
static enum status
write_text(FILE *stream, const struct picture *picture)
{
	struct model plain = *picture->model;
	struct picture shown = *picture;
	struct canvas *canvas;

	plain.look = look_with(&picture->model->look, COLOUR_MONO,
		plain.look.light);
	shown.model = &plain;
	canvas = draw(&shown);
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
draw_figure(FILE *tape, const struct picture *picture)
{
	struct canvas *canvas;
	enum status status;

	if (picture->view != SETTLE_SCREEN)
		return figure_page(&figure_tape, tape, picture->model,
			(enum pane)picture->view);
	canvas = draw(picture);
	status = figure_screen(&figure_tape, tape, canvas);
	canvas_free(canvas);
	return status;
}

enum status
picture_note(char **tape, size_t *size, const struct picture *picture)
{
	char *text = NULL;
	FILE *stream = open_memstream(&text, size);
	enum status status;

	if (!stream)
		return status_set(STATUS_MEMORY, "no memory for a figure");
	status = draw_figure(stream, picture);
	if (fclose(stream) && !status)
		status = status_set(STATUS_MEMORY, "no memory for a figure");
	if (status)
		free(text);
	else
		*tape = text;
	return status;
}

static enum status
write_figure(const struct picture_format *format,
	const struct picture *picture)
{
	size_t size;
	char *tape;
	enum status status = picture_note(&tape, &size, picture);

	if (status)
		return status;
	status = figure_play(format->figure, output_stream(picture->output),
		tape, size, NULL);
	free(tape);
	return status;
}

const struct picture_format picture_formats[] = {
	{ .name = "txt", .write = write_text, .cells = true },
	{ .name = "ans", .write = write_ansi, .colours = true,
		.cells = true },
	{ .name = "svg", .figure = &figure_svg, .colours = true },
	{ .name = "pdf", .figure = &figure_pdf, .colours = true },
	{ .name = "png", .figure = &figure_png, .colours = true },
	{ .name = "tsv", .numbers = true, .writer = &writer_tsv },
	{ .name = "csv", .numbers = true, .writer = &writer_csv },
	{ .name = "jsonl", .numbers = true, .writer = &writer_jsonl },
	{ .name = "npy", .numbers = true },
	{ .name = NULL },
};

static enum status
write_numbers(const struct picture_format *format,
	const struct picture *picture)
{
	struct numbers *numbers = NULL;
	enum status status;
	bool done = false;

	if (picture->view == SETTLE_SCREEN)
		return status_set(STATUS_USAGE, "a screen has no numbers to "
			"write as %s; name one --view", format->name);
	status = numbers_new(&numbers, picture->model,
		(enum pane)picture->view, format->writer, picture->output);
	while (!status && !done)
		status = numbers_step(numbers, &done);
	numbers_free(numbers);
	return status;
}

enum status
picture_write(const struct picture_format *format,
	const struct picture *picture)
{
	if (format->numbers)
		return write_numbers(format, picture);
	if (format->figure)
		return write_figure(format, picture);
	return format->write(output_stream(picture->output), picture);
}

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
