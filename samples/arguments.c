#include "samples/arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void
arguments_die(int code, const char *subject, const char *problem)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, subject,
		problem);
	exit(code);
}

size_t
arguments_count(const char *option, const char *text, size_t least)
{
	char problem[64], *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || n < least
		|| n > 1u << 30) {
		snprintf(problem, sizeof problem,
			"expected a whole number from %zu to 2^30", least);
		arguments_die(2, option, problem);
	}
	return (size_t)n;
}
