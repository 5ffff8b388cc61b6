#include "ui/digits.h"

#include <string.h>

int
digits_put(char *out, unsigned number)
{
	char digits[DIGITS_MOST];
	int at = DIGITS_MOST;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	memcpy(out, digits + at, (size_t)(DIGITS_MOST - at));
	return DIGITS_MOST - at;
}
