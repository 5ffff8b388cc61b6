/*
 * Expected frames in tests: screen_is(canvas, "line\n" "line\n", what).
 */
#ifndef TESTS_UI_SCREEN_H
#define TESTS_UI_SCREEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "ui/canvas.h"

static inline void
screen_is(const struct canvas *canvas, const char *expected, const char *what)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	canvas_print(file, canvas);
	fclose(file);
	if (!ok(!strcmp(text, expected), "%s", what))
		fprintf(stderr, "# found:\n%s# expected:\n%s", text, expected);
	free(text);
}

#endif
