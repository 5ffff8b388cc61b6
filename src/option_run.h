/*
 * The options of the screen that say what it does at the start, and what it
 * keeps: scripts, recording, configuration.
 */
#ifndef SRC_OPTION_RUN_H
#define SRC_OPTION_RUN_H

#include "core/status.h"

struct options;

enum status take_command(struct options *options, const char *argument);
enum status take_play(struct options *options, const char *argument);
enum status take_record(struct options *options, const char *argument);

enum status take_config(struct options *options, const char *argument);
enum status take_no_config(struct options *options, const char *argument);
enum status take_print_config(struct options *options, const char *argument);
enum status take_print_completion(struct options *options,
	const char *argument);
enum status take_names(struct options *options, const char *argument);
enum status take_demo(struct options *options, const char *argument);
enum status take_fresh(struct options *options, const char *argument);

#endif
