# Each test program or script is one line here. Programs print TAP.
check_PROGRAMS += tests/core/test_util
tests_core_test_util_SOURCES = tests/core/test_util.c tests/tap.h
tests_core_test_util_CFLAGS = $(AM_CFLAGS)
tests_core_test_util_LDADD = libcore.a $(ESSCOPE_LIBS)
TESTS += tests/core/test_util
EXTRA_DIST += tests/suites.sh
EXTRA_DIST += tests/tap.sh
TESTS += tests/tree/headers.sh
TESTS += tests/tree/layering.sh
TESTS += tests/tree/sizes.sh
TESTS += tests/tree/words.sh
EXTRA_DIST += tests/tree/headers.sh
EXTRA_DIST += tests/tree/layering.sh
EXTRA_DIST += tests/tree/sizes.sh
EXTRA_DIST += tests/tree/words.sh
