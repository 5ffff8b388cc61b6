/*
 * -o: temporary file, fsync, rename; or in place.
 */
#include "src/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "core/util.h"
#include "src/ending.h"

struct output {
	FILE *stream;
	char *shown;            /* the path, safe to print */
	char *target;           /* what to rename to; NULL: in place */
	char *temporary;
	bool quiet;             /* no signal is watched for */
};

static enum status
failed(const struct output *output, const char *what)
{
	int error = errno;

	return status_set(STATUS_IO, "%s: cannot %s: %s", output->shown, what,
		strerror(error));
}

/* What was written so far is all that the reader of a pipe wanted. */
static enum status
failed_to_write(const struct output *output)
{
	if (errno == EPIPE && output->stream == stdout)
		return status_set(STATUS_CANCELLED, "standard output: closed "
			"by its reader");
	return failed(output, "write");
}

static void
output_free(struct output *output)
{
	free(output->shown);
	free(output->target);
	free(output->temporary);
	free(output);
}

/* No signal need remove it. */
static void
forget(const struct output *output)
{
	if (!output->quiet)
		ending_remove(NULL);
}

/* The handler knows the name before there is a file: a library's thread may
 * take the signal, so that masking it here would not help. */
static int
make_temporary(struct output *output)
{
	int fd;

	if (!output->quiet)
		ending_remove(output->temporary);
	fd = mkstemp(output->temporary);
	if (fd < 0)
		forget(output);
	return fd;
}

static mode_t
default_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* "dir/out.tsv" -> "dir/.esscope-XXXXXX" */
static char *
temporary_beside(const char *target)
{
	const char *slash = strrchr(target, '/');
	int length = slash ? (int)(slash - target) + 1 : 0;

	return xasprintf("%.*s.esscope-XXXXXX", length, target);
}

/* The file that a link without one is to lead to, over further links: its
 * path beside the link unless it is absolute. NULL: it cannot be told. Links
 * in a circle do not get here, stat names them. */
static char *
follow_links(const char *path)
{
	char *at = xstrdup(path);
	char to[PATH_MAX];
	struct stat st;

	while (!lstat(at, &st) && S_ISLNK(st.st_mode)) {
		ssize_t n = readlink(at, to, sizeof to);
		char *slash = strrchr(at, '/'), *next;
		bool beside = slash && n > 0 && to[0] != '/';

		if (n < 0 || (size_t)n == sizeof to) {
			free(at);
			return NULL;
		}
		next = xasprintf("%.*s%.*s", beside ? (int)(slash - at) + 1 : 0,
			at, (int)n, to);
		free(at);
		at = next;
	}
	return at;
}

/* old: what the target is now, or NULL. */
static enum status
open_beside(struct output *output, const char *path, const struct stat *old)
{
	int fd;

	if (old && access(path, W_OK))
		return failed(output, "write");
	/* Through a symbolic link, to the file it names. */
	output->target = old ? realpath(path, NULL) : follow_links(path);
	if (!output->target)
		return failed(output, "write");
	output->temporary = temporary_beside(output->target);
	fd = make_temporary(output);
	if (fd < 0)
		return failed(output, "write beside it");
	(void)fchmod(fd, old ? old->st_mode & 07777 : default_mode());
	output->stream = fdopen(fd, "w");
	if (!output->stream) {
		close(fd);
		unlink(output->temporary);
		forget(output);
		return failed(output, "write");
	}
	return STATUS_OK;
}

static enum status
open_in_place(struct output *output, const char *path)
{
	output->stream = fopen(path, "w");
	return output->stream ? STATUS_OK : failed(output, "write");
}

/* Is the path another name of standard output, as /dev/stdout is? */
static bool
is_stdout(const struct stat *st)
{
	struct stat out;

	return !fstat(STDOUT_FILENO, &out) && out.st_dev == st->st_dev
		&& out.st_ino == st->st_ino;
}

static enum status
open_path(struct output *output, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return errno == ENOENT ? open_beside(output, path, NULL)
			: failed(output, "write");
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return failed(output, "write");
	}
	if (is_stdout(&st)) {
		output->stream = stdout;
		return STATUS_OK;
	}
	return S_ISREG(st.st_mode) ? open_beside(output, path, &st)
		: open_in_place(output, path);
}

static enum status
open_output(struct output **out, const char *path, bool quiet)
{
	struct output *output = xcalloc(1, sizeof *output);
	enum status status = STATUS_OK;

	output->quiet = quiet;
	if (!path || !strcmp(path, "-")) {
		output->shown = xstrdup("standard output");
		output->stream = stdout;
	} else {
		output->shown = text_escape(path, strlen(path));
		status = open_path(output, path);
	}
	if (status) {
		output_free(output);
		return status;
	}
	*out = output;
	return STATUS_OK;
}

enum status
output_open(struct output **out, const char *path)
{
	return open_output(out, path, false);
}

enum status
output_open_quietly(struct output **out, const char *path)
{
	return open_output(out, path, true);
}

FILE *
output_stream(struct output *output)
{
	return output->stream;
}

enum status
output_check(struct output *output)
{
	return ferror(output->stream) ? failed_to_write(output) : STATUS_OK;
}

static enum status
finish(struct output *output)
{
	if (fflush(output->stream) || ferror(output->stream))
		return failed_to_write(output);
	if (output->temporary && fsync(fileno(output->stream)))
		return failed(output, "write");
	if (output->stream != stdout) {
		FILE *stream = output->stream;

		output->stream = NULL;
		if (fclose(stream))
			return failed(output, "write");
	}
	if (output->temporary && rename(output->temporary, output->target))
		return failed(output, "rename to it");
	return STATUS_OK;
}

enum status
output_commit(struct output *output)
{
	enum status status = finish(output);

	if (status) {
		output_discard(output);
		return status;
	}
	forget(output);
	output_free(output);
	return STATUS_OK;
}

void
output_discard(struct output *output)
{
	if (!output)
		return;
	if (output->stream && output->stream != stdout)
		fclose(output->stream);
	if (output->temporary) {
		unlink(output->temporary);
		forget(output);
	}
	output_free(output);
}
