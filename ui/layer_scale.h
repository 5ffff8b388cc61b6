/*
 * Where the colours of a layer end: at the ceiling of its measure, or at what
 * was seen of it. What was seen is kept a layer, and goes over to the layer of
 * the same name and size in another dump: checkpoints are to be compared.
 */
#ifndef UI_LAYER_SCALE_H
#define UI_LAYER_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/measure.h"
#include "core/status.h"
#include "ui/colour_scale.h"

struct dump;
struct layer;
struct layer_scales;
struct measure_kind;
struct model;

/* What was seen of one measure only ever grows. Once the layer is complete the
 * scale ends there and stays: fixed, with the tolerance it was seen at. */
struct layer_seen {
	const struct measure_kind *measure;     /* NULL: nothing yet */
	size_t channels, length;                /* of the layer */
	double low, high;
	bool fixed;
	double fixed_low, fixed_high;
	struct tolerance tolerance;
};

/* For the layers of a dump, from those of the one before (may be NULL), which
 * it frees. */
struct layer_scales *layer_scales_turn(struct layer_scales *before,
	const struct dump *dump);
void layer_scales_free(struct layer_scales *scales);

/* A finished pass over the model's layer of that index: the least positive
 * value, the largest, and whether there are more to come. */
struct layer_pass {
	const struct measure_kind *measure;
	struct tolerance tolerance;
	double low, high;
	bool complete;
};
void layer_scale_add(const struct model *model, size_t index,
	const struct layer_pass *pass);

/* Lets the selected layer's end at what is seen by the next pass. */
void layer_scale_forget(const struct model *model);

struct colour_scale layer_scale(const struct model *model,
	const struct layer *layer);

/* Does it depend on what is seen, of the model's measure and layer? */
bool layer_scale_ends_at_seen(const struct model *model);

/* "0,13 rel 1e-3", where that is so and it is fixed; and what was seen above
 * in between, "0,13,16 rel 1e-3". For free(); NULL: it is not. */
char *layer_scale_text(const struct model *model);

/* Takes it from there, for the selected layer. */
enum status layer_scale_read(const struct model *model, const char *text);

#endif
