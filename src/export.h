/*
 * :export in the screen: writes what the focused view shows, once all of it is
 * computed, a little in each turn of the event loop. Main thread.
 */
#ifndef SRC_EXPORT_H
#define SRC_EXPORT_H

#include <stdbool.h>

struct export;
struct model;

struct export *export_new(void);
void export_free(struct export *export);        /* leaves nothing half-written */

/* Takes up what is wished, gives up what the view has turned away from, goes
 * on. Settled: the last frame left nothing to do. True when it has something
 * to say: draw. */
bool export_turn(struct export *export, struct model *model, int rows,
	int columns, bool settled);

/* Gives it up, if there is one: its dump goes. */
void export_stop(struct export *export, struct model *model);

/* Is it in the middle of writing? Then do not wait. */
bool export_running(const struct export *export);

#endif
