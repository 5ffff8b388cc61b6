#include "ui/token_text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/dump.h"
#include "core/text.h"
#include "core/util.h"
#include "ui/canvas.h"
#include "ui/utf8.h"

/* Tokens that tell the vocabulary. */
enum { LOOKED_AT = 4096 };

enum vocabulary { PLAIN, BYTE_LEVEL, SENTENCE_PIECE, WORD_PIECE };

static const char blank_mark[] = "\xe2\x96\x81";        /* U+2581 */

/* The bytes of all tokens, one behind the other, and whose each is. */
struct stream {
	unsigned char *bytes;
	size_t *owners;
	size_t count, room;
};

static void
stream_add(struct stream *stream, size_t owner, const char *bytes, size_t n)
{
	if (stream->count + n > stream->room) {
		stream->room = 2 * (stream->count + n);
		stream->bytes = xreallocarray(stream->bytes, stream->room, 1);
		stream->owners = xreallocarray(stream->owners, stream->room,
			sizeof *stream->owners);
	}
	for (size_t k = 0; k < n; k++) {
		stream->bytes[stream->count] = (unsigned char)bytes[k];
		stream->owners[stream->count++] = owner;
	}
}

static enum vocabulary
vocabulary_of(const struct layer *layer)
{
	size_t count = size_min(layer->length, LOOKED_AT);
	enum vocabulary found = PLAIN;

	for (size_t i = 0; i < count; i++) {
		const char *token = layer_token(layer, i);

		/* U+0120 and U+010A: a blank and a newline. */
		if (!strncmp(token, "\xc4\xa0", 2)
		    || !strncmp(token, "\xc4\x8a", 2))
			return BYTE_LEVEL;
		if (!strncmp(token, blank_mark, 3))
			return SENTENCE_PIECE;
		if (!strncmp(token, "##", 2) && token[2])
			found = WORD_PIECE;
	}
	return found;
}

/* The byte a character of the byte-level alphabet stands for, or -1: printable
 * Latin-1 for itself, the others in order from U+0100 on. */
static int
byte_of(uint32_t code)
{
	uint32_t next = 256;

	if ((code >= 33 && code <= 126) || (code >= 161 && code <= 255
		&& code != 173))
		return (int)code;
	for (int byte = 0; byte < 256; byte++) {
		if ((byte >= 33 && byte <= 126) || (byte >= 161
			&& byte != 173))
			continue;
		if (code == next++)
			return byte;
	}
	return -1;
}

/* False, and nothing is added, where it is not all of that alphabet. */
static bool
add_byte_level(struct stream *stream, size_t owner, const char *token)
{
	size_t before = stream->count;

	while (*token) {
		uint32_t code;
		char byte;
		int value;

		token += utf8_decode(&code, token);
		value = byte_of(code);
		if (value < 0) {
			stream->count = before;
			return false;
		}
		byte = (char)value;
		stream_add(stream, owner, &byte, 1);
	}
	return true;
}

/* <0x0A>, in either case. */
static bool
is_byte_token(char *byte, const char *token)
{
	static const char digits[] = "0123456789abcdef";
	const char *high, *low;

	if (strlen(token) != 6 || strncmp(token, "<0x", 3) || token[5] != '>')
		return false;
	high = strchr(digits, token[3] | (token[3] >= 'A' ? 32 : 0));
	low = strchr(digits, token[4] | (token[4] >= 'A' ? 32 : 0));
	if (!high || !low || !*high || !*low)
		return false;
	*byte = (char)((high - digits) * 16 + (low - digits));
	return true;
}

/* Blanks for their marks. */
static void
add_sentence_piece(struct stream *stream, size_t owner, const char *token,
	size_t size)
{
	for (size_t k = 0; k < size; k++) {
		if (size - k >= 3 && !strncmp(token + k, blank_mark, 3)) {
			stream_add(stream, owner, " ", 1);
			k += 2;
		} else {
			stream_add(stream, owner, token + k, 1);
		}
	}
}

static void
add_token(struct stream *stream, const struct layer *layer, size_t i,
	enum vocabulary vocabulary)
{
	const char *token = layer_token(layer, i);
	char *bytes, byte;
	size_t size;

	if (is_byte_token(&byte, token)) {
		stream_add(stream, i, &byte, 1);
		return;
	}
	bytes = text_unescape(&size, token);
	if (vocabulary == BYTE_LEVEL && add_byte_level(stream, i, bytes)) {
		free(bytes);
		return;
	}
	if (vocabulary == SENTENCE_PIECE) {
		add_sentence_piece(stream, i, bytes, size);
	} else if (vocabulary == WORD_PIECE && size > 2
	    && !strncmp(bytes, "##", 2)) {
		stream_add(stream, i, bytes + 2, size - 2);
	} else {
		if (vocabulary == WORD_PIECE && i > 0)
			stream_add(stream, i, " ", 1);
		stream_add(stream, i, bytes, size);
	}
	free(bytes);
}

static void
piece_add(struct token_piece *piece, const char *text, size_t n)
{
	size_t length = strlen(piece->text);

	piece->text = xreallocarray(piece->text, length + n + 1, 1);
	memcpy(piece->text + length, text, n);
	piece->text[length + n] = '\0';
}

/* A control character by its picture (U+2400 on) or its name in C. */
static void
piece_add_control(struct token_piece *piece, const char *bytes, size_t n,
	uint32_t code, bool unicode)
{
	char picture[UTF8_MAX], *escaped;

	if (unicode && (code < 0x20 || code == 0x7f)) {
		piece_add(piece, picture, utf8_encode(picture, code < 0x20
			? 0x2400 + code : 0x2421));
		return;
	}
	escaped = text_escape(bytes, n);
	piece_add(piece, escaped, strlen(escaped));
	free(escaped);
}

/* Characters to the tokens that begin them. */
static void
share_out(struct token_text *text, const struct stream *stream, bool unicode)
{
	for (size_t k = 0; k < stream->count;) {
		const char *at = (const char *)stream->bytes + k;
		struct token_piece *piece = &text->pieces[stream->owners[k]
			- text->begin];
		uint32_t code = 0;
		size_t n = text_decode(&code, at, stream->count - k);

		if (n == 0 || text_is_unsafe(code))
			piece_add_control(piece, at, n ? n : 1, n ? code
				: UINT32_MAX, unicode);
		else
			piece_add(piece, at, n);
		if (n && code == '\n')
			piece->breaks = true;
		k += n ? n : 1;
	}
}

struct token_text *
token_text_new(const struct layer *layer, size_t begin, size_t end,
	bool unicode)
{
	struct token_text *text = xcalloc(1, sizeof *text);
	enum vocabulary vocabulary = vocabulary_of(layer);
	struct stream stream = { 0 };

	text->begin = begin;
	text->count = end - begin;
	text->pieces = xcalloc(text->count, sizeof *text->pieces);
	for (size_t i = begin; i < end; i++) {
		text->pieces[i - begin].text = xstrdup("");
		add_token(&stream, layer, i, vocabulary);
	}
	share_out(text, &stream, unicode);
	free(stream.bytes);
	free(stream.owners);
	for (size_t k = 0; k < text->count; k++) {
		struct token_piece *piece = &text->pieces[k];

		if (text_width(piece->text) == 0) {
			const char *dot = unicode ? "\xc2\xb7" : ".";

			piece_add(piece, dot, strlen(dot));
		}
		piece->width = text_width(piece->text);
	}
	return text;
}

void
token_text_free(struct token_text *text)
{
	if (!text)
		return;
	for (size_t k = 0; k < text->count; k++)
		free(text->pieces[k].text);
	free(text->pieces);
	free(text);
}
