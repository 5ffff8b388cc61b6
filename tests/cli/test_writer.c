/* Rows of awkward values in each format, byte for byte. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "src/writer.h"
#include "tests/tap.h"

static char names_store[3][16] = { "token", "n", "ess_abs_1e-3" };
static char *const names[] = {
	names_store[0], names_store[1], names_store[2],
};

/* Header and one row; for free(). */
static char *
written(const struct writer *writer, const struct value *values)
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	writer->header(stream, names, LENGTH(names));
	writer->row(stream, names, values, LENGTH(names));
	fclose(stream);
	return text;
}

static void
is(const struct writer *writer, const struct value *values,
	const char *expected, const char *what)
{
	char *text = written(writer, values);

	if (!ok(!strcmp(text, expected), "%s: %s", writer->name, what))
		printf("# got %s\n", text);
	free(text);
}

static void
test_plain(void)
{
	const struct value values[] = {
		{ .kind = VALUE_TEXT, .text = " Omri" },
		{ .kind = VALUE_COUNT, .count = 7 },
		{ .kind = VALUE_REAL, .real = 0.1 },
	};

	is(&writer_tsv, values, "token\tn\tess_abs_1e-3\n"
		" Omri\t7\t0.10000000000000001\n", "a plain row");
	is(&writer_csv, values, "token,n,ess_abs_1e-3\r\n"
		" Omri,7,0.10000000000000001\r\n", "a plain row");
	is(&writer_jsonl, values, "{\"token\": \" Omri\", \"n\": 7, "
		"\"ess_abs_1e-3\": 0.10000000000000001}\n", "a plain row");
}

static void
test_quotes(void)
{
	const struct value values[] = {
		{ .kind = VALUE_TEXT, .text = "\"a\", \\x1b" },
		{ .kind = VALUE_NONE },
		{ .kind = VALUE_REAL, .real = 12 },
	};

	is(&writer_tsv, values, "token\tn\tess_abs_1e-3\n"
		"\"a\", \\x1b\t\t12\n", "no quoting, empty values");
	is(&writer_csv, values, "token,n,ess_abs_1e-3\r\n"
		"\"\"\"a\"\", \\x1b\",,12\r\n", "quotes are doubled");
	is(&writer_jsonl, values, "{\"token\": \"\\\"a\\\", \\\\x1b\", "
		"\"n\": null, \"ess_abs_1e-3\": 12}\n",
		"quotes and backslashes are escaped, empty is null");
}

static void
test_not_finite(void)
{
	const struct value values[] = {
		{ .kind = VALUE_TEXT, .text = "" },
		{ .kind = VALUE_REAL, .real = -NAN },
		{ .kind = VALUE_REAL, .real = INFINITY },
	};

	is(&writer_tsv, values, "token\tn\tess_abs_1e-3\n\tnan\tinf\n",
		"what is not finite keeps its name");
	is(&writer_jsonl, values, "{\"token\": \"\", \"n\": null, "
		"\"ess_abs_1e-3\": null}\n", "what is not finite is null");
}

/* Every double comes back from its 17 digits. */
static void
test_round_trip(void)
{
	const double hard[] = { 0, 1.0 / 3, 5e-324, 1.7976931348623157e308,
		2.2250738585072011e-308, 0x1.fffffffffffffp-1, 123456789.0 };
	bool same = true;

	for (size_t k = 0; k < LENGTH(hard); k++) {
		struct value value = { .kind = VALUE_REAL, .real = hard[k] };
		char text[64] = "";
		FILE *stream = fmemopen(text, sizeof text, "w");

		writer_number(stream, &value);
		fclose(stream);
		same &= strtod(text, NULL) == hard[k];
	}
	ok(same, "numbers read back exactly");
}

int
main(void)
{
	test_plain();
	test_quotes();
	test_not_finite();
	test_round_trip();
	return done();
}
