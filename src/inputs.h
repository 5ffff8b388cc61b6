/* The files that the arguments of a command stand for. Main thread. */
#ifndef SRC_INPUTS_H
#define SRC_INPUTS_H

#include <stddef.h>

#include "core/status.h"

/* STATUS_USAGE where the output is, by whatever name, one of the inputs or a
 * dump in one of them that is a directory. output may be NULL. */
enum status inputs_spare(char *const *paths, size_t count,
	const char *output);

#endif
