/*
 * ":marks FILE": the marks as a table, with their notes and, where they are
 * computed, their numbers. Main thread.
 */
#ifndef SRC_EXPORT_MARKS_H
#define SRC_EXPORT_MARKS_H

#include <stdbool.h>

struct model;

/* Does what is wished, and says so; false: nothing was. */
bool export_marks(struct model *model);

#endif
