#include "src/option_limits.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "src/options.h"

enum { THREADS_MAX = 1024 };

static const size_t cache_size_default = (size_t)1 << 30;

static bool
parse_count(size_t *out, const char **text)
{
	size_t value = 0;

	if (!isdigit((unsigned char)**text))
		return false;
	for (; isdigit((unsigned char)**text); (*text)++) {
		if (!size_mul(&value, value, 10)
		    || !size_add(&value, value, (size_t)(**text - '0')))
			return false;
	}
	*out = value;
	return true;
}

enum status
take_threads(struct options *options, const char *argument)
{
	const char *p = argument;
	size_t threads;

	if (!parse_count(&threads, &p) || *p || threads < 1
	    || threads > THREADS_MAX)
		return status_set(STATUS_USAGE, "--threads '%s': expected a "
			"number from 1 to %d", argument, THREADS_MAX);
	options->threads = threads;
	return STATUS_OK;
}

enum status
take_batch(struct options *options, const char *argument)
{
	const char *p = argument;

	options->batch_given = true;
	if (!parse_count(&options->batch, &p) || *p)
		return status_set(STATUS_USAGE, "--batch '%s': expected a "
			"number from 0 on", argument);
	return STATUS_OK;
}

/* "268435456", "256M", "1G". */
static bool
parse_size(size_t *out, const char *text)
{
	static const char units[] = "KMGT";
	const char *p = text, *unit;
	size_t value, scale = 1;

	if (!parse_count(&value, &p) || !value)
		return false;
	unit = *p ? strchr(units, toupper((unsigned char)*p)) : NULL;
	if (unit) {
		scale = (size_t)1 << (10 * (unit - units + 1));
		p++;
	}
	return !*p && size_mul(out, value, scale);
}

enum status
take_memory(struct options *options, const char *argument)
{
	if (!parse_size(&options->memory, argument))
		return status_set(STATUS_USAGE, "--memory '%s': expected "
			"bytes, or a number with K, M, G or T, as in 512M",
			argument);
	return STATUS_OK;
}

/* 0 is a size here: nothing is kept. */
static bool
parse_cache_size(size_t *out, const char *text)
{
	bool none = !strcmp(text, "0");

	if (none)
		*out = 0;
	return none || parse_size(out, text);
}

enum status
take_cache_size(struct options *options, const char *argument)
{
	options->cache_size_given = true;
	if (!parse_cache_size(&options->cache_size, argument))
		return status_set(STATUS_USAGE, "--cache-size '%s': expected "
			"0, bytes, or a number with K, M, G or T, as in 512M",
			argument);
	return STATUS_OK;
}

enum status
take_no_cache(struct options *options, const char *argument)
{
	(void)argument;
	options->cache_size_given = true;
	options->cache_size = 0;
	return STATUS_OK;
}

enum status
options_cache_size(size_t *out, const struct options *options)
{
	const char *text = getenv("ESSCOPE_CACHE_SIZE");

	*out = options->cache_size_given ? options->cache_size
		: cache_size_default;
	if (options->cache_size_given || !text || !*text
	    || parse_cache_size(out, text))
		return STATUS_OK;
	return status_set(STATUS_USAGE, "ESSCOPE_CACHE_SIZE is '%s'; expected "
		"0, bytes, or a number with K, M, G or T, as in 512M", text);
}
