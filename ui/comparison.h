/*
 * Two dumps compared, A and B: one cursor, one tolerance and one scale, and
 * A, B or A - B on the screen. Layers belong together by name, their cells by
 * channel and position. What belongs to nothing is left blank, and listed
 * (unmatched.c).
 */
#ifndef UI_COMPARISON_H
#define UI_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>

struct colour_scale;
struct dump;
struct layer;
struct layer_scales;
struct layer_stats;
struct measure_kind;
struct model;
struct pixel;

/* On the screen; of A - B and of A the model's dump is A. */
enum comparing {
	COMPARING_NOTHING, COMPARING_DIFFERENCE, COMPARING_B, COMPARING_A,
};

/* Where the colours of A - B end on either side: above the largest that was
 * there when all of the picture was, or that there is so far. */
struct difference_scale {
	const struct layer *layer;      /* whose, */
	const struct layer *beside;
	const struct measure_kind *measure;
	bool layer_rows;                /* and of which rows */
	double most;
	bool fixed;
};

struct comparison {
	enum comparing shows;
	size_t other;                   /* the dump that the model's is not */
	struct layer_stats **stats;     /* of its layers, as model's; owned */
	size_t stats_count;
	struct layer_scales *scales;    /* likewise */
	struct difference_scale scale;
};

bool comparison_on(const struct model *model);

/* A - B is on the screen. */
bool comparison_differs(const struct model *model);

/* The other dump; NULL: nothing is compared. */
struct dump *comparison_dump(const struct model *model);

/* "A", "B", "A-B", or "" where nothing is compared. */
const char *comparison_name(const struct model *model);

/* A or B; NULL: nothing is compared. */
struct dump *comparison_side(const struct model *model, char side);

/* The letter of the model's own dump, and of the other: 'A' and 'B' or the other
 * way round. */
char comparison_own(const struct model *model);
char comparison_theirs(const struct model *model);

/* The measure's title behind that. */
enum { COMPARISON_TITLE = 64 };
const char *comparison_title(char out[COMPARISON_TITLE],
	const struct model *model);

/* The other dump's layer of the same name as this one, or as the selected;
 * NULL: none, or none that can be shown. */
struct layer *comparison_match(const struct model *model,
	const struct layer *layer);
struct layer *comparison_layer(const struct model *model);

/* Its stats; NULL: not yet. */
const struct layer_stats *comparison_stats(const struct model *model,
	const struct layer *match);

/* The model with that layer of the other dump in place of its own, and with
 * nothing compared: to read from, while the model stays as it is. */
struct model comparison_other(const struct model *model, struct layer *match);

/* The model's own dump, with nothing compared: likewise. */
struct model comparison_alone(const struct model *model);

/* Compares with that dump, or no more. */
void comparison_begin(struct model *model, size_t other);
void comparison_end(struct model *model);

/* Goes on where that was on the screen, if it is another dump. */
void comparison_resume(struct model *model, size_t other,
	enum comparing shows);

/* Turns to A, B or A - B; false: there is no such layer in the other. */
bool comparison_show(struct model *model, enum comparing shows);

/* Before a frame: headers and statistics of the other dump's layers that
 * belong to the selected one and to places begin .. end - 1 of the list, for
 * so many seconds of CPU. True when there is more to do. */
bool comparison_work(struct model *model, size_t begin, size_t end,
	double seconds);

/* Makes a scale that of both. */
void comparison_widen(struct colour_scale *scale, const struct model *model);

/* The scale of A - B. While it has one to find, it comes from what the picture
 * of it shows: `whole` when nothing of that is still to come. */
struct colour_scale comparison_scale(const struct model *model);
bool comparison_sees(const struct model *model);
void comparison_see(struct model *model, const struct pixel *pixels,
	size_t count, bool whole);

/* Are the statistics of all layers of the list, and of what they are compared
 * with, of the tolerance and measure of now? Not *whole if of one there is more
 * to come. */
bool comparison_fresh(const struct model *model, bool *whole);

/* ESS of A less that of B, averages of the layer; NaN: not known, or not of
 * the same cells, as their shapes are others. */
double comparison_change(const struct model *model, size_t layer);

#endif
