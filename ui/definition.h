/*
 * What every number and mark on the screen is, once: the help page, K and the
 * manual come from here. Measures and kinds of operators have their formulas
 * in tables of their own.
 */
#ifndef UI_DEFINITION_H
#define UI_DEFINITION_H

#include <stddef.h>

struct definition {
	const char *name;
	const char *text;
	unsigned panes;         /* 1 << enum pane: where it is to be seen */
};

extern const struct definition definitions[];
extern const size_t definition_count;

#endif
