#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/util.h"
#include "tests/tap.h"

static void
test_natural(void)
{
	ok(natural_compare("layers.2", "layers.10") < 0, "2 before 10");
	ok(natural_compare("layers.10", "layers.2") > 0, "10 after 2");
	ok(natural_compare("a", "a") == 0, "equal names are equal");
	ok(natural_compare("a1", "a01") != 0, "01 and 1 differ");
	ok(natural_compare("a", "ab") < 0, "a prefix comes first");
	ok(natural_compare("x99999999999999999999999", "x100000000000000000000000")
		< 0, "digits beyond 64 bits compare by value");
}

static void
test_sizes(void)
{
	size_t n = 7;

	ok(!size_mul(&n, SIZE_MAX / 2 + 1, 2) && n == 7,
		"a product that wraps is refused");
	ok(!size_add(&n, SIZE_MAX, 1) && n == 7, "a sum that wraps is refused");
	ok(size_mul(&n, 3, 4) && n == 12, "a product that fits");
}

static void
test_alloc(void)
{
	void *p = NULL;

	ok(util_alloc(&p, 10, 8, "ten") == STATUS_OK && p
		&& (uintptr_t)p % 64 == 0, "memory is aligned");
	free(p);
	p = NULL;
	ok(util_alloc(&p, SIZE_MAX, 8, "run.npz: q") == STATUS_MEMORY && !p,
		"more than can be addressed is refused");
	ok(strstr(status_text(), "run.npz: q"), "and says what it was for");
}

static void
test_status(void)
{
	status_set(STATUS_FORMAT, "found %d", 3);
	ok(status_at(STATUS_FORMAT, "%s", "run.npz") == STATUS_FORMAT
		&& !strcmp(status_text(), "run.npz: found 3"),
		"a place goes before the sentence");
}

int
main(void)
{
	test_natural();
	test_sizes();
	test_alloc();
	test_status();
	return done();
}
