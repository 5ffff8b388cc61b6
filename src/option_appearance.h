/*
 * The options that say how a view is shown. Their values are names that the
 * screen's commands know too.
 */
#ifndef SRC_OPTION_APPEARANCE_H
#define SRC_OPTION_APPEARANCE_H

#include "core/status.h"

struct options;

enum status take_view(struct options *options, const char *argument);
enum status take_focus(struct options *options, const char *argument);
enum status take_measure(struct options *options, const char *argument);
enum status take_reducer(struct options *options, const char *argument);
enum status take_scale(struct options *options, const char *argument);
enum status take_palette(struct options *options, const char *argument);
enum status take_zoom(struct options *options, const char *argument);
enum status take_picture(struct options *options, const char *argument);
enum status take_size(struct options *options, const char *argument);
enum status take_color(struct options *options, const char *argument);
enum status take_ascii(struct options *options, const char *argument);
enum status take_utf8(struct options *options, const char *argument);
enum status take_no_mouse(struct options *options, const char *argument);
enum status take_no_watch(struct options *options, const char *argument);
enum status take_limits(struct options *options, const char *argument);
enum status take_spacing(struct options *options, const char *argument);
enum status take_signed(struct options *options, const char *argument);
enum status take_low(struct options *options, const char *argument);
enum status take_light(struct options *options, const char *argument);

#endif
