/* The list of formats, and how all of them write numbers. */
#include "src/writer.h"

#include <math.h>

const struct writer *const writers[] = {
	&writer_tsv,
	&writer_csv,
	&writer_jsonl,
	NULL,
};

void
writer_number(FILE *stream, const struct value *value)
{
	if (value->kind == VALUE_COUNT)
		fprintf(stream, "%zu", value->count);
	else if (isnan(value->real))
		fputs("nan", stream);   /* not -nan */
	else
		fprintf(stream, "%.17g", value->real);
}
