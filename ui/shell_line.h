/*
 * One line for a shell that opens the screen as it is: for a colleague, or for
 * the repository of a paper.
 */
#ifndef UI_SHELL_LINE_H
#define UI_SHELL_LINE_H

struct model;

/* "esscope run.npz --layer layers.2 ...", for free(). What is as it would be
 * without an option has none. NULL where the dump has no name to open it by
 * again (standard input). */
char *shell_line(const struct model *model);

#endif
