/*
 * The order of the map's channels. A place is a row of the map, a channel keeps
 * its number: the cursor is on a channel, and wherever a channel is named it is
 * by its own number.
 *
 * An order is made when it is chosen, and again as the layer gets known, always
 * by what was shown when it was chosen: it does not follow the cursor, the
 * tolerance or the measure, so that rows stand still.
 */
#ifndef UI_CHANNEL_ORDER_H
#define UI_CHANNEL_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/channel_criterion.h"

struct channel_sorting;
struct layer;
struct model;

struct channel_order {
	struct channel_criterion by;
	const struct layer *layer;      /* whose order it is; NULL: none */
	unsigned long serial;           /* another with each */
	size_t known;                   /* cells of it when it was made */
	size_t *channels;               /* at each place; owned */
	size_t *places;                 /* of each channel; owned */
	struct channel_sorting *sorting;        /* the next one, or NULL */
	/* The place from which on the window was asked to show, and where the
	 * cursor left it; an order that comes later starts from the former. */
	size_t begin_asked, begin_left;
};

void channel_order_done(struct channel_order *order);

/* The window of channels was put to this place, whatever is sorted when: the
 * cursor may have moved it on since. */
void channel_order_keep_window(struct model *model, size_t begin);

/* Another order, begun now; it stays chosen in other layers. */
void channel_order_choose(struct model *model, struct channel_criterion by);

/* Makes it anew where much more is known, or for another layer, within a
 * frame's time; true: that is not done yet. */
bool channel_order_update(struct model *model);

/* "by value at 118"; "" by number. With the measure and the tolerance it goes
 * by where these are not those shown. */
enum { CHANNEL_ORDER_TEXT = 96 };
char *channel_order_text(char out[CHANNEL_ORDER_TEXT],
	const struct model *model);

/* The channel at a place, the place of a channel. */
size_t model_channel_at(const struct model *model, size_t place);
size_t model_channel_place(const struct model *model, size_t channel);

#endif
