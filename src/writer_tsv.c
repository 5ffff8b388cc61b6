/*
 * Tab-separated values: one header line, no quoting. Tabs, newlines and
 * backslashes in text are escaped already.
 */
#include "src/writer.h"

static void
tsv_header(FILE *stream, char *const *names, size_t count)
{
	for (size_t k = 0; k < count; k++) {
		if (k)
			putc('\t', stream);
		fputs(names[k], stream);
	}
	putc('\n', stream);
}

static void
tsv_row(FILE *stream, char *const *names, const struct value *values,
	size_t count)
{
	(void)names;
	for (size_t k = 0; k < count; k++) {
		if (k)
			putc('\t', stream);
		if (values[k].kind == VALUE_TEXT)
			fputs(values[k].text, stream);
		else if (values[k].kind != VALUE_NONE)
			writer_number(stream, &values[k]);
	}
	putc('\n', stream);
}

const struct writer writer_tsv = {
	.name = "tsv",
	.header = tsv_header,
	.row = tsv_row,
};
