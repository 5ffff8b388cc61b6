/*
 * Pages of text over the panes: help, the list of marks. Lines are made for
 * the width there is; view_help.c scrolls and searches them.
 */
#ifndef UI_HELP_PAGE_H
#define UI_HELP_PAGE_H

#include <stdbool.h>

#include "ui/colour.h"

struct model;

struct help_line {
	bool heading;
	char *label;                    /* keys, names; may be "" */
	char *text;
	colour ink;                     /* of the text */
	int ramp;                       /* help_colours.c; 0: none */
};

struct help_page {
	struct help_line *lines;
	int count;
	int width;                      /* of its lines */
};

void help_page_done(struct help_page *page);

/* Set apart from what is before it. */
void help_heading(struct help_page *page, const char *text);

/* A label and its text, broken over as many lines as it takes; on lines of
 * its own where it is narrow. */
void help_entry(struct help_page *page, const char *label, const char *text,
	int label_width);

/* Beside a label of that width there is no room for a text. */
bool help_narrow(const struct help_page *page, int label_width);

void help_define(struct help_page *page, const struct model *model);
void help_unmatched(struct help_page *page, const struct model *model);
void help_marks(struct help_page *page, const struct model *model);

#endif
