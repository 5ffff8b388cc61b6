/*
 * The files of a directory that is a dump.
 */
#ifndef CORE_DUMP_FILES_H
#define CORE_DUMP_FILES_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct dump_list;

struct files {
	char **paths;                   /* that are, or are called as, ours */
	size_t count;
	char **notes;
	size_t note_count;
	char **unread;                  /* sentences of those that cannot be, */
	size_t unread_count;
	char **foreign;                 /* and of those of other formats */
	size_t foreign_count;
	char *itself;                   /* what the directory is instead, or
					 * NULL */
	bool indexed;                   /* an index names them: each counts */
};

void files_list(struct files *files, const char *path, DIR *dir);

/* Right after a file was refused as one of another format. */
void files_pass_over(struct files *files, size_t index);

/* Tells a list of what was passed over; of several dumps the first has it. */
void files_tell(struct files *files, struct dump_list *list);

/* There is no file: why. */
enum status files_fail(struct files *files, const char *path);

void files_free(struct files *files);

#endif
