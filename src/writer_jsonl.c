/*
 * JSON lines: one object a row, keys as the columns, no header line. What is
 * empty, or not finite, is null: JSON has no NaN. Control characters are
 * written \u00XX, so that none reaches a terminal.
 */
#include "src/writer.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

static void
jsonl_character(FILE *stream, uint32_t code, const char *bytes, size_t size)
{
	if (code == '"' || code == '\\')
		putc('\\', stream);
	/* Beyond U+FFFF nothing is unsafe: four digits do. */
	if (text_is_unsafe(code))
		fprintf(stream, "\\u%04x", (unsigned)code);
	else
		fwrite(bytes, 1, size, stream);
}

static bool
is_utf8(const char *bytes, size_t size)
{
	size_t n;
	uint32_t code;

	for (size_t k = 0; k < size; k += n) {
		n = text_decode(&code, bytes + k, size - k);
		if (!n)
			return false;
	}
	return true;
}

/* The text before text_escape or, where it is not UTF-8, as escaped. */
static void
jsonl_text(FILE *stream, const char *escaped)
{
	size_t size, n;
	char *original = text_unescape(&size, escaped);
	const char *bytes = original;

	if (!is_utf8(original, size)) {
		bytes = escaped;
		size = strlen(escaped);
	}
	putc('"', stream);
	for (size_t k = 0; k < size; k += n) {
		uint32_t code = 0;

		n = text_decode(&code, bytes + k, size - k);
		jsonl_character(stream, code, bytes + k, n);
	}
	putc('"', stream);
	free(original);
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
