/*
 * What goes to stderr: one sentence a failure, and a progress line where
 * stderr is a terminal. Main thread only.
 */
#ifndef SRC_REPORT_H
#define SRC_REPORT_H

#include <stddef.h>

#include "core/status.h"

/* "esscope: " and the sentence, on a line of its own. */
void report(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The sentence of a failure; none where the work was no longer wanted. */
void report_failure(enum status status);

/* Sentences already said, so that none is said twice. */
struct said {
	char **sentences;
	size_t count;
};

/* report(), unless it has been said. */
void report_once(struct said *said, const char *sentence);

/* Nothing has been said; frees. */
void said_reset(struct said *said);

/* Work done of a total, in any unit: percentage and time left, at most twice
 * a second. Nothing is written where stderr is no terminal. */
void report_progress(double done, double total);

/* Likewise, while a large member is inflated once and nothing is done. */
void report_reading(double share);

/* Wipes the progress line: a row comes to the same terminal. */
void report_progress_hide(void);

/* Likewise, behind the work. */
void report_progress_end(void);

/* "40 s", "12 min", "3.5 h": a duration to plan by. */
enum { REPORT_DURATION_TEXT = 24 };
char *report_duration(char out[REPORT_DURATION_TEXT], double seconds);

#endif
