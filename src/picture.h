/*
 * A view as a file: text, text with colours. A format is one line of
 * picture_formats; what is drawn comes from the views themselves.
 */
#ifndef SRC_PICTURE_H
#define SRC_PICTURE_H

#include <stdio.h>

#include "core/status.h"
#include "ui/colour.h"
#include "ui/model.h"

struct picture {
	struct model *model;            /* settled */
	int view;                       /* enum pane, or SETTLE_SCREEN */
	int rows, columns;              /* of the canvas */
};

struct picture_format {
	const char *name;               /* as in --format, and behind a dot */
	bool colours;
	enum status (*write)(FILE *stream, const struct picture *picture);
};

extern const struct picture_format picture_formats[];   /* NULL-named end */

/* By name; NULL: none. */
const struct picture_format *picture_format_find(const char *name);

/* By what follows the last dot of a path; NULL: none. */
const struct picture_format *picture_format_of(const char *path);

/* "txt, ans": for messages; out holds size bytes. */
void picture_format_names(char *out, size_t size);

#endif
