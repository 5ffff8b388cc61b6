/*
 * More than one byte from the terminal for one event: keys in xterm's dialect
 * that the terminal database does not know, the mouse, UTF-8. What is broken
 * or of no use to us is read and dropped, never taken for typing.
 */
#ifndef UI_TTY_SEQUENCE_H
#define UI_TTY_SEQUENCE_H

#include <stdbool.h>

#include "ui/tty.h"

/* next gives the next byte of what has begun, or -1 if none comes soon; back
 * takes one again that belongs to something else. */
struct byte_source {
	int (*next)(void *data);
	void (*back)(void *data, int byte);
	void *data;
};

/* Behind ESC [ or ESC O (introducer): a key, or KEY_NONE. */
int sequence_key(char introducer, struct byte_source source);

/* Behind ESC [ <: "0;12;5M" is button, column, row, press (m: release). False
 * for other buttons than the first and the wheel, and for motion alone. */
bool sequence_mouse(struct event *out, struct byte_source source);

/* The three bytes behind ESC [ M of terminals without the above. */
bool sequence_mouse_bytes(struct event *out, struct byte_source source);

/* The code point that starts with the byte lead >= 128, or KEY_NONE. */
int sequence_utf8(int lead, struct byte_source source);

#endif
