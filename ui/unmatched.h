/*
 * What of two dumps that are compared does not belong together: layers that
 * only one has, or that are of another kind, shape or text.
 */
#ifndef UI_UNMATCHED_H
#define UI_UNMATCHED_H

#include <stddef.h>

struct model;

/* Such sentences: one a layer of either, by names and by the headers that have
 * been read, and one if their tokens are others. */
size_t unmatched_count(const struct model *model);

#endif
