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
		{ .kind = VALUE_TEXT, .text = "\"a\", b" },
		{ .kind = VALUE_NONE },
		{ .kind = VALUE_REAL, .real = 12 },
	};

	is(&writer_tsv, values, "token\tn\tess_abs_1e-3\n"
		"\"a\", b\t\t12\n", "no quoting, empty values");
	is(&writer_csv, values, "token,n,ess_abs_1e-3\r\n"
		"\"\"\"a\"\", b\",,12\r\n", "quotes are doubled");
	is(&writer_jsonl, values, "{\"token\": \"\\\"a\\\", b\", "
		"\"n\": null, \"ess_abs_1e-3\": 12}\n",
		"quotes are escaped, empty is null");
}

/* Text as it is escaped, in a row of each format: its field alone. */
static void
text_is(const char *escaped, const char *csv, const char *jsonl)
{
	const struct value values[] = {
		{ .kind = VALUE_TEXT, .text = escaped },
		{ .kind = VALUE_NONE },
		{ .kind = VALUE_NONE },
	};
	char *row = xasprintf("token\tn\tess_abs_1e-3\n%s\t\t\n", escaped);

	is(&writer_tsv, values, row, escaped);
	free(row);
	row = xasprintf("token,n,ess_abs_1e-3\r\n%s,,\r\n", csv);
	is(&writer_csv, values, row, escaped);
	free(row);
	row = xasprintf("{\"token\": %s, \"n\": null, "
		"\"ess_abs_1e-3\": null}\n", jsonl);
	is(&writer_jsonl, values, row, escaped);
	free(row);
}

static void
test_escapes(void)
{
	text_is("a\\nb", "\"a\nb\"", "\"a\\u000ab\"");
	text_is("a\\tb", "\"a\tb\"", "\"a\\u0009b\"");
	text_is("a\\\\nb", "a\\nb", "\"a\\\\nb\"");
	text_is("\\\\x1b", "\\x1b", "\"\\\\x1b\"");
	text_is("\\x1b[0m", "\\x1b[0m", "\"\\u001b[0m\"");
	text_is("\\xc2\\x9b", "\\xc2\\x9b", "\"\\u009b\"");
	text_is("\\xe2\\x80\\xae", "\\xe2\\x80\\xae", "\"\\u202e\"");
	text_is("\\xff\\n", "\"\\xff\n\"", "\"\\\\xff\\\\n\"");
	text_is("\xf0\x9f\xa6\x86", "\xf0\x9f\xa6\x86",
		"\"\xf0\x9f\xa6\x86\"");
	text_is("\\x00", "\\x00", "\"\\u0000\"");
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
	test_escapes();
	test_not_finite();
	test_round_trip();
	return done();
}
