/*
 * The ":" line: typing, editing, leaving.
 */
#include <locale.h>
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

/* U+65E5 is two cells wide, and U+0301 sits on the e before it. */
static void
test_moving(struct prompt *prompt)
{
	prompt_set(prompt, "a\xe6\x97\xa5" "e\xcc\x81z");
	prompt_key(prompt, TTY_KEY_LEFT);
	prompt_key(prompt, TTY_KEY_LEFT);
	ok(prompt->cursor == 4, "Left goes over a letter and its accent");
	prompt_key(prompt, TTY_KEY_DELETE);
	ok(!strcmp(prompt->text, "a\xe6\x97\xa5z"),
		"Delete takes both");
	prompt_key(prompt, TTY_KEY_LEFT);
	type(prompt, "bc");
	ok(!strcmp(prompt->text, "abc\xe6\x97\xa5z"),
		"typed before a wide character");
	prompt_key(prompt, TTY_KEY_RIGHT);
	ok(prompt->cursor == 6, "Right goes over it");
	prompt_key(prompt, 'K' - '@');
	ok(!strcmp(prompt->text, "abc\xe6\x97\xa5"),
		"Ctrl-K takes the rest");
	prompt_key(prompt, 'A' - '@');
	prompt_key(prompt, TTY_KEY_LEFT);
	type(prompt, "x ");
	ok(!strcmp(prompt->text, "x abc\xe6\x97\xa5"),
		"Ctrl-A is the beginning");
	prompt_key(prompt, 'U' - '@');
	prompt_key(prompt, 'E' - '@');
	ok(prompt->length == 6 && prompt->cursor == 6,
		"Ctrl-U takes what is before, Ctrl-E is the end");
}

int
main(void)
{
	struct prompt prompt = { 0 };

	setlocale(LC_CTYPE, "C.UTF-8");
	prompt_open(&prompt, ':', "tolerance ");
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
	prompt_key(&prompt, TTY_KEY_F1);
	prompt_key(&prompt, 0x9b);
	ok(!strcmp(prompt.text, "tolerance "), "other keys type nothing");
	test_moving(&prompt);
	prompt_key(&prompt, TTY_KEY_END);
	prompt_key(&prompt, 21);
	ok(prompt.open && prompt.length == 0, "Ctrl-U takes all before it");
	ok(prompt_key(&prompt, TTY_KEY_BACKSPACE) == PROMPT_LEFT
		&& !prompt.open, "Backspace on nothing leaves");
	prompt_open(&prompt, ':', "");
	ok(prompt_key(&prompt, 27) == PROMPT_LEFT && !prompt.open,
		"Esc leaves");
	prompt_open(&prompt, ':', "quit");
	ok(prompt_key(&prompt, '\r') == PROMPT_ENTERED && !prompt.open
		&& !strcmp(prompt.text, "quit"), "Enter hands the line over");
	prompt_open(&prompt, ':', "");
	for (int i = 0; i < 1000; i++)
		prompt_key(&prompt, 0x20ac);
	ok(prompt.length < PROMPT_MAX && prompt.length > PROMPT_MAX - 4
		&& strlen(prompt.text) == prompt.length, "a full line is full");
	return done();
}
