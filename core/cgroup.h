/*
 * What the control groups of this process allow it (cgroups(7), versions 1 and
 * 2): containers and batch systems are such. A limit of a group holds for all
 * below it, so the least counts from the process's own up to the one that is
 * mounted.
 */
#ifndef CORE_CGROUP_H
#define CORE_CGROUP_H

#include <stdint.h>

struct cgroup_limits {
	uint64_t memory;        /* bytes; UINT64_MAX: no limit */
	double cores;           /* of CPU time; INFINITY: no limit */
};

/* root is put before every path: "" for this machine. What cannot be read
 * limits nothing. */
struct cgroup_limits cgroup_limits(const char *root);

#endif
