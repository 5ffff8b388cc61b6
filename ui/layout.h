/*
 * Which panes a terminal of a given size has room for, and where. Panes fold
 * away as the window shrinks; one that has the focus is always there. A guest
 * pane takes the map's place while it is chosen (model_centre).
 */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include <stdbool.h>

#include "ui/canvas.h"
#include "ui/model.h"

enum { LAYOUT_ROWS_MIN = 5, LAYOUT_COLUMNS_MIN = 20 };

struct layout {
	bool small;                     /* too small for anything */
	struct rect name, slider;       /* the first line */
	struct rect body;               /* all of the panes; help fills it */
	struct rect panes[PANE_COUNT];  /* no rows: folded away */
	struct rect rule;               /* between left and right; or none */
	struct rect status;             /* the last line */
};

struct layout layout_new(const struct model *model, int rows, int columns);

/* The pane at a place; PANE_COUNT: none. */
enum pane layout_pane(const struct layout *layout, int row, int column);

#endif
