/*
 * The line one types a command into. It holds what is typed and how it is
 * edited; command.c runs it, screen.c draws it.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

enum { PROMPT_MAX = 256 };

struct prompt {
	bool open;
	size_t length;                  /* bytes of UTF-8, without the 0 */
	char text[PROMPT_MAX];
};

enum prompt_result { PROMPT_MORE, PROMPT_ENTERED, PROMPT_LEFT };

void prompt_open(struct prompt *prompt, const char *text);

/* One key (tty.h). ENTERED: text is the line, and the prompt is closed. LEFT:
 * given up (Esc, or Backspace on nothing). */
enum prompt_result prompt_key(struct prompt *prompt, int key);

/* Replaces the text. */
void prompt_set(struct prompt *prompt, const char *text);

#endif
