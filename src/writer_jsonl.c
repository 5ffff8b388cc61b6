/*
 * JSON lines: one object a row, keys as the columns, no header line. What is
 * empty, or not finite, is null: JSON has no NaN.
 */
#include "src/writer.h"

#include <math.h>

/* Text is valid UTF-8 without control characters (text_escape): what is left
 * to escape is the quote and the backslash. */
static void
jsonl_text(FILE *stream, const char *text)
{
	putc('"', stream);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', stream);
		putc(*text, stream);
	}
	putc('"', stream);
}

static void
jsonl_value(FILE *stream, const struct value *value)
{
	if (value->kind == VALUE_TEXT)
		jsonl_text(stream, value->text);
	else if (value->kind == VALUE_NONE
	    || (value->kind == VALUE_REAL && !isfinite(value->real)))
		fputs("null", stream);
	else
		writer_number(stream, value);
}

static void
jsonl_header(FILE *stream, char *const *names, size_t count)
{
	(void)stream, (void)names, (void)count;
}

static void
jsonl_row(FILE *stream, char *const *names, const struct value *values,
	size_t count)
{
	for (size_t k = 0; k < count; k++) {
		fputs(k ? ", " : "{", stream);
		jsonl_text(stream, names[k]);
		fputs(": ", stream);
		jsonl_value(stream, &values[k]);
	}
	fputs("}\n", stream);
}

const struct writer writer_jsonl = {
	.name = "jsonl",
	.header = jsonl_header,
	.row = jsonl_row,
};
