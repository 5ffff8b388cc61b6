#include "ui/base64.h"

#include <stdint.h>

#include "core/util.h"

char *
base64_encode(const char *bytes, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	char *text = xcalloc((size + 2) / 3 + 1, 4), *out = text;

	for (size_t k = 0; k < size; k += 3) {
		uint32_t word = 0;
		size_t n = size_min(size - k, 3);

		for (size_t i = 0; i < 3; i++)
			word = word << 8 | (i < n
				? (unsigned char)bytes[k + i] : 0);
		for (size_t i = 0; i < 4; i++)
			*out++ = i <= n ? digits[word >> (18 - 6 * i) & 63]
				: '=';
	}
	return text;
}
