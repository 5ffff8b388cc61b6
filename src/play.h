/*
 * Scripts against the clock: runs the lines of --play and -c as far as they go
 * now, and does what they ask of the event loop.
 */
#ifndef SRC_PLAY_H
#define SRC_PLAY_H

#include <stdbool.h>

#include "core/status.h"
#include "ui/script.h"

struct canvas;
struct model;

struct play {
	struct model *model;
	struct canvas *canvas;          /* what draw draws into */
	void (*draw)(void *payload);    /* a frame, now */
	void (*resize)(void *payload, int rows, int columns);
	void *payload;
	bool more;                      /* the last frame was not all of it */
	long until;                     /* ms: sleep's end; 0: does not sleep */
	enum status status;             /* of the first line that failed */
	char *sentence;                 /* likewise; owned; NULL: none */
};

/* True when anything was done, and a frame is due. */
bool play_turn(struct play *play);

/* Is a line left, or something that one waits for? */
bool play_on(const struct play *play);

/* Milliseconds until it goes on by itself; -1: it waits for results. */
int play_pause(const struct play *play);

#endif
