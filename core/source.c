#include "core/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "core/util.h"

static const char *
what_it_is(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a FIFO";
	if (S_ISSOCK(mode))
		return "a socket";
	return "a device";
}

static enum status
check_regular(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return STATUS_OK;
	return status_set(STATUS_IO, "is %s; expected a regular file",
		what_it_is(st->st_mode));
}

static enum status
fail_errno(void)
{
	return status_set(STATUS_IO, "%s", strerror(errno));
}

/* A directory may hold more files than a process is first allowed to open. */
static bool
allow_more_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0
		|| limit.rlim_cur >= limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* Asked what it is before it is opened: opening a FIFO would wake its writer,
 * opening a device may rewind a tape. */
static enum status
open_path(int *out, const char *path)
{
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat st;
	enum status code;
	int fd;

	if (stat(path, &st) < 0)
		return fail_errno();
	code = check_regular(&st);
	if (code)
		return code;
	fd = open(path, flags);
	if (fd < 0 && errno == EMFILE && allow_more_files())
		fd = open(path, flags);
	if (fd < 0)
		return fail_errno();
	*out = fd;
	return STATUS_OK;
}

/* A file without a name, gone when closed. */
static enum status
open_temporary(int *out)
{
	const char *dir = getenv("TMPDIR");
	char *path;
	int fd;

	if (!dir || !*dir)
		dir = P_tmpdir;
	path = xasprintf("%s/esscope-XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	free(path);
	if (fd < 0)
		return status_set(STATUS_IO, "no temporary file in %s: %s",
			dir, strerror(errno));
	*out = fd;
	return STATUS_OK;
}

static enum status
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return status_set(STATUS_IO, "temporary file: %s",
				strerror(errno));
		bytes += done;
		n -= (size_t)done;
	}
	return STATUS_OK;
}

static enum status
copy_all(int to, int from)
{
	char buffer[65536];

	for (;;) {
		ssize_t n = read(from, buffer, sizeof buffer);
		enum status code;

		if (n == 0)
			return STATUS_OK;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno();
		code = write_all(to, buffer, (size_t)n);
		if (code)
			return code;
	}
}

/* A pipe cannot be read by position, so it is copied first. */
static enum status
open_stdin(int *out)
{
	struct stat st;
	enum status code;
	int fd = -1;

	if (fstat(STDIN_FILENO, &st) < 0)
		return fail_errno();
	if (S_ISDIR(st.st_mode))
		return check_regular(&st);
	if (isatty(STDIN_FILENO))
		return status_set(STATUS_IO,
			"is a terminal; expected a dump on standard input");
	code = open_temporary(&fd);
	if (code)
		return code;
	code = copy_all(fd, STDIN_FILENO);
	if (code) {
		close(fd);
		return code;
	}
	*out = fd;
	return STATUS_OK;
}

static enum status
open_any(int *out, uint64_t *size, const char *path)
{
	struct stat st;
	enum status code;
	int fd = -1;

	code = strcmp(path, "-") == 0 ? open_stdin(&fd) : open_path(&fd, path);
	if (code)
		return code;
	if (fstat(fd, &st) < 0)
		code = fail_errno();
	else
		code = check_regular(&st);
	if (!code && st.st_size == 0)
		code = status_set(STATUS_FORMAT, "is empty");
	if (code) {
		close(fd);
		return code;
	}
	*out = fd;
	*size = (uint64_t)st.st_size;
	return STATUS_OK;
}

enum status
source_open(struct source **out, const char *path)
{
	struct source *source = xcalloc(1, sizeof *source);
	const char *slash = strrchr(path, '/');
	enum status code;

	source->name = xstrdup(strcmp(path, "-") == 0 ? "stdin"
		: slash ? slash + 1 : path);
	source->path = text_escape(path, strlen(path));
	code = open_any(&source->fd, &source->size, path);
	if (code) {
		status_at(code, "%s", source->path);
		source->fd = -1;
		source_close(source);
		return code;
	}
	*out = source;
	return STATUS_OK;
}

void
source_close(struct source *source)
{
	if (!source)
		return;
	if (source->fd >= 0)
		close(source->fd);
	free(source->name);
	free(source->path);
	free(source);
}

enum status
source_read(const struct source *source, void *out, uint64_t offset, size_t n)
{
	char *to = out;

	if (offset > source->size || n > source->size - offset)
		return status_set(STATUS_FORMAT,
			"the file ends before byte %ju; is it cut off?",
			(uintmax_t)offset + n);
	while (n > 0) {
		ssize_t done = pread(source->fd, to, n, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return fail_errno();
		if (done == 0)
			return status_set(STATUS_FORMAT,
				"the file shrank while it was read");
		to += done;
		offset += (uint64_t)done;
		n -= (size_t)done;
	}
	return STATUS_OK;
}
