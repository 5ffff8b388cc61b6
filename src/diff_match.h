/*
 * Which layers of two dumps are compared: those of the same name, in the
 * channels and positions that both have. What does not match is a sentence,
 * never a silent crop. Main thread.
 */
#ifndef SRC_DIFF_MATCH_H
#define SRC_DIFF_MATCH_H

#include "src/target.h"

struct dump;
struct options;

/* The selected layers, two targets abreast for each: of dumps[0], and of
 * dumps[1]. Both have the same positions and channels. Empty, with a
 * complaint, where there is none. */
struct target_list diff_match(struct dump *const dumps[2],
	const struct selection *selection, target_complaint *complain,
	void *payload);

#endif
