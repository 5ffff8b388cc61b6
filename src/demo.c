/*
 * The sample is looked for from where the program is, so that a clone and a
 * moved installation find their own.
 */
#include "src/demo.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"
#include "core/util.h"

#define SAMPLE "samples/text_hybrid_step900.npz"

/* The folder of the running program, for free(); NULL where the system does
 * not tell. */
static char *
program_folder(void)
{
	char path[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	if (n <= 0)
		return NULL;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	return xstrdup(path);
}

static enum status
refuse(void)
{
	char *label = text_escape(ESSCOPE_DATA, strlen(ESSCOPE_DATA));

	status_set(STATUS_MISSING, "%s/" SAMPLE ": the sample that --demo "
		"opens is not installed", label);
	free(label);
	return STATUS_MISSING;
}

enum status
demo_find(char **out)
{
	static const char *const beside[] = {
		"/../" SAMPLE, "/../share/esscope/" SAMPLE,
	};
	char *folder = program_folder(), *path = NULL;

	for (size_t k = 0; folder && !path && k < LENGTH(beside); k++) {
		char *tried = xasprintf("%s%s", folder, beside[k]);

		/* Without the "..": it is shown, and copied. */
		path = realpath(tried, NULL);
		free(tried);
	}
	free(folder);
	if (!path && !access(ESSCOPE_DATA "/" SAMPLE, R_OK))
		path = xstrdup(ESSCOPE_DATA "/" SAMPLE);
	if (!path)
		return refuse();
	*out = path;
	return STATUS_OK;
}
