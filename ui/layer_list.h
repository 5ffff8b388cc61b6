/*
 * Which layers the list shows, and in which order. What is selected is a
 * layer, not a place: neither an order nor a filter moves the selection, as
 * long as the filter lets it through.
 */
#ifndef UI_LAYER_LIST_H
#define UI_LAYER_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct model;

/* Numbers: the largest first. */
enum layer_sort {
	LAYERS_BY_NAME,         /* natural: layers.2 before layers.10 */
	LAYERS_BY_ESS,
	LAYERS_BY_USE,
	LAYERS_BY_CHANGE,       /* from the layer before it of the same kind */
	LAYERS_BY_KIND,
	LAYER_SORTS,
};

extern const char *const layer_sort_names[LAYER_SORTS];

struct layer_list {
	enum layer_sort sort;
	char *filter;           /* a glob; owned; NULL: all */
	size_t *items;          /* indices into the dump's layers; owned */
	size_t count;
};

void layer_list_done(struct layer_list *list);

/* Anew: after the dump, the order or the filter changed, and before each
 * frame, for the averages change. Headers that the order rests on are read, a
 * few at a time; true: there are more. */
bool layer_list_update(struct model *model);

/* Does the order, or the map, rest on the averages of all layers? */
bool layer_list_averages(const struct model *model);

/* The selected layer's place; where it is filtered out, that of the next. */
size_t layer_list_place(const struct model *model);

/* The layer at a place, and its change; NaN: not known, or it is the first of
 * its kind. */
size_t layer_list_at(const struct model *model, size_t place);
double layer_list_change(const struct model *model, size_t layer);

/* So many places on. */
void layer_list_step(struct model *model, long steps);

#endif
