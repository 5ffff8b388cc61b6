/* The subcommands, one file each. Each returns the exit status. */
#ifndef SRC_COMMANDS_H
#define SRC_COMMANDS_H

struct options;

/* 0: done; 1: the work failed, which stderr explains; 2: usage, likewise. */
int cmd_view(const struct options *options);
int cmd_info(const struct options *options);
int cmd_compute(const struct options *options);
int cmd_diff(const struct options *options);
int cmd_spectrum(const struct options *options);
int cmd_render(const struct options *options);

/* Says that the request is wrong, how to learn more, and returns 2. */
int usage_error(const char *subcommand, const char *sentence);

#endif
