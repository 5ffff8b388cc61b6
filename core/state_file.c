#include "core/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "core/util.h"

char *
state_directory(const char *variable, const char *fallback)
{
	const char *base = getenv(variable), *home = getenv("HOME");

	if (base && base[0] == '/')
		return xasprintf("%s/esscope", base);
	if (home && home[0] == '/')
		return xasprintf("%s/%s/esscope", home, fallback);
	return NULL;
}

static enum status
failed(enum status status, const char *path, const char *what)
{
	char *safe = text_escape(path, strlen(path));

	status_set(status, "%s: %s: %s", safe, what, strerror(errno));
	free(safe);
	return status;
}

static enum status
refused(const char *path, const char *why)
{
	char *safe = text_escape(path, strlen(path));

	status_set(STATUS_FORMAT, "%s: %s", safe, why);
	free(safe);
	return STATUS_FORMAT;
}

/* Up to n bytes; fewer only at the end of the file. */
static bool
read_all(int fd, char *out, size_t n, size_t *done)
{
	*done = 0;
	while (*done < n) {
		ssize_t some = read(fd, out + *done, n - *done);

		if (some < 0 && errno == EINTR)
			continue;
		if (some <= 0)
			return some == 0;
		*done += (size_t)some;
	}
	return true;
}

static enum status
read_open(char **out, size_t *size, int fd, const char *path, size_t limit)
{
	struct stat st;
	char *text;

	if (fstat(fd, &st))
		return failed(STATUS_IO, path, "cannot read");
	if (!S_ISREG(st.st_mode))
		return refused(path, "is no regular file");
	if (st.st_size < 0 || (uintmax_t)st.st_size > limit)
		return refused(path, "is too large to be what it should be");
	text = xmalloc((size_t)st.st_size + 1);
	if (!read_all(fd, text, (size_t)st.st_size, size)) {
		free(text);
		return failed(STATUS_IO, path, "cannot read");
	}
	text[*size] = '\0';
	*out = text;
	return STATUS_OK;
}

enum status
state_read(char **out, size_t *size, const char *path, size_t limit)
{
	/* Not blocking, as it may be a FIFO. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum status status;

	if (fd < 0)
		return failed(errno == ENOENT || errno == ENOTDIR
			? STATUS_MISSING : STATUS_IO, path, "cannot open");
	status = read_open(out, size, fd, path, limit);
	close(fd);
	return status;
}

/* The directories above the file. */
static bool
make_parents(const char *path)
{
	char *copy = xstrdup(path);
	bool made = true;

	for (char *p = copy + 1; made && (p = strchr(p, '/')); p++) {
		*p = '\0';
		made = mkdir(copy, 0700) == 0 || errno == EEXIST
			|| errno == EROFS;
		*p = '/';
	}
	free(copy);
	return made;
}

static bool
write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t some = write(fd, bytes, n);

		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0)
			return false;
		bytes += some;
		n -= (size_t)some;
	}
	return true;
}

enum status
state_write(const char *path, const char *bytes, size_t size)
{
	char *temporary = xasprintf("%s.%ld.tmp", path, (long)getpid());
	enum status status = STATUS_OK;
	int fd = -1;

	if (make_parents(path))
		fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
			| O_NOFOLLOW, 0600);
	if (fd < 0) {
		status = failed(STATUS_IO, path, "cannot write");
	} else {
		bool written = write_all(fd, bytes, size);

		/* A full disk may tell only now. */
		written &= close(fd) == 0;
		if (!written || rename(temporary, path)) {
			status = failed(STATUS_IO, path, "cannot write");
			unlink(temporary);
		}
	}
	free(temporary);
	return status;
}

enum status
state_append(const char *path, const char *bytes, size_t size)
{
	enum status status = STATUS_OK;
	int fd = -1;

	if (make_parents(path))
		fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
			| O_NONBLOCK, 0600);
	if (fd < 0)
		return failed(STATUS_IO, path, "cannot write");
	if (!write_all(fd, bytes, size))
		status = failed(STATUS_IO, path, "cannot write");
	if (close(fd) && status == STATUS_OK)
		status = failed(STATUS_IO, path, "cannot write");
	return status;
}
