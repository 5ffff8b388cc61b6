/*
 * Files that people have instead of a dump: told by their first bytes, and
 * refused with what to type to make one.
 */
#ifndef CORE_FOREIGN_H
#define CORE_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

/* STATUS_FOREIGN with the lines of python that convert it; STATUS_OK for a file
 * that begins as none we know. */
enum status foreign_refuse(const unsigned char *head, size_t n);

/* The same by the name of a member of a zip archive or an entry of a
 * directory, neither of them ended by a NUL. */
enum status foreign_refuse_member(const char *name, size_t n);

/* Such a sentence without its lines, for free(). */
char *foreign_brief(const char *sentence);

#endif
