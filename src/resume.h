/*
 * Sessions: how a dump was last looked at, and its marks, in a file named by
 * the dump's content (cache_key.h), so that it comes back wherever the file is
 * moved, and a changed one starts anew. The file holds commands; of what it
 * holds only those that a session writes are run.
 */
#ifndef SRC_RESUME_H
#define SRC_RESUME_H

#include <stdbool.h>

#include "core/status.h"

struct model;

/* True where the view of the first dump came back. Marks of all dumps do, as
 * far as there are files for them: of the first some hundred. */
bool resume_read(struct model *model, const char *folder);

/* Writes them, of each dump that was on the screen; fresh: they were not read.
 * Those not used for longest go, so that there are never more than some
 * hundred. STATUS_IO with a sentence where that cannot be. */
enum status resume_write(struct model *model, const char *folder, bool fresh);

#endif
