#include "core/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_MAX = 1024 };

static _Thread_local char sentence[SENTENCE_MAX];

enum status
status_set(enum status code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sentence, sizeof sentence, fmt, ap);
	va_end(ap);
	return code;
}

enum status
status_at(enum status code, const char *fmt, ...)
{
	char old[SENTENCE_MAX];
	size_t used;
	va_list ap;

	if (code == STATUS_OK)
		return code;
	memcpy(old, sentence, sizeof old);
	va_start(ap, fmt);
	vsnprintf(sentence, sizeof sentence, fmt, ap);
	va_end(ap);
	used = strlen(sentence);
	if (used + 3 < sizeof sentence)
		snprintf(sentence + used, sizeof sentence - used, ": %.*s",
			(int)(sizeof sentence - used - 3), old);
	return code;
}

const char *
status_text(void)
{

	return sentence[0] ? sentence : "no error";
}
