/*
 * A frame as the fewest bytes for terminals that understand ECMA-48 and 256
 * colours (xterm and its like; others are left to curses). Curses walks a
 * screen row by row and changes colours from cell to cell; of a map of which
 * a colour moves, most of that is said over and over. Here what changes is
 * written in the order that takes less: row by row, or colour by colour.
 *
 * It knows what the terminal shows, and assumes nothing else writes to it.
 */
#ifndef UI_TTY_ENCODE_H
#define UI_TTY_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/tty_frame.h"

struct encoder {
	bool bce;               /* erasing leaves the background's colour */
	bool rep;               /* CSI n b repeats the character before */
	struct frame there;     /* what the terminal shows */
	/* Of the last encode; owned. */
	char *bytes;
	size_t size, room;
	char *other;            /* the same in another order */
	size_t other_room;
};

/* Does a terminal speak what is written here, by these capabilities of its
 * entry (as of tigetstr)? What it can do beyond is noted. */
bool encoder_speaks(struct encoder *encoder, const char *cup,
	const char *setaf, const char *rep, bool bce);

void encoder_free(struct encoder *encoder);

/* The terminal is blank now, of that size. */
void encoder_blank(struct encoder *encoder, int rows, int columns);

/* Brings the terminal to the frame, which has its size: encoder->bytes. They
 * leave the colours at their defaults; none where nothing changes. */
void encoder_encode(struct encoder *encoder, const struct frame *frame);

#endif
