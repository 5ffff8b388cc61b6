/*
 * A model over a real dump, all of it computed, for tests of the screen.
 */
#ifndef TESTS_UI_MODEL_OF_H
#define TESTS_UI_MODEL_OF_H

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/session.h"
#include "core/util.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/model.h"
#include "ui/screen.h"
#include "ui/tty.h"

/* The sample of that name in the source tree. */
static inline char *
sample_path(const char *name)
{
	const char *srcdir = getenv("srcdir");

	return xasprintf("%s/samples/%s", srcdir ? srcdir : ".", name);
}

static inline struct session *
session_of(char *path)
{
	struct session *session;
	char *paths[] = { path };

	if (session_open(&session, paths, 1, (struct session_options){ 0 })) {
		printf("Bail out! %s\n", status_text());
		exit(1);
	}
	return session;
}

/* Lets the workers finish everything a screen of that size wants. */
static inline void
model_finish_at(struct model *model, int rows, int columns)
{
	struct pollfd fd = { session_fd(model->session), POLLIN, 0 };

	do {
		screen_update(model, rows, columns);
		poll(&fd, 1, 20);
		if (session_collect(model->session))
			model->results++;
	} while (session_progress(model->session).busy);
	while (screen_update(model, rows, columns))
		;
}

static inline void
model_finish(struct model *model)
{
	model_finish_at(model, 50, 160);
}

static inline struct model *
model_of(char *path, struct look look)
{
	struct model *model = model_new(session_of(path), TOLERANCE_DEFAULT,
		look);

	model_finish(model);
	return model;
}

static inline void
model_close(struct model *model)
{
	struct session *session = model->session;

	model_free(model);
	session_close(session);
}

static inline void
press(struct model *model, const char *keys)
{
	for (; *keys; keys++)
		input_event(model, 24, 80,
			&(struct event){ .key = (unsigned char)*keys });
}

/* One frame as text, for the caller to free. */
static inline char *
frame(struct model *model, int rows, int columns)
{
	struct canvas *canvas = canvas_new(model->look);
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	while (screen_update(model, rows, columns))
		;
	canvas_reset(canvas, rows, columns);
	screen_draw(canvas, model);
	canvas_print(file, canvas);
	fclose(file);
	canvas_free(canvas);
	return text;
}

/* Does a frame of that size hold the text? Prints the frame if not. */
static inline bool
shows(struct model *model, int rows, int columns, const char *text)
{
	char *found = frame(model, rows, columns);
	bool held = strstr(found, text) != NULL;

	if (!held)
		fprintf(stderr, "# no \"%s\" in\n%s", text, found);
	free(found);
	return held;
}

#endif
