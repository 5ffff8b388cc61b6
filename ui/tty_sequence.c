#include "ui/tty_sequence.h"

#include <stdio.h>
#include <string.h>

#include "ui/utf8.h"

/* Bits of the button number; 4, 8 and 16 are shift, alt and control. */
enum {
	BUTTON_MASK = 3, BUTTON_MODIFIERS = 4 + 8 + 16,
	BUTTON_MOTION = 32, BUTTON_WHEEL = 64,
	BUTTON_RELEASED = 3,    /* in the old protocol: any of them */
};

enum { SEQUENCE_MAX = 32, MODIFIER_NONE = 1, MODIFIER_SHIFT = 2 };

static int
byte_refuse(struct byte_source source, int byte)
{
	if (byte >= 0)
		source.back(source.data, byte);
	return KEY_NONE;
}

/* Parameters and the final character of a sequence. */
static bool
sequence_read(char text[SEQUENCE_MAX], struct byte_source source)
{
	size_t length = 0;

	while (length + 1 < SEQUENCE_MAX) {
		int code = source.next(source.data);

		if (code < 0x20 || code > 0x7e) {
			byte_refuse(source, code);
			return false;
		}
		text[length++] = (char)code;
		text[length] = '\0';
		if (code >= 0x40)
			return true;
	}
	return false;
}

/* The first parameter of ESC [ n ~. */
static int
key_of_number(int number)
{
	switch (number) {
	case 1:
	case 7:
		return TTY_KEY_HOME;
	case 4:
	case 8:
		return TTY_KEY_END;
	case 3:
		return TTY_KEY_DELETE;
	case 5:
		return TTY_KEY_PAGE_UP;
	case 6:
		return TTY_KEY_PAGE_DOWN;
	case 11:
	case 12:
	case 13:
	case 14:
	case 15:
		return TTY_KEY_F1 + number - 11;
	case 17:
	case 18:
		return TTY_KEY_F6 + number - 17;
	default:
		return KEY_NONE;
	}
}

static int
key_of_final(char final)
{
	switch (final) {
	case 'A':
		return TTY_KEY_UP;
	case 'B':
		return TTY_KEY_DOWN;
	case 'C':
		return TTY_KEY_RIGHT;
	case 'D':
		return TTY_KEY_LEFT;
	case 'H':
		return TTY_KEY_HOME;
	case 'F':
		return TTY_KEY_END;
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return TTY_KEY_F1 + final - 'P';
	case 'Z':
		return TTY_KEY_BACKTAB;
	default:
		return KEY_NONE;
	}
}

int
sequence_key(char introducer, struct byte_source source)
{
	int number = 1, modifier = MODIFIER_NONE;
	char text[SEQUENCE_MAX], final;

	if (!sequence_read(text, source))
		return KEY_NONE;
	final = text[strlen(text) - 1];
	if (text[1] && sscanf(text, "%4d;%4d", &number, &modifier) < 1)
		return KEY_NONE;
	if (modifier == MODIFIER_SHIFT && final == 'C')
		return TTY_KEY_SHIFT_RIGHT;
	if (modifier == MODIFIER_SHIFT && final == 'D')
		return TTY_KEY_SHIFT_LEFT;
	if (modifier != MODIFIER_NONE)
		return KEY_NONE;
	if (introducer == '[' && final == '~')
		return key_of_number(number);
	if (introducer == 'O' && final == 'M')
		return '\n';    /* Enter of the numeric block */
	return key_of_final(final);
}

/* Columns and rows count from 1 on the wire. */
static bool
mouse_event(struct event *out, int button, int column, int row, bool released)
{
	struct event event = { .key = TTY_KEY_MOUSE, .row = row - 1,
		.column = column - 1 };

	button &= ~BUTTON_MODIFIERS;
	if (row < 1 || column < 1)
		return false;
	if (button == BUTTON_WHEEL || button == BUTTON_WHEEL + 1)
		event.action = button == BUTTON_WHEEL ? MOUSE_WHEEL_UP
			: MOUSE_WHEEL_DOWN;
	else if (button == 0)
		event.action = released ? MOUSE_RELEASE : MOUSE_PRESS;
	else if (button == BUTTON_MOTION)
		event.action = MOUSE_DRAG;
	else
		return false;
	if (released && event.action != MOUSE_RELEASE)
		return false;
	*out = event;
	return true;
}

bool
sequence_mouse(struct event *out, struct byte_source source)
{
	char text[SEQUENCE_MAX], final;
	int button, column, row;

	if (!sequence_read(text, source)
		|| sscanf(text, "%5d;%5d;%5d%c", &button, &column, &row,
			&final) != 4
		|| button < 0 || (final != 'M' && final != 'm'))
		return false;
	return mouse_event(out, button, column, row, final == 'm');
}

bool
sequence_mouse_bytes(struct event *out, struct byte_source source)
{
	int values[3];
	bool released;

	for (size_t i = 0; i < 3; i++) {
		values[i] = source.next(source.data) - 32;
		if (values[i] < 0 || values[i] > 255 - 32)
			return false;
	}
	released = (values[0] & BUTTON_MASK) == BUTTON_RELEASED
		&& !(values[0] & (BUTTON_MOTION | BUTTON_WHEEL));
	if (released)
		values[0] &= ~BUTTON_MASK;
	return mouse_event(out, values[0], values[1], values[2], released);
}

int
sequence_utf8(int lead, struct byte_source source)
{
	char text[UTF8_MAX + 1] = { (char)lead };
	size_t length = utf8_length((unsigned char)lead);
	uint32_t code;

	for (size_t i = 1; i < length; i++) {
		int next = source.next(source.data);

		if (next < 0x80 || next > 0xbf)
			return byte_refuse(source, next);
		text[i] = (char)next;
	}
	utf8_decode(&code, text);
	return code == UTF8_INVALID ? KEY_NONE : (int)code;
}
