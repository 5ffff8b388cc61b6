#include "ui/prompt.h"

#include <stdio.h>
#include <string.h>

#include "core/util.h"
#include "ui/canvas.h"
#include "ui/tty.h"
#include "ui/utf8.h"

enum { CONTROL = '@', ESCAPE = 27, DELETE_CODE = 127 };

void
prompt_open(struct prompt *prompt, char sigil, const char *text)
{
	prompt->open = true;
	prompt->sigil = sigil;
	prompt->recalled = 0;
	prompt->note[0] = '\0';
	prompt_set(prompt, text);
}

void
prompt_ask(struct prompt *prompt, const char *text, const char *note)
{
	prompt_open(prompt, ':', text);
	snprintf(prompt->note, sizeof prompt->note, "%s", note);
}

void
prompt_set(struct prompt *prompt, const char *text)
{
	size_t n = strlen(text);

	if (n >= sizeof prompt->text)
		for (n = sizeof prompt->text - 1; (text[n] & 0xc0) == 0x80;)
			n--;
	memmove(prompt->text, text, n);
	prompt->text[n] = '\0';
	prompt->length = prompt->cursor = n;
}

/* A character together with the combining ones on it, at p; 0 at the end. */
static size_t
character(const char *p)
{
	uint32_t code;
	size_t n = *p ? utf8_decode(&code, p) : 0;

	while (n && p[n]) {
		char one[UTF8_MAX + 1] = "";
		size_t more = utf8_decode(&code, p + n);

		memcpy(one, p + n, more);
		if (text_width(one) > 0)
			break;
		n += more;
	}
	return n;
}

static size_t
next(const struct prompt *prompt)
{
	return prompt->cursor + character(prompt->text + prompt->cursor);
}

static size_t
previous(const struct prompt *prompt)
{
	size_t at = 0, n;

	while ((n = character(prompt->text + at)) && at + n < prompt->cursor)
		at += n;
	return at;
}

/* The beginning of the word before the cursor. */
static size_t
word(const struct prompt *prompt)
{
	size_t at = prompt->cursor;

	while (at && prompt->text[at - 1] == ' ')
		at--;
	while (at && prompt->text[at - 1] != ' ')
		at--;
	return at;
}

static void
cut(struct prompt *prompt, size_t from, size_t to)
{
	memmove(prompt->text + from, prompt->text + to,
		prompt->length - to + 1);
	prompt->length -= to - from;
	prompt->cursor = from;
	prompt->recalled = 0;
}

bool
prompt_replace(struct prompt *prompt, size_t from, const char *text)
{
	size_t n = strlen(text);

	if (prompt->length - (prompt->cursor - from) + n
		>= sizeof prompt->text)
		return false;
	cut(prompt, from, prompt->cursor);
	memmove(prompt->text + from + n, prompt->text + from,
		prompt->length - from + 1);
	memcpy(prompt->text + from, text, n);
	prompt->length += n;
	prompt->cursor = from + n;
	return true;
}

static void
insert(struct prompt *prompt, int key)
{
	char bytes[UTF8_MAX + 1] = "";

	if (key < ' ' || key == DELETE_CODE || (key >= 0x80 && key < 0xa0)
	    || key > 0x10ffff)
		return;
	bytes[utf8_encode(bytes, (uint32_t)key)] = '\0';
	prompt_replace(prompt, prompt->cursor, bytes);
}

/* Leaving is for an empty line only. */
static enum prompt_result
backspace(struct prompt *prompt)
{
	if (prompt->length == 0) {
		prompt->open = false;
		return PROMPT_LEFT;
	}
	cut(prompt, previous(prompt), prompt->cursor);
	return PROMPT_MORE;
}

enum prompt_result
prompt_key(struct prompt *prompt, int key)
{
	switch (key) {
	case '\r':
	case '\n':
		prompt->open = false;
		return PROMPT_ENTERED;
	case ESCAPE:
	case 'C' - CONTROL:
		prompt->open = false;
		return PROMPT_LEFT;
	case TTY_KEY_BACKSPACE:
	case 'H' - CONTROL:
	case DELETE_CODE:
		return backspace(prompt);
	case TTY_KEY_DELETE:
	case 'D' - CONTROL:
		cut(prompt, prompt->cursor, next(prompt));
		break;
	case TTY_KEY_LEFT:
	case 'B' - CONTROL:
		prompt->cursor = previous(prompt);
		break;
	case TTY_KEY_RIGHT:
	case 'F' - CONTROL:
		prompt->cursor = next(prompt);
		break;
	case TTY_KEY_SHIFT_LEFT:
		prompt->cursor = word(prompt);
		break;
	case TTY_KEY_HOME:
	case 'A' - CONTROL:
		prompt->cursor = 0;
		break;
	case TTY_KEY_END:
	case 'E' - CONTROL:
		prompt->cursor = prompt->length;
		break;
	case 'U' - CONTROL:
		cut(prompt, 0, prompt->cursor);
		break;
	case 'K' - CONTROL:
		cut(prompt, prompt->cursor, prompt->length);
		break;
	case 'W' - CONTROL:
		cut(prompt, word(prompt), prompt->cursor);
		break;
	default:
		insert(prompt, key);
	}
	return PROMPT_MORE;
}
