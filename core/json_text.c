#include "core/json_text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/util.h"

/* What is shown of what was found. */
enum { FOUND_MOST = 12 };

static void
skip_blanks(struct json_cursor *c)
{
	while (c->p < c->end
		&& (*c->p == ' ' || *c->p == '\t' || *c->p == '\n'
			|| *c->p == '\r'))
		c->p++;
}

bool
scan_take(struct json_cursor *c, char wanted)
{
	skip_blanks(c);
	if (c->p == c->end || *c->p != wanted)
		return false;
	c->p++;
	return true;
}

bool
scan_at_end(struct json_cursor *c)
{
	skip_blanks(c);
	return c->p == c->end;
}

enum status
scan_fail(const struct json_cursor *c, const char *expected)
{
	size_t left = (size_t)(c->end - c->p);
	char *found = text_escape(c->p, size_min(left, FOUND_MOST));

	status_set(STATUS_FORMAT, "byte %zu of the header: expected %s, "
		"found %s%s", (size_t)(c->p - c->start), expected,
		left ? found : "its end", left > FOUND_MOST ? "..." : "");
	free(found);
	return STATUS_FORMAT;
}

enum status
scan_need(struct json_cursor *c, char wanted)
{
	const char quoted[] = { '\'', wanted, '\'', '\0' };

	return scan_take(c, wanted) ? STATUS_OK : scan_fail(c, quoted);
}

/* Four hexadecimal digits. */
static bool
take_unit(uint32_t *out, struct json_cursor *c)
{
	uint32_t value = 0;

	if (c->end - c->p < 4)
		return false;
	for (int k = 0; k < 4; k++) {
		int digit = (unsigned char)*c->p++;

		if (!isxdigit(digit))
			return false;
		value = value << 4
			| (uint32_t)(isdigit(digit)
					     ? digit - '0'
					     : tolower(digit) - 'a' + 10);
	}
	*out = value;
	return true;
}

/* What follows \u: a code point, perhaps as a pair of surrogates. */
static bool
take_code_point(uint32_t *out, struct json_cursor *c)
{
	uint32_t high, low;

	if (!take_unit(&high, c) || (high >= 0xdc00 && high < 0xe000))
		return false;
	*out = high;
	if (high < 0xd800 || high >= 0xdc00)
		return true;
	if (c->end - c->p < 2 || c->p[0] != '\\' || c->p[1] != 'u')
		return false;
	c->p += 2;
	if (!take_unit(&low, c) || low < 0xdc00 || low >= 0xe000)
		return false;
	*out = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

static size_t
put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* One escape, behind its backslash. An escape is never shorter than what it
 * stands for, so `to` has room. */
static bool
take_escape(char **to, struct json_cursor *c)
{
	static const char codes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *code;
	uint32_t point;

	if (c->p == c->end)
		return false;
	if (*c->p == 'u') {
		c->p++;
		if (!take_code_point(&point, c))
			return false;
		*to += put_utf8(*to, point);
		return true;
	}
	code = memchr(codes, *c->p, sizeof codes - 1);
	if (!code)
		return false;
	c->p++;
	*(*to)++ = meant[code - codes];
	return true;
}

/* Up to the closing quote, and past it. */
static bool
take_text(char **to, struct json_cursor *c)
{
	while (c->p < c->end && *c->p != '"') {
		uint32_t point;
		size_t n;

		if (*c->p == '\\') {
			c->p++;
			if (!take_escape(to, c))
				return false;
			continue;
		}
		n = text_decode(&point, c->p, (size_t)(c->end - c->p));
		if (n == 0 || point < 0x20)
			return false;
		memcpy(*to, c->p, n);
		*to += n;
		c->p += n;
	}
	return c->p < c->end && *c->p++ == '"';
}

/* How many bytes there are up to the closing quote, escapes as they stand. */
static size_t
raw_size(const struct json_cursor *c)
{
	const char *p = c->p;

	while (p < c->end && *p != '"')
		p += *p == '\\' && c->end - p > 1 ? 2 : 1;
	return (size_t)(p - c->p);
}

enum status
scan_string(char **out, size_t *size, struct json_cursor *c)
{
	enum status code;
	char *text, *to;
	void *room;

	if (!scan_take(c, '"'))
		return scan_fail(c, "a string");
	code = util_alloc(&room, raw_size(c) + 1, 1, "a name");
	if (code)
		return code;
	to = text = room;
	if (!take_text(&to, c)) {
		free(text);
		return scan_fail(c, "a string of valid UTF-8 and escapes, "
				    "with a closing quote");
	}
	*to = '\0';
	*size = (size_t)(to - text);
	*out = text;
	return STATUS_OK;
}

enum status
scan_size(size_t *out, struct json_cursor *c)
{
	const char *start;
	size_t value = 0;

	skip_blanks(c);
	for (start = c->p; c->p < c->end && isdigit((unsigned char)*c->p);
		c->p++) {
		if (!size_mul(&value, value, 10)
			|| !size_add(&value, value, (size_t)(*c->p - '0')))
			return scan_fail(c, "a size below 2^64");
	}
	if (c->p == start || (*start == '0' && c->p - start > 1)
		|| (c->p < c->end && strchr(".eE", *c->p) && *c->p))
		return scan_fail(c, "a size, as in 16");
	*out = value;
	return STATUS_OK;
}
