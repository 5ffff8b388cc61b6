/*
 * :export in the screen: writes what the focused view shows, once all of it is
 * computed: numbers a little in each turn of the event loop, a figure by a
 * thread (drawing.h) while the screen goes on. That waits for the disk, too.
 * Main thread.
 */
#ifndef SRC_EXPORT_H
#define SRC_EXPORT_H

#include <stdbool.h>

#include "core/status.h"

struct export;
struct model;

struct export *export_new(void);
void export_free(struct export *export);        /* leaves nothing half-written */

/* The name of what is not written yet and will not be once the screen is left;
 * NULL: there is no such thing, or it is waited for. */
const char *export_under_way(const struct export *export);

/* Waits for a figure that is being drawn: the screen is left, and it was asked
 * for. */
enum status export_end(struct export *export);

/* Gives up a figure that is being drawn: a signal ends the program. False where
 * its thread is not done within so many seconds, stuck in a pipe. */
bool export_leave(struct export *export, double seconds);

/* Takes up what is wished, gives up what the view has turned away from, goes
 * on. Settled: the last frame left nothing to do. True when it has something
 * to say: draw. */
bool export_turn(struct export *export, struct model *model, int rows,
	int columns, bool settled);

/* Gives it up, if there is one: its dump goes. */
void export_stop(struct export *export, struct model *model);

/* Milliseconds until it wants its next turn; -1: not before something else
 * happens. */
int export_pause(const struct export *export);

#endif
