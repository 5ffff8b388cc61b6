/*
 * Limits of control groups, as the kernel writes them into files: trees of
 * these in a folder stand for machines.
 */
#include "core/machine.h"

#include <math.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/cgroup.h"
#include "core/util.h"
#include "tests/tap.h"

static char folder[] = "/tmp/esscope-machine-XXXXXX";
static char root[sizeof folder + 8];

/* A file, and the folders that lead to it. */
static void
put(const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", root, name);
	FILE *file;

	for (char *p = path + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file))
		printf("Bail out! cannot write %s\n", path);
	free(path);
}

/* Another machine. */
static void
machine(const char *mounts, const char *groups)
{
	static int count;

	snprintf(root, sizeof root, "%s/%d", folder, count++);
	put("proc/self/mountinfo", mounts);
	put("proc/self/cgroup", groups);
}

static void
says(uint64_t memory, double cores, const char *what)
{
	struct cgroup_limits limits = cgroup_limits(root);

	ok(limits.memory == memory && (limits.cores == cores
		|| fabs(limits.cores - cores) < 1e-9), "%s (%ju, %g)", what,
		(uintmax_t)limits.memory, limits.cores);
}

#define MOUNT_2 "23 1 0:21 / /sys rw shared:7 - sysfs sysfs rw\n" \
	"35 23 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 " \
	"cgroup2 rw,nsdelegate\n"
#define MOUNT_1 \
	"32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup " \
	"rw,cpu,cpuacct\n" \
	"35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"

static void
test_version_2(void)
{
	machine(MOUNT_2, "0::/slurm/job_1/step_0\n");
	put("sys/fs/cgroup/slurm/job_1/step_0/memory.max", "max\n");
	put("sys/fs/cgroup/slurm/job_1/step_0/cpu.max", "max 100000\n");
	says(UINT64_MAX, INFINITY, "no limit");
	put("sys/fs/cgroup/slurm/job_1/memory.max", "3000000\n");
	put("sys/fs/cgroup/slurm/memory.max", "9000000\n");
	put("sys/fs/cgroup/slurm/cpu.max", "150000 100000\n");
	says(3000000, 1.5, "limits of groups above: the least");
	put("sys/fs/cgroup/slurm/job_1/step_0/memory.max", "2000000\n");
	put("sys/fs/cgroup/slurm/job_1/step_0/cpu.max", "400000 100000\n");
	says(2000000, 1.5, "and its own");
	put("sys/fs/cgroup/memory.max", "1000000\n");
	says(1000000, 1.5, "and that of what is mounted");
	put("sys/fs/cgroup/other/memory.max", "5\n");
	says(1000000, 1.5, "none of a neighbour");
}

static void
test_version_1(void)
{
	machine(MOUNT_1, "9:name=systemd:/a\n5:memory:/user/job\n"
		"3:cpu,cpuacct:/user\n0::/\n");
	put("sys/fs/cgroup/memory/user/job/memory.limit_in_bytes",
		"9223372036854771712\n");
	put("sys/fs/cgroup/cpu,cpuacct/user/cpu.cfs_quota_us", "-1\n");
	put("sys/fs/cgroup/cpu,cpuacct/user/cpu.cfs_period_us", "100000\n");
	says(9223372036854771712u, INFINITY, "version 1 without a limit");
	put("sys/fs/cgroup/memory/user/memory.limit_in_bytes", "70000\n");
	put("sys/fs/cgroup/cpu,cpuacct/user/cpu.cfs_quota_us", "50000\n");
	says(70000, .5, "version 1: of each controller's own tree");
}

static void
test_containers(void)
{
	machine("35 1 0:30 /docker/ab /sys/fs/cgroup/memory ro - cgroup "
		"cgroup rw,memory\n", "5:memory:/docker/ab/in\n");
	put("sys/fs/cgroup/memory/memory.limit_in_bytes", "800\n");
	put("sys/fs/cgroup/memory/in/memory.limit_in_bytes", "700\n");
	says(700, INFINITY, "a part of the tree is mounted");
	machine("35 1 0:30 /docker/abc /m ro - cgroup cgroup rw,memory\n",
		"5:memory:/docker/ab\n");
	put("m/memory.limit_in_bytes", "800\n");
	says(800, INFINITY, "its own group is not in it");
	machine("35 1 0:30 /../.. /c ro - cgroup2 none rw\n",
		"0::/../../x\n");
	put("c/memory.max", "600\n");
	put("x/memory.max", "5\n");
	says(600, INFINITY, "from within a namespace: no way up");
	machine("35 1 0:30 / /a\\040b ro master:1 propagate_from:2 - cgroup2 "
		"none rw\n", "0::/\n");
	put("a b/memory.max", "500\n");
	says(500, INFINITY, "a blank in the mount's name");
}

static void
test_nonsense(void)
{
	machine("", "");
	says(UINT64_MAX, INFINITY, "nothing is mounted");
	machine("1 2\n- - -\n\n35 1 0:30 / /c ro - cgroup2\nx - cgroup2 a b\n"
		MOUNT_2, "\n7\n0:\n0::/g");
	put("sys/fs/cgroup/g/memory.max", "many\n");
	put("sys/fs/cgroup/g/cpu.max", "0\n");
	says(UINT64_MAX, INFINITY, "lines of no sense");
	put("sys/fs/cgroup/g/memory.max", "-5");
	put("sys/fs/cgroup/g/cpu.max", "10 0");
	says(UINT64_MAX, INFINITY, "numbers of none");
	snprintf(root, sizeof root, "%s/none", folder);
	says(UINT64_MAX, INFINITY, "no /proc");
}

static void
test_process(void)
{
	cpu_set_t set, one;
	size_t first = 0;

	ok(machine_memory() > 0, "this machine has memory");
	if (sched_getaffinity(0, sizeof set, &set))
		return;
	while (!CPU_ISSET(first, &set))
		first++;
	CPU_ZERO(&one);
	CPU_SET(first, &one);
	sched_setaffinity(0, sizeof one, &one);
	ok(machine_cores() == 1, "bound to one core: one");
	sched_setaffinity(0, sizeof set, &set);
	ok(machine_cores() >= 1 && machine_cores() <= (size_t)CPU_COUNT(&set),
		"and else all that it may have");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	struct rlimit limit, least = { 100 << 20, 100 << 20 };

	getrlimit(RLIMIT_DATA, &limit);
	least.rlim_max = limit.rlim_max;
	setrlimit(RLIMIT_DATA, &least);
	ok(machine_memory() == 100 << 20, "a limit of the process");
	setrlimit(RLIMIT_DATA, &limit);
#endif
}

int
main(void)
{
	char *command;

	if (!mkdtemp(folder))
		return 1;
	test_version_2();
	test_version_1();
	test_containers();
	test_nonsense();
	test_process();
	command = xasprintf("rm -rf %s", folder);
	if (system(command))
		printf("# left: %s\n", folder);
	free(command);
	return done();
}
