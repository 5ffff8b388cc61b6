/* --help and --version, made from the tables of options and subcommands. */
#ifndef SRC_HELP_H
#define SRC_HELP_H

struct subcommand;

/* subs: all of them, ended by a NULL name, listed under the first. */
void help_print(const struct subcommand *sub, const struct subcommand *subs);
void help_version(void);

#endif
