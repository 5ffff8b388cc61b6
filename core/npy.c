/*
 * The header is text from a stranger: one cursor walks it, never beyond its
 * end, and every dimension is checked before it is multiplied.
 */
#include "core/npy.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/util.h"

enum {
	MAGIC_SIZE = 6,
	PREFIX_V1 = 10,                 /* magic, version, u16 length */
	PREFIX_V2 = 12,                 /* magic, version, u32 length */
	DESCR_MAX = 32,
	SHAPE_QUOTED = 12,
};

static const unsigned char magic[MAGIC_SIZE] = "\x93NUMPY";

/* Bytes before the dict, from the version; 0 for an unknown one. */
static size_t
prefix_size(const unsigned char *head)
{
	if (head[6] == 1)
		return PREFIX_V1;
	return head[6] == 2 || head[6] == 3 ? PREFIX_V2 : 0;
}

enum status
npy_header_size(size_t *out, const unsigned char *head, size_t n)
{
	size_t prefix, size;

	if (n < PREFIX_V1 || memcmp(head, magic, MAGIC_SIZE) != 0)
		return status_set(STATUS_FORMAT,
			"no .npy header; expected an array as numpy.save writes it");
	prefix = prefix_size(head);
	if (prefix == 0)
		return status_set(STATUS_FORMAT,
			".npy version %d; expected 1, 2 or 3", head[6]);
	if (n < prefix)
		return status_set(STATUS_FORMAT, ".npy header cut off");
	size = (size_t)head[8] | (size_t)head[9] << 8;
	if (prefix == PREFIX_V2)
		size |= (size_t)head[10] << 16 | (size_t)head[11] << 24;
	if (size > NPY_HEADER_MAX - PREFIX_V2)
		return status_set(STATUS_FORMAT, ".npy header of %zu bytes; "
			"at most %d are read", size, NPY_HEADER_MAX - PREFIX_V2);
	*out = prefix + size;
	return STATUS_OK;
}

struct cursor {
	const char *p, *end;
};

static void
skip_blanks(struct cursor *c)
{
	while (c->p < c->end && isspace((unsigned char)*c->p))
		c->p++;
}

/* Is the next character that is not blank the wanted one? */
static bool
peek(struct cursor *c, char wanted)
{
	skip_blanks(c);
	return c->p < c->end && *c->p == wanted;
}

static bool
take(struct cursor *c, char wanted)
{
	if (!peek(c, wanted))
		return false;
	c->p++;
	return true;
}

static bool
take_word(struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	skip_blanks(c);
	if ((size_t)(c->end - c->p) < n || memcmp(c->p, word, n) != 0)
		return false;
	c->p += n;
	return true;
}

/* A quoted string without escapes: numpy writes no others here. */
static bool
take_string(struct cursor *c, char *out, size_t room)
{
	const char *start;
	char quote;
	size_t n;

	if (!peek(c, '\'') && !peek(c, '"'))
		return false;
	quote = *c->p++;
	start = c->p;
	while (c->p < c->end && *c->p != quote && *c->p != '\\')
		c->p++;
	if (c->p == c->end || *c->p != quote)
		return false;
	n = (size_t)(c->p++ - start);
	if (n >= room)
		return false;
	memcpy(out, start, n);
	out[n] = '\0';
	return true;
}

/* Quotes what stands there. */
static enum status
fail_shape(const struct cursor *c)
{
	size_t n = size_min((size_t)(c->end - c->p), SHAPE_QUOTED);
	char *text = text_escape(c->p, n);

	status_set(STATUS_FORMAT, "shape is no tuple of sizes: expected one, "
		"found %s", n ? text : "the end of the header");
	free(text);
	return STATUS_FORMAT;
}

/* A decimal number, perhaps with the L of Python 2. */
static enum status
take_size(size_t *out, struct cursor *c)
{
	size_t value = 0;
	const char *start;

	skip_blanks(c);
	for (start = c->p; c->p < c->end && isdigit((unsigned char)*c->p); c->p++) {
		if (!size_mul(&value, value, 10)
			|| !size_add(&value, value, (size_t)(*c->p - '0')))
			return status_set(STATUS_FORMAT,
				"a dimension of more than 2^64");
	}
	if (c->p == start)
		return fail_shape(c);
	if (c->p < c->end && *c->p == 'L')
		c->p++;
	*out = value;
	return STATUS_OK;
}

static enum status
take_shape(struct tensor_type *type, struct cursor *c)
{
	int rank = 0;

	if (!take(c, '('))
		return fail_shape(c);
	for (; !take(c, ')'); rank++) {
		size_t extent = 0;
		enum status code = take_size(&extent, c);

		if (code)
			return code;
		if (rank < TENSOR_RANK_MAX)
			type->shape[rank] = extent;
		if (!take(c, ',') && !peek(c, ')'))
			return fail_shape(c);
	}
	if (rank > TENSOR_RANK_MAX)
		return status_set(STATUS_FORMAT, "%d axes; at most %d are read",
			rank, TENSOR_RANK_MAX);
	type->rank = rank;
	return STATUS_OK;
}

static const struct {
	const char *code;               /* descr without its byte order */
	enum dtype dtype;
} dtypes[] = {
	{ "b1", DTYPE_BOOL }, { "?", DTYPE_BOOL },
	{ "i1", DTYPE_I8 }, { "i2", DTYPE_I16 },
	{ "i4", DTYPE_I32 }, { "i8", DTYPE_I64 },
	{ "u1", DTYPE_U8 }, { "u2", DTYPE_U16 },
	{ "u4", DTYPE_U32 }, { "u8", DTYPE_U64 },
	{ "f2", DTYPE_F16 }, { "f4", DTYPE_F32 }, { "f8", DTYPE_F64 },
	{ "c8", DTYPE_C64 }, { "c16", DTYPE_C128 },
	/* What becomes of ml_dtypes' bfloat16, which has no code of its own. */
	{ "V2", DTYPE_RAW2 }, { "g2", DTYPE_RAW2 }, { "bfloat16", DTYPE_RAW2 },
};

static const size_t dtype_sizes[] = {
#define DTYPE_SIZE(name, text, size) [DTYPE_##name] = size,
	DTYPE_INFO(DTYPE_SIZE)
#undef DTYPE_SIZE
};

/* Why arrays of this type are not read, and what to save instead. */
static enum status
refuse_descr(const char *descr)
{
	char kind = descr[strspn(descr, "<>|=")];
	char *text = text_escape(descr, strlen(descr));
	const char *why = "is not read; save float32 numbers";

	if (kind == 'O')
		why = "holds Python objects (pickle), which are never read; "
			"save plain numbers, or text as np.array(x, dtype=str)";
	else if (kind == 'f' || kind == 'c')
		why = "is a long double or unknown float; save float64";
	else if (kind == 'V')
		why = "is a structured or raw type; save float32 numbers";
	else if (kind == 'M' || kind == 'm')
		why = "is a date or time; save numbers";
	status_set(STATUS_TYPE, "dtype '%s' %s", text, why);
	free(text);
	return STATUS_TYPE;
}

/* U12 and S7: fixed-width text; the number is of code points or bytes. */
static enum status
text_descr(struct tensor_type *type, const char *descr, const char *code)
{
	const char *end;
	size_t width = 0;

	type->dtype = code[0] == 'U' ? DTYPE_UCS4 : DTYPE_BYTES;
	for (end = code + 1; isdigit((unsigned char)*end); end++) {
		if (!size_mul(&width, width, 10)
			|| !size_add(&width, width, (size_t)(*end - '0')))
			return refuse_descr(descr);
	}
	if (*end || width == 0
		|| !size_mul(&type->item, width, code[0] == 'U' ? 4 : 1))
		return refuse_descr(descr);
	return STATUS_OK;
}

static enum status
parse_descr(struct tensor_type *type, const char *descr)
{
	const char *code = descr + (*descr && strchr("<>|=", *descr) ? 1 : 0);
	size_t i;

	type->big_endian = *descr == '>';
	if (*code == 'U' || *code == 'S')
		return text_descr(type, descr, code);
	for (i = 0; i < LENGTH(dtypes); i++) {
		if (strcmp(code, dtypes[i].code) == 0) {
			type->dtype = dtypes[i].dtype;
			type->item = dtype_sizes[type->dtype];
			return STATUS_OK;
		}
	}
	return refuse_descr(descr);
}

/* Which of the three keys have been seen. */
enum { SEEN_DESCR = 1, SEEN_ORDER = 2, SEEN_SHAPE = 4, SEEN_ALL = 7 };

static enum status
take_descr(struct tensor_type *type, struct cursor *c)
{
	char descr[DESCR_MAX];

	if (peek(c, '['))
		return status_set(STATUS_TYPE, "a structured array (fields "
			"with names); save each field as an array of its own");
	if (!take_string(c, descr, sizeof descr))
		return status_set(STATUS_FORMAT, "descr is no dtype string");
	return parse_descr(type, descr);
}

static enum status
take_order(struct tensor_type *type, struct cursor *c)
{
	type->fortran = take_word(c, "True");
	if (!type->fortran && !take_word(c, "False"))
		return status_set(STATUS_FORMAT,
			"fortran_order is neither True nor False");
	return STATUS_OK;
}

/* One `'key': value` of the dict. */
static enum status
take_pair(struct tensor_type *type, int *seen, struct cursor *c)
{
	static const struct {
		const char *key;
		int bit;
		enum status (*take)(struct tensor_type *, struct cursor *);
	} pairs[] = {
		{ "descr", SEEN_DESCR, take_descr },
		{ "fortran_order", SEEN_ORDER, take_order },
		{ "shape", SEEN_SHAPE, take_shape },
	};
	char key[DESCR_MAX] = "", *label;
	size_t i;

	if (!take_string(c, key, sizeof key) || !take(c, ':'))
		key[0] = '\0';
	for (i = 0; i < LENGTH(pairs); i++) {
		if (strcmp(key, pairs[i].key) == 0)
			break;
	}
	if (i < LENGTH(pairs) && !(*seen & pairs[i].bit)) {
		*seen |= pairs[i].bit;
		return pairs[i].take(type, c);
	}
	label = text_escape(key, strlen(key));
	status_set(STATUS_FORMAT, ".npy header has %s%s%s; expected a dict of "
		"exactly descr, fortran_order and shape", *key ? "the key " :
		"no key where there should be one", label,
		i < LENGTH(pairs) ? " twice" : "");
	free(label);
	return STATUS_FORMAT;
}

static enum status
fail_missing(int seen)
{
	return status_set(STATUS_FORMAT, ".npy header has no %s; expected a "
		"dict of exactly descr, fortran_order and shape",
		!(seen & SEEN_DESCR) ? "descr" : !(seen & SEEN_ORDER)
		? "fortran_order" : "shape");
}

enum status
npy_header_parse(struct tensor_type *out, const unsigned char *head, size_t n)
{
	struct tensor_type type = { 0 };
	struct cursor c = { (const char *)head, (const char *)head + n };
	enum status code;
	size_t size;
	int seen = 0;

	code = npy_header_size(&size, head, n);
	if (code)
		return code;
	if (size != n)
		return status_set(STATUS_FORMAT, ".npy header cut off");
	c.p += prefix_size(head);
	if (!take(&c, '{'))
		return status_set(STATUS_FORMAT, ".npy header is no dict");
	while (!take(&c, '}')) {
		code = take_pair(&type, &seen, &c);
		if (code)
			return code;
		if (!take(&c, ',') && !peek(&c, '}'))
			return status_set(STATUS_FORMAT,
				".npy header is no dict");
	}
	skip_blanks(&c);
	if (seen != SEEN_ALL)
		return fail_missing(seen);
	if (c.p != c.end)
		return status_set(STATUS_FORMAT, ".npy header goes on behind "
			"its dict; expected blanks only");
	code = tensor_type_measure(&type);
	if (code)
		return code;
	*out = type;
	return STATUS_OK;
}

enum status
npy_check_size(const struct tensor_type *type, size_t header_size,
	uint64_t bytes)
{
	char text[TENSOR_TYPE_TEXT];

	if (bytes >= header_size && bytes - header_size == type->bytes)
		return STATUS_OK;
	return status_set(STATUS_FORMAT, "%s takes %zu bytes, but %ju follow "
		"its header", tensor_type_text(text, type), type->bytes,
		(uintmax_t)(bytes < header_size ? 0 : bytes - header_size));
}
