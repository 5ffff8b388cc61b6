/*
 * What the operator view reads: T of the selected channel as the session's
 * workers have made it so far, by pixel and by entry.
 */
#ifndef UI_OPERATOR_PICTURE_H
#define UI_OPERATOR_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/pooled.h"
#include "ui/bins.h"
#include "ui/heatmap.h"
#include "ui/model.h"
#include "ui/plot.h"

struct operator_picture {
	const struct pooled *block;     /* of these bins; NULL: nothing yet */
	const struct pooled *row;       /* the cursor's, where the block keeps
					 * no entries; or NULL */
	struct bins rows, columns;
	struct operator_cursor entry;
};

/* Asks the session for it. */
void operator_picture_look(struct model *model, const struct bins *rows,
	const struct bins *columns);

/* No longer: what is not whole yet is given up. */
void operator_picture_leave(struct model *model);

struct operator_picture operator_picture_get(const struct model *model,
	const struct bins *rows, const struct bins *columns);

/* The group of a pixel; NULL: not formed yet. */
const struct pooled_group *operator_picture_group(
	const struct operator_picture *picture, int row, int column);

/* Wholly above the diagonal? */
bool operator_picture_above(const struct operator_picture *picture, int row,
	int column);

/* The model's colours; while those are of another layer, from 1e-6 to 1. */
enum { OPERATOR_DECADES = 6 };  /* at most */
struct operator_scale operator_picture_scale(const struct model *model);

/* "40 7 2@16,0", the cursor and the window where these are not those of a
 * layer just entered, and "1e-4,2", the ends of the colours where they are
 * known; for free(), or NULL. */
char *operator_picture_entry_text(const struct model *model);
char *operator_picture_limits_text(const struct model *model);

/* For a whole block: from the largest |T| down to where hardly a group's mean
 * is below, and half a decade more; at least one decade, at most six. False
 * where all of it is 0. */
bool operator_picture_fit(struct operator_scale *out,
	const struct pooled *block);

/* The group's |T| by that reducer; NaN where it has no entry. */
double operator_picture_size(const struct pooled_group *group,
	enum reducer reducer);

/* Is T itself shown, not |T|? Where it is complex it has no sign. */
bool operator_picture_signed(const struct model *model,
	const struct pooled *block);

/* What stands for the group then: its extreme, T where |T| is largest; NaN
 * where it has no entry. And its place on the scale of both sides, -1 to 1: by
 * |T| on the log scale either way, what is less than its low end just beside
 * 0; or in proportion, up to the scale's high end. */
#define OPERATOR_EXTREME "extreme"
double operator_picture_extreme(const struct pooled_group *group);
double operator_picture_side(const struct operator_scale *scale,
	enum signs signs, double value);

/* What bars of |T| rise along, as the colours do. */
struct axis operator_picture_axis(const struct model *model,
	const struct operator_picture *picture);

/* T at the cursor, exact; *im is 0 where T is real. False: not formed yet. */
bool operator_picture_entry(double *re, double *im,
	const struct operator_picture *picture);

/* |T| along the cursor's row, a value a column of pixels, and along its
 * column, a value a row of pixels: the largest of those that share one; NaN
 * above the diagonal and where it is not formed yet. Exact is false where a
 * pixel's other columns are among them. */
void operator_picture_across(double *out,
	const struct operator_picture *picture);
void operator_picture_down(double *out, bool *exact,
	const struct operator_picture *picture);

#endif
