/*
 * Deflated streams of many kinds, for tests of restart points.
 */
#ifndef TESTS_CORE_STREAM_OF_H
#define TESTS_CORE_STREAM_OF_H

#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "core/util.h"
#include "samples/arguments.h"

enum { SIZE = 12 << 20 };

/* What the stream holds, and how it was deflated. */
struct made {
	const char *what;
	int level, strategy, flush;
	enum { NOISE, WORDS, ZEROS, MIXED } content;
};

static inline unsigned char *
content_of(const struct made *made)
{
	unsigned char *bytes = xcalloc(SIZE, 1);
	uint64_t seed = 7;

	for (size_t k = 0; k < SIZE; k++) {
		uint64_t some = draw_bits(&seed);
		bool quiet = made->content == MIXED && (k >> 20 & 1);

		if (made->content == NOISE || (made->content == MIXED && !quiet))
			bytes[k] = (unsigned char)some;
		else if (made->content == WORDS)
			bytes[k] = (unsigned char)"etaoin shrdlu"[some % 13];
	}
	return bytes;
}

static inline size_t
deflate_all(unsigned char *out, size_t room, const unsigned char *in,
	const struct made *made)
{
	z_stream z = { 0 };
	size_t done = 0;

	deflateInit2(&z, made->level, Z_DEFLATED, -MAX_WBITS, 8,
		made->strategy);
	z.next_out = out;
	z.avail_out = (uInt)room;
	while (done < SIZE) {
		size_t part = size_min(SIZE - done, 300000);

		z.next_in = (unsigned char *)in + done;
		z.avail_in = (uInt)part;
		done += part;
		deflate(&z, done == SIZE ? Z_FINISH : made->flush);
	}
	deflateEnd(&z);
	return room - z.avail_out;
}

#endif
