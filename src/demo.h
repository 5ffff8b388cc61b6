/*
 * --demo: a dump of a trained model that comes with esscope.
 */
#ifndef SRC_DEMO_H
#define SRC_DEMO_H

#include "core/status.h"

/* Where in it there is structure to see at once. */
#define DEMO_LAYER "layers.2"
#define DEMO_TOLERANCE "3e-2"

/* Its path, for free(): in the clone this program was built in, beside the
 * folder it is installed in, or where it was to be installed. */
enum status demo_find(char **out);

#endif
