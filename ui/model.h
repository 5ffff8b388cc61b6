/*
 * What the screen is about: one selection (dump, layer, channel, position),
 * one tolerance, one measure, and how they are shown. Commands change it,
 * views read it; it draws nothing. One thread.
 */
#ifndef UI_MODEL_H
#define UI_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/measure.h"
#include "core/session.h"
#include "core/status.h"
#include "ui/bins.h"
#include "ui/channel_order.h"
#include "ui/colour.h"
#include "ui/colour_scale.h"
#include "ui/comparison.h"
#include "ui/layer_list.h"
#include "ui/prompt.h"

struct completion;
struct delimiters;
struct history;
struct keymap;
struct layer_band;
struct layer_curve;
struct layer_scales;
struct layer_stats;
struct map_picture;
struct measure_kind;
struct search;
struct seen;
struct text_lines;
struct script;
struct trail;

/* The first four stand beside each other; the others are guests: one of them
 * takes the map's place while it is chosen. */
enum pane {
	PANE_LAYERS, PANE_MAP, PANE_SPECTRUM, PANE_PROFILE, PANE_OPERATOR,
	PANE_TEXT, PANE_COUNT,
};

/* What covers the panes while help is true. */
enum page {
	PAGE_HELP, PAGE_MARKS, PAGE_DEFINE, PAGE_COLOURS, PAGE_UNMATCHED,
};

/* What stands for several cells that share a pixel. */
enum reducer { REDUCER_MAX, REDUCER_MEAN, REDUCER_MIN, REDUCER_COUNT };

/* Where the colour scale ends: never moved by the tolerance, so that a colour
 * means the same number from step to step. Seen: a little above what there
 * was when the layer was first complete or the scale was chosen. Auto: the
 * ceiling, but seen where TSS grows with i. */
enum scale_basis { SCALE_AUTO, SCALE_CEILING, SCALE_SEEN, SCALE_COUNT };

/* A window onto one axis: its length halves with each level of zoom. */
enum { WINDOW_ZOOM_MAX = 40 };
struct window {
	size_t begin;
	int zoom;
};

/* The cursor in T, and the square window onto it. It belongs to a position:
 * once that has moved, the cursor is at the corner of its H_i, the entry from
 * token i-1 to output i. */
struct operator_cursor {
	size_t position;
	size_t row, column;
	struct window rows, columns;    /* of the same zoom */
};

/* How far the walk along the drops of a channel has come (action_drop.c). */
struct drop_walk {
	const struct layer *layer;
	const struct measure_kind *measure;
	struct tolerance tolerance;
	size_t channel, position;       /* of the last; 0: none yet */
	size_t rank;
	double size;
};

/* T with its sign, 0 in the middle of the colours, in place of |T|: by log10 |T|
 * on either side, or by T itself. */
enum signs { SIGNS_NONE, SIGNS_LOG, SIGNS_LINEAR, SIGNS_COUNT };
extern const char *const signs_names[SIGNS_COUNT];

/* The colours of |T|: set when a layer's first picture is whole, and the same
 * for all of its channels and windows. log10. */
struct operator_scale {
	const struct layer *layer;      /* NULL: not known yet */
	double low, high;
};

/* The running text: its lines at the width it was last shown in, and the first
 * token of the line at the top. */
struct text_view {
	struct text_lines *lines;       /* owned; may be NULL */
	const struct layer *layer;
	int columns;
	bool unicode;
	size_t top;
};

/* What is to leave the screen: for the event loop, which writes it. */
struct wish {
	char *export;                   /* a path; owned; NULL: none */
	char *marks;                    /* likewise, for the list of marks */
	bool over;                      /* even over a file that is there */
	bool scripted;                  /* nobody is there to be asked */
	char *asked;                    /* the path whose cost was said; owned,
					 * or NULL */
	bool under_way;                 /* an export is; */
	bool drop;                      /* give it up */
	bool failed;                    /* the last one did */
	char *copy;                     /* for the clipboard; owned, or NULL */
};

/* What the frame before cost, for who sits behind a slow line. */
struct hud {
	bool shown;
	long bytes;                     /* -1: not known */
	double ms;                      /* from the model to the terminal */
	unsigned long dropped;          /* keys that had no frame of their own */
};

/* What the mouse holds on to between press and release. */
enum grab {
	GRAB_NONE, GRAB_SLIDER, GRAB_PANE, GRAB_TEXT, GRAB_OVERVIEW_ACROSS,
	GRAB_OVERVIEW_DOWN,
};

struct model {
	struct session *session;
	struct keymap *keymap;          /* owned */
	size_t dump, layer;             /* which of the session's */
	struct comparison comparison;   /* with another of its dumps */
	struct layer_list list;         /* the order and filter of the layers */
	size_t channel, position;       /* the cursor */
	size_t anchor;                  /* a span from here to it; 0: none */
	struct window channels, positions;      /* channels: places */
	struct channel_order order;     /* of the channels */
	bool layer_rows;                /* the map's rows are layers */
	int pixel_rows, pixel_columns;  /* of the map, or T, as last drawn */
	struct operator_cursor entry;   /* see model_entry */
	struct operator_scale operator_scale;
	enum signs signs;
	bool paper;                     /* T is wanted for a figure as well */
	struct tolerance tolerance;
	const struct measure_kind *measure;
	enum reducer reducer;
	enum scale_basis basis;
	struct colour_limits limits;    /* of the colours, instead of that */
	enum spacing spacing;
	struct look look;               /* of the terminal; the palette is ours */

	enum pane focus;
	enum pane guest;                /* in the map's place; PANE_MAP: none */
	bool full;                      /* the focused pane fills the screen */
	bool help;                      /* a page over the panes */
	enum page page;
	int help_row;
	char *help_needle;              /* what / looks for there; owned */
	int help_match;                 /* the line found; -1: none */
	int help_seek;                  /* find it: 1 on, -1 back, 0 done */
	struct prompt prompt;
	struct script *script;          /* lines to come; owned */
	int rows, columns;              /* of the screen drawn last */
	struct trail *trail;            /* marks, jumps, undo; owned */
	struct seen *seen;              /* the dumps before; owned */
	struct history *history;        /* what it was given; owned */
	struct completion *completion;  /* what Tab offers; owned, or NULL */
	char *message;                  /* owned; NULL: none */
	bool warning;                   /* it is an error */
	char *needle;                   /* what / looks for; owned */
	enum colour_mode colours;       /* what the screen was opened with */
	enum colour_mode colours_most;  /* what it can be told to show */
	char **themes;                  /* their folders, NULL-ended; owned */
	bool mouse;                     /* the screen's; else the terminal's */
	bool plain;                     /* a terminal without such things */
	bool unbracketed;               /* no synchronized output */
	enum grab grab;

	struct layer_stats **stats;     /* one a layer of the dump */
	size_t stats_count;
	struct layer_scales *scales;    /* likewise, beyond the dump */
	struct layer_band *band;        /* of the profile; may be NULL */
	struct map_picture *map_picture;        /* owned, as the next */
	struct map_picture *channel_picture;    /* the cursor's channel, */
	struct map_picture *beside_picture;     /* and compared with it */
	bool map_more;                  /* more is known than they show */
	bool map_behind;                /* they show not yet what is asked */
	struct drop_walk drop;
	struct search *search;          /* under way; owned, or NULL */
	double turn_left;               /* seconds of CPU: see spell.h */
	struct hud hud;
	struct text_view text;
	struct text_ring *text_ring;    /* of the profile; owned */
	struct delimiters *delimiters;  /* of the text; owned */
	struct layer_curve *curve;      /* of the selected layer; may be NULL */
	bool curve_shown;               /* where bars and it have not room */
	unsigned long results;          /* grows as results come in */

	bool quit, suspend, repaint;    /* asked of the event loop */
	struct wish wish;               /* likewise */
};

/* The first layer that can be shown, else 0; headers are read up to it. */
size_t model_usable_layer(struct dump *dump);

/* Starts in the middle of that layer. The session is borrowed. */
struct model *model_new(struct session *session, struct tolerance tol,
	struct look look);
void model_free(struct model *model);

/* The selected layer; NULL when the dump has none. */
struct layer *model_layer(const struct model *model);
struct dump *model_dump(const struct model *model);

/* The layer can be shown: its headers are read and sound. Of the selected one,
 * if there is one. */
bool model_shows(const struct layer *layer);
bool model_ready(const struct model *model);

/* Another session of the same paths takes the place of this one: the cursor,
 * the windows and the tolerance stay. The old one is the caller's. */
void model_reopen(struct model *model, struct session *session);

void model_select_dump(struct model *model, size_t dump);
void model_select_layer(struct model *model, size_t layer);

/* That dump and layer, with the statistics that the model has been given. */
void model_take_dump(struct model *model, size_t dump, size_t layer);

/* The dump as it is with another element of its batch axes. */
enum status model_select_batch(struct model *model, size_t element);

/* Gives a pane the focus; a guest then stands in the map's place until the map
 * itself has it. */
void model_focus(struct model *model, enum pane pane);

/* The pane that stands in the map's place now. */
enum pane model_centre(const struct model *model);

/* Clamped to the layer; the windows follow. */
void model_set_position(struct model *model, size_t position);
void model_set_channel(struct model *model, size_t channel);
void model_move_position(struct model *model, long steps);
void model_move_channel(struct model *model, long steps);

/* The positions between the anchor and the cursor, with both: the first, and
 * how many; false: there is no span. */
bool model_span(size_t *first, size_t *count, const struct model *model);

/* The cursor in T, row >= column, and the windows that show it. */
struct operator_cursor model_entry(const struct model *model);
/* Those, as near as the layer allows. */
void model_put_entry(struct model *model, struct operator_cursor entry);
void model_set_entry(struct model *model, size_t row, size_t column);
void model_zoom_entry(struct model *model, int steps);
/* Rows, or columns, of T that the window shows. */
struct bins model_row_bins(const struct model *model, int pixels);
struct bins model_column_bins(const struct model *model, int pixels);

/* Helpers of the windows: the cells of `total` shown at a zoom, and the window
 * moved so that it shows the cursor. */
size_t window_count(size_t total, int zoom);
void window_follow(struct window *window, size_t first, size_t total,
	size_t count, size_t cursor);
/* Where it begins at another count, the cursor at the same place. */
size_t window_zoomed(const struct window *window, size_t cursor, size_t old,
	size_t new);

void model_zoom_positions(struct model *model, int steps);
void model_zoom_channels(struct model *model, int steps);
void model_zoom_all(struct model *model);

/* The window's cells over so many pixels; nothing where the layer is not
 * ready. */
struct bins model_position_bins(const struct model *model, int pixels);
struct bins model_channel_bins(const struct model *model, int pixels);

/* Spectrum at the cursor, as session_spectrum gives it. */
bool model_spectrum(struct spectrum *out, const struct model *model);

/* Why the cursor's channel cannot be computed, or NULL. */
const char *model_failure(const struct model *model);

/* The measure of one cell; false while it is not known. */
bool model_value(double *out, const struct model *model, size_t channel,
	size_t position);

/* The scale of what is shown, as the layer has it: that of curves. Colours may
 * have another, see colour_scale_of. */
struct colour_scale model_scale(const struct model *model);

/* Directs the workers to what is selected and shown. */
void model_look(struct model *model);

/* Says something in the last line until the next key. */
void model_say(struct model *model, bool warning, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void model_hush(struct model *model);

#endif
