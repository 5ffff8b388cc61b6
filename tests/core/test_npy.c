#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/npy.h"
#include "tests/tap.h"

/* A header of the given version around a dict. */
static size_t
make_header(unsigned char *out, int version, const char *dict)
{
	size_t prefix = version == 1 ? 10 : 12, n = strlen(dict);

	memcpy(out, "\x93NUMPY", 6);
	out[6] = (unsigned char)version;
	out[7] = 0;
	out[8] = (unsigned char)(n & 255);
	out[9] = (unsigned char)(n >> 8);
	if (prefix == 12)
		out[10] = out[11] = 0;
	memcpy(out + prefix, dict, n);
	return prefix + n;
}

static enum status
parse(struct tensor_type *type, int version, const char *dict)
{
	unsigned char head[2048];
	size_t n = make_header(head, version, dict), size = 0;
	enum status code = npy_header_size(&size, head, n < 12 ? n : 12);

	return code ? code : npy_header_parse(type, head, n);
}

static const struct {
	int version;
	const char *dict, *text;
	bool big_endian, fortran;
} good[] = {
	{ 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 256, 16), }"
		"          \n", "f32 (4, 256, 16)", false, false },
	{ 2, "{'shape': (3,), 'descr': '>f8', 'fortran_order': True}\n",
		"f64 (3,)", true, true },
	{ 3, "{\"fortran_order\":False,\"shape\":(),\"descr\":\"|b1\"}",
		"bool ()", false, false },
	{ 1, "{'descr': '<i8', 'fortran_order': False, 'shape': (10L, 2L)}\n",
		"i64 (10, 2)", false, false },
	{ 1, "{'descr': '<U12', 'fortran_order': False, 'shape': (2,)}\n",
		"text (2,)", false, false },
	{ 1, "{'descr': '|S7', 'fortran_order': False, 'shape': (2,)}\n",
		"bytes (2,)", false, false },
	{ 1, "{'descr': '|V2', 'fortran_order': False, 'shape': (2,)}\n",
		"raw16 (2,)", false, false },
	{ 1, "{'descr': 'bfloat16', 'fortran_order': False, 'shape': (2,)}\n",
		"raw16 (2,)", false, false },
	{ 1, "{'descr': '<g2', 'fortran_order': False, 'shape': (2,)}\n",
		"raw16 (2,)", false, false },
	{ 1, "{'descr': '<c8', 'fortran_order': False, 'shape': (2,)}\n",
		"c64 (2,)", false, false },
	{ 1, "{'descr': '<f2', 'fortran_order': False, 'shape': (0, "
		"9223372036854775807, 4)}\n", "f16 (0, 9223372036854775807, 4)",
		false, false },
};

static const struct {
	const char *dict, *part, *what;
	bool dtype;                     /* a header in order, but refused */
} bad[] = {
	{ "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", "pickle",
		"Python objects", true },
	{ "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}",
		"structured", "fields", true },
	{ "{'descr': '<f16', 'fortran_order': False, 'shape': (2,)}",
		"long double", "long double", true },
	{ "{'descr': '<c32', 'fortran_order': False, 'shape': (2,)}",
		"long double", "complex long double", true },
	{ "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,)}",
		"date", "datetime", true },
	{ "{'descr': '|V8', 'fortran_order': False, 'shape': (2,)}",
		"raw type", "void", true },
	{ "{'descr': '<U0', 'fortran_order': False, 'shape': (2,)}",
		"not read", "text without width", true },
	{ "{'descr': '\x1b[2J', 'fortran_order': False, 'shape': (2,)}",
		"\\x1b[2J", "an escape sequence in descr", true },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': "
		"(9223372036854775808, 9223372036854775808)}", "larger",
		"a shape of 2^63 by 2^63" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': "
		"(9223372036854775808,)}", "larger", "a shape of 2^63" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': "
		"(99999999999999999999999,)}", "2^64", "a shape beyond 2^64" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': "
		"(1,1,1,1,1,1,1,1,1)}", "9 axes; at most 8", "nine axes" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
		"expected one, found -1,)}", "a negative dimension" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
		"found 3)}", "a shape without a comma" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': [2, 3]}",
		"found [2, 3]}", "a list for a shape" },
	{ "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
		"fortran_order", "fortran_order 0" },
	{ "{'descr': '<f4', 'fortran_order': False}", "has no shape; ex",
		"no shape" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
		"has the key x; expected a dict of exactly descr", "a fourth key" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 3: 1}",
		"has no key where", "a key that is no text" },
	{ "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, "
		"'shape': (2,)}", "the key descr twice", "a key twice" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + 1",
		"goes on behind", "text after the dict" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': (2,",
		"found the end", "a dict that stops" },
	{ "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", "dict",
		"a dict that is not closed" },
	{ "{'descr': '<f4'", "dict", "a dict that stops early" },
	{ "{'descr': '<f4", "dtype string", "a string that is not closed" },
	{ "", "dict", "nothing" },
};

static void
test_good(void)
{
	size_t i;

	for (i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct tensor_type type;
		char text[TENSOR_TYPE_TEXT];
		enum status code = parse(&type, good[i].version, good[i].dict);

		ok(code == STATUS_OK
			&& !strcmp(tensor_type_text(text, &type), good[i].text)
			&& type.big_endian == good[i].big_endian
			&& type.fortran == good[i].fortran,
			"%s", good[i].text);
	}
}

static void
test_bad(void)
{
	struct tensor_type type = { .rank = 77 };
	size_t i;

	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		enum status code = parse(&type, 1, bad[i].dict);

		ok(code == (bad[i].dtype ? STATUS_TYPE : STATUS_FORMAT)
			&& strstr(status_text(), bad[i].part),
			"%s: %s", bad[i].what, status_text());
	}
	ok(type.rank == 77, "the result is untouched on failure");
	ok(parse(&type, 4, good[0].dict) == STATUS_FORMAT, "version 4");
}

static void
test_sizes(void)
{
	unsigned char head[12] = "\x93NUMPY\x02\x00";
	size_t size = 5;

	memset(head + 8, 0xff, 4);
	ok(npy_header_size(&size, head, 12) == STATUS_FORMAT && size == 5,
		"a header of 4 GiB: %s", status_text());
	ok(npy_header_size(&size, head, 11) == STATUS_FORMAT, "11 bytes of v2");
	ok(npy_header_size(&size, head, 9) == STATUS_FORMAT, "9 bytes");
	head[6] = 1;
	head[8] = 118;
	head[9] = 0;
	ok(npy_header_size(&size, head, 10) == STATUS_OK && size == 128,
		"10 bytes are enough for v1");
	head[0] = 'x';
	ok(npy_header_size(&size, head, 12) == STATUS_FORMAT, "no magic");
}

int
main(void)
{
	test_good();
	test_bad();
	test_sizes();
	return done();
}
