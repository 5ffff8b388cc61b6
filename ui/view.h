/*
 * A view is one pane: a const table and one file. It reads the model and
 * writes cells; it changes the model through commands, or where the mouse
 * points at something of its own.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include <stdbool.h>

#include "ui/canvas.h"
#include "ui/model.h"

/* A word for the last line, behind the first key of each command: "[ ] t
 * tolerance". Names are those of command.def. Where the line has not room for
 * all but the extra ones, all of it is said in brief: "[]t tol". */
struct view_hint {
	const char *commands[3];
	const char *label;
	const char *brief;              /* NULL: as label */
	bool extra;
};

/* What a view shows rests on, and so must be computed before a picture of it
 * is whole: the selected layer, the cursor's cell, the window of channels and
 * positions, all layers of its list, or the picture of T. */
enum view_rests {
	RESTS_LAYER, RESTS_CELL, RESTS_WINDOW, RESTS_LAYERS, RESTS_PICTURE,
};

struct view_figure;

struct view_kind {
	const char *name;               /* ":pane map" */
	const char *title;              /* "MAP" */
	const struct view_hint *hints;  /* ended by a NULL label */
	int rows_min, columns_min;      /* below this it folds away */
	enum view_rests rests;
	void (*draw)(struct canvas *canvas, struct rect rect,
		const struct model *model);
	/* Before each frame: asks the session for what it shows and model_look
	 * does not, or, where the rect has no rows, no longer; NULL: nothing. */
	void (*look)(struct model *model, struct rect rect);
	/* The mouse, at a row and column of the rect; NULL: nothing. A click
	 * with model->grab GRAB_NONE is a press, else it is dragged. */
	void (*click)(struct model *model, struct rect rect, int row,
		int column);
	void (*wheel)(struct model *model, struct rect rect, int steps);
	const struct view_figure *figure;       /* on paper; NULL: none */
};

/* By enum pane; help is shown over them. */
extern const struct view_kind *const views[PANE_COUNT];
extern const struct view_kind view_layers, view_map, view_spectrum,
	view_profile, view_operator, view_text, view_help;

extern const char *const reducer_names[REDUCER_COUNT];
extern const char *const scale_names[SCALE_COUNT];

/* The pane of that name; false: there is none. */
bool view_find(enum pane *out, const char *name);

/* "layers, map, ...": for messages; out holds size bytes. */
void view_names(char *out, size_t size);

/* Rows of a view's rect behind its title line. */
struct rect view_body(struct rect rect);

/* The title line: the pane's name, lit where it has the focus, and what it
 * shows. */
void view_title(struct canvas *canvas, struct rect rect,
	const struct model *model, enum pane pane, const char *text);

/* A fact at the left end of *at, which then begins behind it. False, and
 * nothing is drawn, where it has not all its room: half a number is another
 * number. */
bool view_field(struct canvas *canvas, struct rect *at, colour fg,
	unsigned attributes, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Digits of the largest ceiling of a layer: counts are this wide, so that the
 * cursor's next step shifts nothing behind them. */
int view_digits(const struct layer *layer);

/* The selected layer's name in at most so many cells, for the caller to
 * free. */
char *view_layer_name(const struct model *model, int width);

/* Text over several lines, broken at blanks; returns the rows used. Without a
 * canvas, only those. */
int view_paragraph(struct canvas *canvas, struct rect rect, colour fg,
	const char *text);

/* The columns map and profile share, so that positions line up: a gutter for
 * labels, then pixels. */
enum { VIEW_GUTTER = 6 };
struct bins view_positions(const struct model *model, struct rect rect);

/* Keeps the help's first line within its text. */
void view_help_clamp(struct model *model, struct rect rect);

/* Brings the cursor's line of running text into its rect. */
void view_text_follow(struct model *model, struct rect rect);

/* So many lines down the text, to the token nearest below. */
void view_text_move(struct model *model, long steps);

/* The map's rows that a layer fills, at most `most`: a tall pane is of no use
 * to a single head. */
int view_map_rows(const struct model *model, int most);

/* The places of the list that so many rows show: *begin .. *end - 1. */
void view_layers_range(const struct model *model, int rows, size_t *begin,
	size_t *end);

/* A sentence about a layer without the names of the dump and of it, which stand
 * elsewhere. */
const char *view_reason(const char *sentence, const struct layer *layer);

/* Explains an empty pane: no layer, a broken one, a failed channel; without
 * the names of file and layer, which other places have. False when there is
 * nothing to explain. */
bool view_explain(struct canvas *canvas, struct rect rect,
	const struct model *model);

#endif
