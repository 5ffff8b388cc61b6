#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "tests/tap.h"

static const struct {
	const char *bytes, *escaped, *what;
} cases[] = {
	{ "layers.0", "layers.0", "plain text stays" },
	{ "caf\xc3\xa9 \xe2\x86\x92 \xf0\x9f\xa6\x86",
		"caf\xc3\xa9 \xe2\x86\x92 \xf0\x9f\xa6\x86", "UTF-8 stays" },
	{ "\x1b[31m", "\\x1b[31m", "an escape sequence is text" },
	{ "a\tb\nc\r\x7f", "a\\tb\\nc\\x0d\\x7f", "control characters" },
	{ "\\n", "\\\\n", "a backslash is doubled" },
	{ "\xc2\x9b" "31m", "\\xc2\\x9b31m", "C1 in UTF-8" },
	{ "\x9b" "31m", "\\x9b31m", "C1 as one byte" },
	{ "\xe2\x80\xa8|\xe2\x80\xae|\xe2\x81\xa7",
		"\\xe2\\x80\\xa8|\\xe2\\x80\\xae|\\xe2\\x81\\xa7",
		"line separator, bidi override and isolate" },
	{ "\xc0\xaf", "\\xc0\\xaf", "an overlong form" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "a surrogate" },
	{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "beyond U+10FFFF" },
	{ "ab\xe2\x86", "ab\\xe2\\x86", "a sequence cut off" },
	{ "", "", "nothing" },
};

/* Are these bytes back after text_escape and text_unescape? */
static int
comes_back(const char *bytes, size_t size)
{
	char *escaped = text_escape(bytes, size), *back;
	size_t n;
	int same;

	back = text_unescape(&n, escaped);
	same = n == size && !memcmp(back, bytes, size) && !back[n];
	free(escaped);
	free(back);
	return same;
}

static void
test_unescape(void)
{
	char every[3 * 256];
	size_t i, wrong = 0;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		wrong += !comes_back(cases[i].bytes, strlen(cases[i].bytes));
	ok(wrong == 0, "what was escaped comes back");
	/* Each byte behind a backslash and before a digit, NUL too. */
	for (i = 0; i < 256; i++) {
		every[3 * i] = '\\';
		every[3 * i + 1] = (char)i;
		every[3 * i + 2] = '0';
	}
	ok(comes_back(every, sizeof every), "every byte comes back");
	ok(comes_back("\\x1b\\\\n\\", 8), "backslashes come back");
}

static void
test_escape(void)
{
	char *text;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		text = text_escape(cases[i].bytes, strlen(cases[i].bytes));
		ok(!strcmp(text, cases[i].escaped), "%s", cases[i].what);
		free(text);
	}
	text = text_escape("a\0b", 3);
	ok(!strcmp(text, "a\\x00b"), "a NUL byte");
	free(text);
}

static void
test_ucs4(void)
{
	static const unsigned char little[] = {
		'a', 0, 0, 0, 0xe9, 0, 0, 0, 0x92, 0x21, 0, 0,
		0x86, 0xf9, 1, 0, 0, 0, 0, 0, 'z', 0, 0, 0,
	};
	static const unsigned char big[] = { 0, 0, 0, 'a', 0, 0, 0x21, 0x92 };
	static const unsigned char bad[] = {
		0, 0xd8, 0, 0, 0, 0, 0x11, 0, 0xff, 0xff, 0xff, 0xff,
	};
	static const unsigned char ended[] = { 'a', 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0 };
	size_t size = 0;
	char *text = text_from_ucs4(little, 6, 0, &size);

	ok(size == 12 && !memcmp(text, "a\xc3\xa9\xe2\x86\x92"
		"\xf0\x9f\xa6\x86\0z", 13), "code points to UTF-8");
	free(text);
	text = text_from_ucs4(ended, 3, 0, &size);
	ok(size == 1 && !strcmp(text, "a"), "but for NULs at the end");
	free(text);
	text = text_from_ucs4(big, 2, 1, NULL);
	ok(!strcmp(text, "a\xe2\x86\x92"), "big-endian code points");
	free(text);
	text = text_from_ucs4(bad, 3, 0, NULL);
	ok(!strcmp(text, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
		"surrogates and impossible values are replaced");
	free(text);
}

int
main(void)
{
	test_escape();
	test_unescape();
	test_ucs4();
	return done();
}
