#include "ui/shorten.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/util.h"
#include "ui/canvas.h"
#include "ui/glyph.h"
#include "ui/utf8.h"

static bool
is_digit(char c)
{
	return isdigit((unsigned char)c) != 0;
}

/* Inside a character of several bytes? */
static bool
is_inside(char c)
{
	return (c & 0xc0) == 0x80;
}

struct shorten
shorten_new(const struct dump *dump)
{
	struct shorten shorten = { 0, 0 };
	const char *first;
	size_t length;

	if (!dump || dump->layer_count < 2)
		return shorten;
	first = dump->layers[0].label;
	length = strlen(first);
	shorten.prefix = shorten.suffix = length;
	for (size_t i = 1; i < dump->layer_count; i++) {
		const char *name = dump->layers[i].label;
		size_t n = strlen(name), p = 0, s = 0;

		while (p < shorten.prefix && p < n && name[p] == first[p])
			p++;
		while (s < shorten.suffix && s < n
		    && name[n - s - 1] == first[length - s - 1])
			s++;
		shorten.prefix = p;
		shorten.suffix = s;
	}
	/* A number is not torn apart, nor a character. */
	while (shorten.prefix && (is_digit(first[shorten.prefix - 1])
	    || is_inside(first[shorten.prefix])))
		shorten.prefix--;
	while (shorten.suffix && (is_digit(first[length - shorten.suffix])
	    || is_inside(first[length - shorten.suffix])))
		shorten.suffix--;
	return shorten;
}

/* Cells of the character at *text, which moves behind it. Names are as long
 * as a file likes: they are measured once, not once a character. */
static int
next_width(const char **text)
{
	char one[UTF8_MAX + 1] = "";
	uint32_t code;
	size_t n = utf8_decode(&code, *text);

	memcpy(one, *text, n);
	*text += n;
	return text_width(one);
}

/* The end of text[0 .. n) that fits into so many cells. */
static const char *
last_cells(const char *text, size_t n, int cells)
{
	char *copy = xstrndup(text, n);
	const char *start = copy;
	int width = text_width(copy);
	size_t skipped;

	while (*start && width > cells)
		width -= next_width(&start);
	skipped = (size_t)(start - copy);
	free(copy);
	return text + skipped;
}

/* How many bytes at the start of text fit into so many cells. */
static size_t
first_cells(const char *text, int cells)
{
	const char *end = text, *next = text;

	while (*next && (cells -= next_width(&next)) >= 0)
		end = next;
	return (size_t)(end - text);
}

/* Both ends of a name, without its middle. */
static char *
without_middle(const char *name, int width, const char *ellipsis)
{
	int head = (width - 1) / 2;
	size_t n = strlen(name);

	return xasprintf("%.*s%s%s", (int)first_cells(name, head), name,
		ellipsis, last_cells(name, n, width - 1 - head));
}

/* What is left of a name without its prefix: it begins with what tells the
 * name apart, a number as a rule. */
static char *
behind(const char *rest, int width, const char *ellipsis)
{
	char *tail = text_width(rest) < width ? xstrdup(rest)
		: without_middle(rest, width - 1, ellipsis);
	char *text = xasprintf("%s%s", ellipsis, tail);

	free(tail);
	return text;
}

char *
shorten_name(struct shorten shorten, const char *name, int width, bool unicode)
{
	char ellipsis[UTF8_MAX + 1] = "";
	size_t n = strlen(name);
	const char *middle = name + shorten.prefix, *tail, *head;
	int room, left;
	char *text;

	if (text_width(name) <= width || width < 3)
		return xstrdup(name);
	utf8_encode(ellipsis, (uint32_t)glyph_get(GLYPH_ELLIPSIS, unicode));
	if (shorten.prefix + shorten.suffix >= n)
		return without_middle(name, width, ellipsis);
	tail = name + n - shorten.suffix;
	text = xstrndup(middle, (size_t)(tail - middle));
	room = width - 2 - text_width(text);
	free(text);
	if (room < 0)
		return shorten.prefix ? behind(middle, width, ellipsis)
			: without_middle(name, width, ellipsis);
	/* The words next to the middle say most: half of the room for each. */
	head = last_cells(name, shorten.prefix, room - room / 2);
	left = room - (int)(middle - head) + (head == name);
	n = first_cells(tail, left);
	return xasprintf("%s%.*s%.*s%s", head > name ? ellipsis : "",
		(int)(tail - head), head, (int)n, tail,
		tail[n] ? ellipsis : "");
}
