/*
 * Comma-separated values as RFC 4180 has them: CRLF ends a line, a field with
 * a comma, a quote, a tab or a line break is quoted, a quote in it is doubled.
 * Text is as it was before text_escape, but for what \xNN stands for: that
 * would reach the terminal.
 */
#include "src/writer.h"

#include <stdbool.h>
#include <string.h>

/* The next character of escaped text, which moves on behind it. */
static char
next_character(const char **text)
{
	const char *p = *text;

	if (p[0] != '\\' || p[1] == 'x') {
		*text += 1;
		return p[0];
	}
	*text += 2;
	return p[1] == 'n' ? '\n' : p[1] == 't' ? '\t' : p[1];
}

static bool
needs_quotes(const char *text)
{
	while (*text) {
		if (strchr(",\"\n\t", next_character(&text)))
			return true;
	}
	return false;
}

static void
csv_text(FILE *stream, const char *text)
{
	bool quotes = needs_quotes(text);

	if (quotes)
		putc('"', stream);
	while (*text) {
		char c = next_character(&text);

		if (c == '"')
			putc('"', stream);
		putc(c, stream);
	}
	if (quotes)
		putc('"', stream);
}

static void
csv_header(FILE *stream, char *const *names, size_t count)
{
	for (size_t k = 0; k < count; k++) {
		if (k)
			putc(',', stream);
		csv_text(stream, names[k]);
	}
	fputs("\r\n", stream);
}

static void
csv_row(FILE *stream, char *const *names, const struct value *values,
	size_t count)
{
	(void)names;
	for (size_t k = 0; k < count; k++) {
		if (k)
			putc(',', stream);
		if (values[k].kind == VALUE_TEXT)
			csv_text(stream, values[k].text);
		else if (values[k].kind != VALUE_NONE)
			writer_number(stream, &values[k]);
	}
	fputs("\r\n", stream);
}

const struct writer writer_csv = {
	.name = "csv",
	.header = csv_header,
	.row = csv_row,
};
