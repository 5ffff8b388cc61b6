/*
 * Comma-separated values as RFC 4180 has them: CRLF ends a line, a field with
 * a comma, a quote or a line break is quoted, a quote in it is doubled.
 */
#include "src/writer.h"

#include <string.h>

static void
csv_text(FILE *stream, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		fputs(text, stream);
		return;
	}
	putc('"', stream);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', stream);
		putc(*text, stream);
	}
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
