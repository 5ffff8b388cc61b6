/*
 * Joins the meta of several files, and remembers which file said what.
 */
#ifndef CORE_META_MERGE_H
#define CORE_META_MERGE_H

#include <stddef.h>

#include "core/dump_parts.h"

struct meta_merge {
	struct store *const *stores;
	json_t *meta;                   /* joined; NULL without one: whose takes
					 * it over */
	char **notes;                   /* likewise */
	size_t note_count;
	json_t *keys, *layers;          /* the first store that has each */
	size_t now;                     /* the store that is being joined */
};

/* Adds what that store says. Sentences do not say where. */
enum status meta_merge(struct meta_merge *merge, size_t store, json_t *from);

/* Frees all but meta and notes. */
void meta_merge_done(struct meta_merge *merge);

#endif
