/*
 * Before what takes long: how much it is and how long it will take, and the
 * line that begins it in the prompt again, for Enter.
 */
#ifndef SRC_QUESTION_H
#define SRC_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

struct model;

/* About an export to that path, which so many cells are missing for. False:
 * that takes less than a minute, and nothing is asked. */
bool question_put(struct model *model, const char *path, size_t cells);

#endif
