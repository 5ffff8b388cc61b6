#include <string.h>

#include "core/util.h"
#include "tests/tap.h"
#include "ui/tty_environment.h"
#include "ui/tty_sequence.h"

struct bytes {
	const char *text;
	int returned;
};

static int
next_byte(void *data)
{
	struct bytes *bytes = data;

	return *bytes->text ? (unsigned char)*bytes->text++ : -1;
}

static void
take_back(void *data, int byte)
{
	struct bytes *bytes = data;

	bytes->returned = byte;
}

static struct byte_source
source_of(struct bytes *bytes)
{
	return (struct byte_source){ next_byte, take_back, bytes };
}

static void
test_keys(void)
{
	static const struct {
		const char *text;       /* with its introducer */
		int key;
	} cases[] = {
		{ "[A", TTY_KEY_UP }, { "OB", TTY_KEY_DOWN },
		{ "[C", TTY_KEY_RIGHT }, { "[1;2C", TTY_KEY_SHIFT_RIGHT },
		{ "[1;2D", TTY_KEY_SHIFT_LEFT }, { "[1;5D", KEY_NONE },
		{ "[1;2A", KEY_NONE }, { "OM", '\n' }, { "[M", KEY_NONE },
		{ "[5~", TTY_KEY_PAGE_UP }, { "[6;5~", KEY_NONE },
		{ "[7~", TTY_KEY_HOME }, { "[8~", TTY_KEY_END },
		{ "[3~", TTY_KEY_DELETE }, { "[11~", TTY_KEY_F1 },
		{ "[12~", TTY_KEY_F2 }, { "[15~", TTY_KEY_F5 },
		{ "[16~", KEY_NONE }, { "[18~", TTY_KEY_F7 },
		{ "OQ", TTY_KEY_F2 }, { "OS", TTY_KEY_F4 },
		{ "[999999999999~", KEY_NONE }, { "[;;;~", KEY_NONE },
		{ "[", KEY_NONE }, { "[5", KEY_NONE }, { "O5~", KEY_NONE },
		{ "[?62;1;6c", KEY_NONE }, { "[Z", TTY_KEY_BACKTAB },
		{ "[0000000000000000000000000000000000000A", KEY_NONE },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct bytes bytes = { cases[i].text + 1, 0 };

		ok(sequence_key(cases[i].text[0], source_of(&bytes))
			== cases[i].key, "ESC %s", cases[i].text);
	}
}

static void
test_broken(void)
{
	struct bytes keys = { "1;\033[A", 0 }, letters = { "\xb8q", 0 };
	struct bytes mouse = { "0;3\x7f", 0 };
	struct event event = { .key = KEY_NONE };

	ok(sequence_key('[', source_of(&keys)) == KEY_NONE
		&& keys.returned == 033 && !strcmp(keys.text, "[A"),
		"a sequence in a sequence is its own");
	ok(sequence_utf8(0xe4, source_of(&letters)) == KEY_NONE
		&& letters.returned == 'q', "what ends a character early stays");
	ok(!sequence_mouse(&event, source_of(&mouse))
		&& event.key == KEY_NONE, "half a mouse report is none");
}

static void
test_utf8(void)
{
	struct bytes two = { "\xa9", 0 }, four = { "\x9f\x98\x80", 0 };
	struct bytes overlong = { "\x80\x80", 0 }, none = { "", 0 };

	ok(sequence_utf8(0xc3, source_of(&two)) == 0xe9, "two bytes");
	ok(sequence_utf8(0xf0, source_of(&four)) == 0x1f600, "four bytes");
	ok(sequence_utf8(0xe0, source_of(&overlong)) == KEY_NONE, "overlong");
	ok(sequence_utf8(0xff, source_of(&none)) == KEY_NONE
		&& sequence_utf8(0x80, source_of(&none)) == KEY_NONE,
		"bytes that start nothing");
}

static bool
mouse_is(const char *text, enum mouse_action action, int row, int column)
{
	struct bytes bytes = { text, 0 };
	struct event event = { .key = KEY_NONE };

	return sequence_mouse(&event, source_of(&bytes))
		&& event.key == TTY_KEY_MOUSE && event.action == action
		&& event.row == row && event.column == column;
}

static bool
mouse_is_none(const char *text)
{
	struct bytes bytes = { text, 0 };
	struct event event = { .key = KEY_NONE };

	return !sequence_mouse(&event, source_of(&bytes))
		&& event.key == KEY_NONE;
}

static void
test_mouse(void)
{
	struct bytes old = { "\x60!!", 0 }, bad = { "\x1f!!", 0 };
	struct event event = { .key = KEY_NONE };

	ok(mouse_is("0;1;1M", MOUSE_PRESS, 0, 0), "press");
	ok(mouse_is("16;5;7M", MOUSE_PRESS, 6, 4), "with control held");
	ok(mouse_is("32;999;500M", MOUSE_DRAG, 499, 998), "drag, far out");
	ok(mouse_is("0;2;3m", MOUSE_RELEASE, 2, 1), "release");
	ok(mouse_is("64;2;3M", MOUSE_WHEEL_UP, 2, 1)
		&& mouse_is("69;2;3M", MOUSE_WHEEL_DOWN, 2, 1), "wheel");
	ok(mouse_is_none("1;2;3M") && mouse_is_none("2;2;3M")
		&& mouse_is_none("35;2;3M") && mouse_is_none("66;2;3M")
		&& mouse_is_none("128;2;3M"), "nothing else is ours");
	ok(mouse_is_none("0;0;0M") && mouse_is_none("0;-1;5M")
		&& mouse_is_none("0;5M") && mouse_is_none("M")
		&& mouse_is_none("0;2;3A") && mouse_is_none("99999999;2;3M")
		&& mouse_is_none(""), "broken reports");
	ok(sequence_mouse_bytes(&event, source_of(&old))
		&& event.action == MOUSE_WHEEL_UP && event.row == 0,
		"the old protocol");
	ok(!sequence_mouse_bytes(&event, source_of(&bad)), "broken");
}

static void
test_entries(void)
{
	ok(!strcmp(environment_entry("xterm-kitty"), "xterm-256color")
		&& !strcmp(environment_entry("foot-extra"), "xterm-256color")
		&& !strcmp(environment_entry("tmux-direct"), "screen-256color")
		&& !environment_entry("vt999") && !environment_entry(""),
		"entries for unknown terminals");
}

int
main(void)
{
	test_keys();
	test_broken();
	test_utf8();
	test_mouse();
	test_entries();
	return done();
}
