#include "core/cgroup.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"

/* A mounted hierarchy, and where in it this process is. */
struct hierarchy {
	char *at;               /* its directory, under root */
	char *below;            /* the process's, below that: "" or "/a/b" */
};

/* Of a line of mountinfo (proc(5)): separated by blanks, a varying number of
 * fields ended by "-" in the middle. */
struct mount {
	const char *group;      /* of the hierarchy, at the mount's root */
	char *at;               /* with \ooo for blanks and the like */
	const char *type, *options;
};

enum { MOUNT_GROUP = 3, MOUNT_AT = 4 };

static bool
parse_mount(struct mount *out, char *line)
{
	char *rest = NULL, *word = strtok_r(line, " \n", &rest);
	struct mount mount = { 0 };

	for (int k = 0; word && strcmp(word, "-") != 0; k++) {
		if (k == MOUNT_GROUP)
			mount.group = word;
		if (k == MOUNT_AT)
			mount.at = word;
		word = strtok_r(NULL, " \n", &rest);
	}
	mount.type = strtok_r(NULL, " \n", &rest);
	strtok_r(NULL, " \n", &rest);           /* what is mounted */
	mount.options = strtok_r(NULL, " \n", &rest);
	*out = mount;
	return mount.at && mount.options;
}

static bool
is_octal(const char *p)
{
	return p[0] >= '0' && p[0] <= '3' && p[1] >= '0' && p[1] <= '7'
		&& p[2] >= '0' && p[2] <= '7';
}

static void
decode(char *text)
{
	char *to = text;

	for (const char *p = text; *p; to++) {
		if (*p == '\\' && is_octal(p + 1)) {
			*to = (char)((p[1] - '0') << 6 | (p[2] - '0') << 3
				| (p[3] - '0'));
			p += 4;
		} else {
			*to = *p++;
		}
	}
	*to = '\0';
}

/* Is it one of the words between commas? */
static bool
names(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, word, n) == 0 && (p[n] == ',' || !p[n]))
			return true;
	}
	return false;
}

static FILE *
open_under(const char *root, const char *path)
{
	char *whole = xasprintf("%s%s", root, path);
	FILE *file = fopen(whole, "re");

	free(whole);
	return file;
}

/* The group of this process in version 1's hierarchy of a controller, or
 * (NULL) in that of version 2; lines are ID:CONTROLLERS:PATH. */
static char *
find_group(const char *root, const char *controller)
{
	FILE *file = open_under(root, "/proc/self/cgroup");
	char *line = NULL, *found = NULL;
	size_t room = 0;

	while (file && !found && getline(&line, &room, file) > 0) {
		char *list = strchr(line, ':'), *path;

		line[strcspn(line, "\n")] = '\0';
		path = list ? strchr(list + 1, ':') : NULL;
		if (!path)
			continue;
		*path++ = '\0';
		if (controller ? names(list + 1, controller)
			: strncmp(line, "0:", 2) == 0 && !list[1])
			found = xstrdup(path);
	}
	free(line);
	if (file)
		fclose(file);
	return found;
}

/* A group seen from that of the mount; what is not below it is taken for it. */
static const char *
below(const char *group, const char *mounted)
{
	size_t n = strcmp(mounted, "/") == 0 ? 0 : strlen(mounted);

	if (strncmp(group, mounted, n) != 0 || group[n] != '/'
		|| strstr(group, "/..") || !group[n + 1])
		return "";
	return group + n;
}

/* Of a controller of version 1, or of version 2 (NULL). */
static bool
find_hierarchy(struct hierarchy *out, const char *root,
	const char *controller)
{
	FILE *file = open_under(root, "/proc/self/mountinfo");
	char *group = find_group(root, controller), *line = NULL;
	struct mount mount;
	bool found = false;
	size_t room = 0;

	while (group && file && !found && getline(&line, &room, file) > 0) {
		found = parse_mount(&mount, line) && (controller
			? strcmp(mount.type, "cgroup") == 0
				&& names(mount.options, controller)
			: strcmp(mount.type, "cgroup2") == 0);
	}
	if (found) {
		decode(mount.at);
		out->at = xasprintf("%s%s", root, mount.at);
		out->below = xstrdup(below(group, mount.group));
	}
	free(line);
	free(group);
	if (file)
		fclose(file);
	return found;
}

/* The first line of a file of a group; false where there is none. */
static bool
read_line(char *out, int size, const struct hierarchy *where,
	const char *name)
{
	char *path = xasprintf("%s%s/%s", where->at, where->below, name);
	FILE *file = fopen(path, "re");
	bool got = file && fgets(out, size, file);

	if (file)
		fclose(file);
	free(path);
	return got;
}

/* Version 2 says "max" where version 1 says a number beyond any memory. */
static void
heed_memory(struct cgroup_limits *limits, const struct hierarchy *where,
	const char *name)
{
	char text[64], *end;
	unsigned long long bytes;

	if (!read_line(text, sizeof text, where, name))
		return;
	bytes = strtoull(text, &end, 10);
	if (end != text && text[0] != '-' && bytes < limits->memory)
		limits->memory = bytes;
}

/* Microseconds of CPU time a period; none, or -1, where it is not limited. */
static void
heed_quota(struct cgroup_limits *limits, const char *quota,
	const char *period)
{
	char *end;
	double time = strtod(quota, &end), every = strtod(period, NULL);

	if (end != quota && time > 0 && every > 0)
		limits->cores = fmin(limits->cores, time / every);
}

static void
heed_memory_1(struct cgroup_limits *limits, const struct hierarchy *where)
{
	heed_memory(limits, where, "memory.limit_in_bytes");
}

static void
heed_cpu_1(struct cgroup_limits *limits, const struct hierarchy *where)
{
	char quota[64], period[64];

	if (read_line(quota, sizeof quota, where, "cpu.cfs_quota_us")
		&& read_line(period, sizeof period, where,
			"cpu.cfs_period_us"))
		heed_quota(limits, quota, period);
}

/* cpu.max is both numbers in one line, "max 100000" or "150000 100000". */
static void
heed_2(struct cgroup_limits *limits, const struct hierarchy *where)
{
	char text[64], *blank;

	heed_memory(limits, where, "memory.max");
	if (!read_line(text, sizeof text, where, "cpu.max"))
		return;
	blank = strchr(text, ' ');
	if (blank)
		heed_quota(limits, text, blank + 1);
}

static const struct {
	const char *controller;
	void (*heed)(struct cgroup_limits *, const struct hierarchy *);
} kinds[] = {
	{ "memory", heed_memory_1 },
	{ "cpu", heed_cpu_1 },
	{ NULL, heed_2 },
};

struct cgroup_limits
cgroup_limits(const char *root)
{
	struct cgroup_limits limits = { UINT64_MAX, INFINITY };

	for (size_t k = 0; k < LENGTH(kinds); k++) {
		struct hierarchy where;
		char *slash;

		if (!find_hierarchy(&where, root, kinds[k].controller))
			continue;
		kinds[k].heed(&limits, &where);
		while ((slash = strrchr(where.below, '/'))) {
			*slash = '\0';
			kinds[k].heed(&limits, &where);
		}
		free(where.at);
		free(where.below);
	}
	return limits;
}
