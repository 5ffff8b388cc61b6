/*
 * Escaping works on code points: a valid UTF-8 sequence is kept whole or
 * written as \xNN for each of its bytes, so what is printed reads back.
 */
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#include "core/util.h"

size_t
text_decode(uint32_t *out, const char *bytes, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)bytes;
	size_t size, i;
	uint32_t c;

	if (p[0] < 0x80) {
		*out = p[0];
		return 1;
	}
	size = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || size > n)
		return 0;
	c = p[0] & (0x7fu >> size);
	for (i = 1; i < size; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return size;
}

bool
text_is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0)
		|| c == 0x061c || c == 0x200e || c == 0x200f
		|| (c >= 0x2028 && c <= 0x202e)
		|| (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static const char hex[] = "0123456789abcdef";

static char *
put_escape(char *to, const char *p, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		*to++ = '\\';
		if (p[i] == '\n' || p[i] == '\t') {
			*to++ = p[i] == '\n' ? 'n' : 't';
			continue;
		}
		*to++ = 'x';
		*to++ = hex[(unsigned char)p[i] >> 4];
		*to++ = hex[p[i] & 15];
	}
	return to;
}

char *
text_escape(const char *bytes, size_t size)
{
	const char *p = bytes, *end = p + size;
	char *text, *to;
	size_t room;

	if (!size_mul(&room, size, 4) || !size_add(&room, room, 1))
		room = SIZE_MAX;
	to = text = xmalloc(room);
	while (p < end) {
		uint32_t c = 0;
		size_t n = text_decode(&c, p, (size_t)(end - p));

		if (n == 0 || text_is_unsafe(c)) {
			to = put_escape(to, p, n ? n : 1);
		} else {
			if (c == '\\')
				*to++ = '\\';
			memcpy(to, p, n);
			to += n;
		}
		p += n ? n : 1;
	}
	*to++ = '\0';
	return xreallocarray(text, (size_t)(to - text), 1);
}

/* The byte behind the backslash at p; *next is what follows it. */
static char
escaped_byte(const char **next, const char *p)
{
	if (p[1] != 'x') {
		*next = p + 2;
		return p[1] == 'n' ? '\n' : p[1] == 't' ? '\t' : p[1];
	}
	*next = p + 4;
	return (char)((strchr(hex, p[2]) - hex) << 4
		| (strchr(hex, p[3]) - hex));
}

char *
text_unescape(size_t *size, const char *escaped)
{
	char *bytes = xstrdup(escaped), *to = bytes;

	while (*escaped) {
		if (*escaped == '\\')
			*to++ = escaped_byte(&escaped, escaped);
		else
			*to++ = *escaped++;
	}
	*to = '\0';
	*size = (size_t)(to - bytes);
	return bytes;
}

static char *
encode(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

static uint32_t
ucs4_at(const unsigned char *data, size_t i, int big_endian)
{
	const unsigned char *p = data + 4 * i;

	return big_endian
		? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16
			| (uint32_t)p[2] << 8 | p[3]
		: (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16
			| (uint32_t)p[1] << 8 | p[0];
}

char *
text_from_ucs4(const unsigned char *data, size_t count, int big_endian,
	size_t *size)
{
	size_t i, n = count;
	char *text, *to;

	while (n > 0 && ucs4_at(data, n - 1, big_endian) == 0)
		n--;
	/* 4 bytes a code point are there already, so 4 n cannot wrap. */
	to = text = xmalloc(4 * n + 1);
	for (i = 0; i < n; i++) {
		uint32_t c = ucs4_at(data, i, big_endian);

		if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			c = 0xfffd;
		to = encode(to, c);
	}
	if (size)
		*size = (size_t)(to - text);
	*to++ = '\0';
	return xreallocarray(text, (size_t)(to - text), 1);
}

bool
text_is_safe(const char *bytes, size_t size)
{
	while (size) {
		uint32_t c;
		size_t n = text_decode(&c, bytes, size);

		if (n == 0 || text_is_unsafe(c))
			return false;
		bytes += n;
		size -= n;
	}
	return true;
}
