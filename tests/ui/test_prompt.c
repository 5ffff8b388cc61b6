/*
 * The ":" line: typing, editing, leaving.
 */
#include <string.h>

#include "tests/tap.h"
#include "ui/prompt.h"
#include "ui/tty.h"

static void
type(struct prompt *prompt, const char *text)
{
	for (; *text; text++)
		prompt_key(prompt, (unsigned char)*text);
}

int
main(void)
{
	struct prompt prompt = { 0 };

	prompt_open(&prompt, "tolerance ");
	type(&prompt, "1e-4");
	ok(prompt.open && !strcmp(prompt.text, "tolerance 1e-4"), "typed");
	prompt_key(&prompt, TTY_KEY_BACKSPACE);
	ok(!strcmp(prompt.text, "tolerance 1e-"), "Backspace");
	prompt_key(&prompt, 23);
	ok(!strcmp(prompt.text, "tolerance "), "Ctrl-W takes a word");
	prompt_key(&prompt, 0xe9);
	prompt_key(&prompt, 0x1f600);
	ok(!strcmp(prompt.text, "tolerance \xc3\xa9\xf0\x9f\x98\x80"),
		"characters of several bytes");
	prompt_key(&prompt, 127);
	prompt_key(&prompt, 127);
	ok(!strcmp(prompt.text, "tolerance "), "and they go as one");
	prompt_key(&prompt, 1);
	prompt_key(&prompt, TTY_KEY_LEFT);
	prompt_key(&prompt, 0x9b);
	ok(!strcmp(prompt.text, "tolerance "), "other keys type nothing");
	prompt_key(&prompt, 21);
	ok(prompt.open && prompt.length == 0, "Ctrl-U takes all");
	ok(prompt_key(&prompt, TTY_KEY_BACKSPACE) == PROMPT_LEFT
		&& !prompt.open, "Backspace on nothing leaves");
	prompt_open(&prompt, "");
	ok(prompt_key(&prompt, 27) == PROMPT_LEFT && !prompt.open,
		"Esc leaves");
	prompt_open(&prompt, "quit");
	ok(prompt_key(&prompt, '\r') == PROMPT_ENTERED && !prompt.open
		&& !strcmp(prompt.text, "quit"), "Enter hands the line over");
	prompt_open(&prompt, "");
	for (int i = 0; i < 1000; i++)
		prompt_key(&prompt, 0x20ac);
	ok(prompt.length < PROMPT_MAX && prompt.length > PROMPT_MAX - 4
		&& strlen(prompt.text) == prompt.length, "a full line is full");
	return done();
}
