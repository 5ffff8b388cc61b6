/*
 * libFuzzer's entry; FUZZ_TARGET in the environment names the target.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/target.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct fuzz_target *target = fuzz_targets;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");

	(void)argc;
	(void)argv;
	while (name && target->name && strcmp(target->name, name))
		target++;
	if (target->name)
		return 0;
	fprintf(stderr, "no target %s\n", name);
	exit(2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	target->run(bytes, n);
	return 0;
}
