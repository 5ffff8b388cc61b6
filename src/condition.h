/*
 * What --fail-if says: "ess drop > 10%". Read before anything is opened, and
 * judged for a layer at a time, of which both dumps have the means.
 *
 *	condition:  quantity verb operator number ["%"]
 *	quantity:   "ess" "entropy" "saturated" "collapsed"
 *	verb:       "drop" (a - b) "rise" (b - a) "change" (either)
 *	operator:   ">" ">="
 */
#ifndef SRC_CONDITION_H
#define SRC_CONDITION_H

#include <stdbool.h>

#include "core/status.h"

struct condition_quantity;
struct condition_verb;
struct group;
struct layer;

struct condition {
	const char *typed;              /* as on the command line */
	const struct condition_quantity *quantity;
	const struct condition_verb *verb;
	bool or_equal;                  /* >=, not > */
	bool percent;                   /* of what it is in A */
	double limit;
};

/* STATUS_USAGE where it is malformed: the sentence quotes what of it, and says
 * what was expected. The text is borrowed. */
enum status condition_parse(struct condition *out, const char *text);

/* The sentence of a layer for which the condition holds, or for which nobody
 * can tell, for free(); else NULL. The groups are its, in A and in B. */
char *condition_judge(const struct condition *condition,
	const struct layer *layer, const struct group *a,
	const struct group *b);

#endif
