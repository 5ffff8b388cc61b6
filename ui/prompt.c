#include "ui/prompt.h"

#include <stdio.h>
#include <string.h>

#include "ui/tty.h"
#include "ui/utf8.h"

enum {
	CONTROL_C = 3, CONTROL_H = 8, CONTROL_U = 21, CONTROL_W = 23,
	ESCAPE = 27, DELETE_CODE = 127,
};

void
prompt_open(struct prompt *prompt, const char *text)
{
	prompt->open = true;
	prompt_set(prompt, text);
}

void
prompt_set(struct prompt *prompt, const char *text)
{
	snprintf(prompt->text, sizeof prompt->text, "%s", text);
	prompt->length = strlen(prompt->text);
}

static void
insert(struct prompt *prompt, int key)
{
	char bytes[UTF8_MAX];
	size_t n;

	if (key < ' ' || key == DELETE_CODE || (key >= 0x80 && key < 0xa0)
	    || key > 0x10ffff)
		return;
	n = utf8_encode(bytes, (uint32_t)key);
	if (prompt->length + n >= sizeof prompt->text)
		return;
	memcpy(prompt->text + prompt->length, bytes, n);
	prompt->length += n;
	prompt->text[prompt->length] = '\0';
}

static void
erase(struct prompt *prompt)
{
	while (prompt->length
	    && (prompt->text[prompt->length - 1] & 0xc0) == 0x80)
		prompt->length--;
	if (prompt->length)
		prompt->length--;
	prompt->text[prompt->length] = '\0';
}

static void
erase_word(struct prompt *prompt)
{
	while (prompt->length && prompt->text[prompt->length - 1] == ' ')
		erase(prompt);
	while (prompt->length && prompt->text[prompt->length - 1] != ' ')
		erase(prompt);
}

enum prompt_result
prompt_key(struct prompt *prompt, int key)
{
	switch (key) {
	case '\r':
	case '\n':
		prompt->open = false;
		return PROMPT_ENTERED;
	case TTY_KEY_BACKSPACE:
	case TTY_KEY_DELETE:
	case CONTROL_H:
	case DELETE_CODE:
		if (prompt->length) {
			erase(prompt);
			return PROMPT_MORE;
		}
		prompt->open = false;
		return PROMPT_LEFT;
	case ESCAPE:
	case CONTROL_C:
		prompt->open = false;
		return PROMPT_LEFT;
	case CONTROL_U:
		prompt_set(prompt, "");
		return PROMPT_MORE;
	case CONTROL_W:
		erase_word(prompt);
		return PROMPT_MORE;
	default:
		insert(prompt, key);
		return PROMPT_MORE;
	}
}
