/*
 * What a turn of the event loop gives to work that goes on from frame to frame
 * (statistics, orders, searches): together so much CPU and no more, however
 * many keys come in one turn and whatever each of them begins. A spell of it
 * may end at once; whoever works does a little all the same, and so ends.
 */
#ifndef UI_SPELL_H
#define UI_SPELL_H

#include <stdbool.h>

struct model;

struct spell {
	double began, until;    /* of this thread's CPU clock, in seconds */
};

/* So many seconds from now, or what is left for the turn. */
struct spell spell_begin(const struct model *model, double seconds);
bool spell_over(struct spell spell);
void spell_end(struct model *model, struct spell spell);

/* Is anything left for the turn? */
bool spell_left(const struct model *model);

/* The frame is made: the next turn begins. */
void spell_renew(struct model *model);

#endif
