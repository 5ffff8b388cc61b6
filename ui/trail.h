/*
 * What can be come back to: marks, the places that were jumped from, and how
 * things were shown before. trail_follow looks after each key or command at
 * what it changed, so that no action needs to know of it.
 */
#ifndef UI_TRAIL_H
#define UI_TRAIL_H

#include "core/status.h"
#include "ui/place.h"

struct model;
struct trail;

/* a to z and A to Z. */
enum { MARKS = 52 };

struct mark {
	bool set;
	struct place place;
	char *note;                     /* NULL: none */
};

struct trail *trail_new(void);
void trail_free(struct trail *trail);

/* After each key, click or command. A jump is a move to another dump or layer,
 * further than a tenth of the window, or one that trail_jump announced; a walk
 * over layers is one jump, a pull of the tolerance one change. */
void trail_follow(struct model *model);

/* The move that follows is a jump, however short. */
void trail_jump(struct model *model);

/* All but the marks: what led to the first frame is no history. */
void trail_restart(struct model *model);

/* NULL: no such letter. */
struct mark *trail_mark(const struct model *model, char letter);
char trail_letter(int mark);

/* To the place before the last jump, so that twice is where one was. */
enum status trail_return(struct model *model);

/* Steps back (-1) and forward (1) over the places jumped from, or over changes
 * of tolerance, zoom, measure, reducer and scale. */
enum status trail_walk(struct model *model, int direction);
enum status trail_change(struct model *model, int direction);

#endif
