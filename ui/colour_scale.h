/*
 * From a value to its place among the colours of the map: between which ends,
 * and spread over them how. Ends are what the layer's measure makes them
 * (layer_scale), or what was set by hand.
 */
#ifndef UI_COLOUR_SCALE_H
#define UI_COLOUR_SCALE_H

#include <stdbool.h>

struct measure_kind;
struct model;

/* A measure on a log axis is spread over it whatever is set. */
enum spacing {
	SPACING_LINEAR, SPACING_LOG, SPACING_SQRT, SPACING_COUNT,
};
extern const char *const spacing_names[SPACING_COUNT];

enum { SCALE_BASIS = 64 };
struct colour_scale {
	double low, high;               /* of log measures log10 */
	double least, most;             /* ever seen: may be beyond; of other
					 * than log measures the most alone */
	enum spacing spacing;
	double from;                    /* log: less, but more than 0, is as */
	bool limited;                   /* ends set by hand */
	char basis[SCALE_BASIS];        /* what high is, in words */
};

/* The scale of a curve: colours may end before what there is, that may not. */
struct colour_scale colour_scale_whole(struct colour_scale scale);

/* Ends set by hand, of that measure and for every layer, in its own unit. */
struct colour_limits {
	const struct measure_kind *measure;     /* NULL: none */
	double low, high;
};

/* An end above that: the least of 1, 2, 3, 4, 5, 6, 8, 10 times a power of ten
 * that is not below x > 0. */
double colour_scale_round(double x);

/* 0 to 1; beyond the ends less or more. 0 is for low and what is less. */
double colour_scale_place(const struct colour_scale *scale, double value);

/* A value that is more than nothing, but less than the colours tell. */
bool colour_scale_below(const struct colour_scale *scale, double value);

/* What the model sets by hand instead of a layer's own. */
void colour_scale_adjust(struct colour_scale *scale,
	const struct model *model);

/* What stands behind its numbers: "of TSS, log from 1e-3 on". */
enum { SCALE_WORDS = 2 * SCALE_BASIS };
void colour_scale_words(char out[SCALE_WORDS],
	const struct colour_scale *scale, const struct model *model);

/* model_scale, adjusted: for colours of the selected layer alone. */
struct colour_scale colour_scale_of(const struct model *model);

/* Ends from text, "2,14"; false: none, or not in this order. */
bool colour_limits_read(struct colour_limits *out, const char *text,
	const struct measure_kind *measure);

/* They hold for what the model shows. */
bool colour_limits_hold(const struct model *model);

#endif
