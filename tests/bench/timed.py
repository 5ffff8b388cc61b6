"""Runs a command; prints its seconds and its peak resident memory in MB.

A process of its own, and a small one: a child's peak begins at the size of the
process that started it."""
import os
import sys
import time

start = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
status, usage = os.wait4(child, 0)[1:]
print(time.perf_counter() - start, usage.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status) != 0)
