/*
 * -o: temporary file, without a name where there is such, fsync, rename; or in
 * place.
 */
#include "src/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/text.h"
#include "core/util.h"
#include "src/ending.h"

struct output {
	FILE *stream;
	char *shown;            /* the path, safe to print */
	char *target;           /* what to rename to; NULL: in place */
	char *temporary;        /* NULL: it has no name (yet) */
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
static void
doom(const struct output *output)
{
	if (!output->quiet)
		ending_remove(output->temporary);
}

/* "dir/out.tsv" -> "dir/" */
static char *
folder_of(const char *target)
{
	const char *slash = strrchr(target, '/');

	return slash ? xstrndup(target, (size_t)(slash - target) + 1)
		: xstrdup("./");
}

enum { FD_PATH = 40 };

static char *
fd_path(char out[FD_PATH], int fd)
{
	snprintf(out, FD_PATH, "/proc/self/fd/%d", fd);
	return out;
}

/* A file without a name leaves nothing behind however the program ends, where
 * the file system and /proc have such; -1: they do not. */
static int
open_nameless(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	char path[FD_PATH];

	if (fd >= 0 && access(fd_path(path, fd), F_OK)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int
open_temporary(struct output *output)
{
	char *folder = folder_of(output->target);
	int fd = open_nameless(folder);

	if (fd < 0) {
		output->temporary = xasprintf("%s.esscope-XXXXXX", folder);
		doom(output);
		fd = mkstemp(output->temporary);
	}
	if (fd < 0)
		forget(output);
	free(folder);
	return fd;
}

/* A name to be renamed from: over a file that is there nothing is linked. */
static bool
give_name(struct output *output)
{
	char *folder = folder_of(output->target), path[FD_PATH];
	struct timespec now;
	bool named;

	clock_gettime(CLOCK_REALTIME, &now);
	output->temporary = xasprintf("%s.esscope-%ld-%ld", folder,
		(long)getpid(), now.tv_nsec);
	free(folder);
	doom(output);
	named = !linkat(AT_FDCWD, fd_path(path, fileno(output->stream)),
		AT_FDCWD, output->temporary, AT_SYMLINK_FOLLOW);
	if (named)
		return true;
	forget(output);
	free(output->temporary);
	output->temporary = NULL;
	return false;
}

static void
remove_named(const struct output *output)
{
	if (!output->temporary)
		return;
	unlink(output->temporary);
	forget(output);
}

static mode_t
default_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
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
	fd = open_temporary(output);
	if (fd < 0)
		return failed(output, "write into its folder");
	(void)fchmod(fd, old ? old->st_mode & 07777 : default_mode());
	output->stream = fdopen(fd, "w");
	if (!output->stream) {
		close(fd);
		remove_named(output);
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
	if (output->target && fsync(fileno(output->stream)))
		return failed(output, "write");
	if (output->target && !output->temporary && !give_name(output))
		return failed(output, "write into its folder");
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
	remove_named(output);
	output_free(output);
}
