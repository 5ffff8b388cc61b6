#include "core/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
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

/* Reads up to n bytes; fewer only at the end. */
static enum status
read_full(size_t *got, int fd, char *out, size_t n)
{
	for (*got = 0; *got < n;) {
		ssize_t done = read(fd, out + *got, n - *got);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return fail_errno();
		if (done == 0)
			break;
		*got += (size_t)done;
	}
	return STATUS_OK;
}

/* Half of what is free where the copy lies: a stream may have no end. */
static uint64_t
copy_limit(int fd)
{
	struct statvfs disk;

	if (fstatvfs(fd, &disk))
		return UINT64_MAX;
	return (uint64_t)disk.f_bavail / 2 * disk.f_frsize;
}

/* A copy ends with its first bytes if `check` has something against them. */
static enum status
copy_all(int to, int from, source_check *check)
{
	uint64_t limit = copy_limit(to), copied = 0;
	char buffer[65536];
	size_t n = 0;

	for (;;) {
		enum status code = read_full(&n, from, buffer, sizeof buffer);

		if (!code && n > limit - copied)
			code = status_set(STATUS_IO, "more than %ju bytes, "
				"half of what is free for temporary files; "
				"set TMPDIR, or give the file's name",
				(uintmax_t)limit);
		if (!code)
			code = write_all(to, buffer, n);
		if (!code && n > 0 && copied == 0 && check)
			code = check((const unsigned char *)buffer, n);
		if (code || n < sizeof buffer)
			return code;
		copied += n;
	}
}

/* A file is read where it is, if from its start. */
static bool
is_whole_file(mode_t mode)
{
	return S_ISREG(mode) && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0;
}

/* A pipe cannot be read by position, nor twice: its copy takes its place. So
 * do first bytes that were refused, for whoever opens it next to refuse. */
static enum status
replace_stdin(source_check *check)
{
	enum status code;
	int fd = -1;

	code = open_temporary(&fd);
	if (code)
		return code;
	code = copy_all(fd, STDIN_FILENO, check);
	if (code != STATUS_IO && (lseek(fd, 0, SEEK_SET) < 0
		|| dup2(fd, STDIN_FILENO) < 0))
		code = fail_errno();
	close(fd);
	return code;
}

static enum status
open_stdin(int *out, source_check *check)
{
	struct stat st;
	enum status code;
	int fd;

	if (fstat(STDIN_FILENO, &st) < 0)
		return fail_errno();
	if (S_ISDIR(st.st_mode))
		return check_regular(&st);
	if (isatty(STDIN_FILENO))
		return status_set(STATUS_IO,
			"is a terminal; expected a dump on standard input");
	if (!is_whole_file(st.st_mode)) {
		code = replace_stdin(check);
		if (code)
			return code;
	}
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return fail_errno();
	*out = fd;
	return STATUS_OK;
}

static enum status
open_any(int *out, uint64_t *size, const char *path, source_check *check)
{
	struct stat st;
	enum status code;
	int fd = -1;

	code = strcmp(path, "-") == 0 ? open_stdin(&fd, check)
		: open_path(&fd, path);
	if (code)
		return code;
	if (fstat(fd, &st) < 0)
		code = fail_errno();
	else
		code = check_regular(&st);
	if (!code && st.st_size == 0)
		code = status_set(STATUS_FORMAT, "is empty: 0 bytes; is "
			"it still being written?");
	if (code) {
		close(fd);
		return code;
	}
	*out = fd;
	*size = (uint64_t)st.st_size;
	return STATUS_OK;
}

enum status
source_open(struct source **out, const char *path, source_check *check)
{
	struct source *source = xcalloc(1, sizeof *source);
	const char *slash = strrchr(path, '/');
	enum status code;

	source->name = xstrdup(strcmp(path, "-") == 0 ? "stdin"
		: slash ? slash + 1 : path);
	source->path = text_escape(path, strlen(path));
	code = open_any(&source->fd, &source->size, path, check);
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
