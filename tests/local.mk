# Each test program or script is one line here. Programs print TAP.
CORE_TESTS = \
	tests/core/test_measure \
	tests/core/test_pool \
	tests/core/test_util
check_PROGRAMS += $(CORE_TESTS)
TESTS += $(CORE_TESTS)

TEST_CORE_LIBS = libcore.a $(ESSCOPE_LIBS)
tests_core_test_measure_SOURCES = tests/core/test_measure.c
tests_core_test_measure_LDADD = $(TEST_CORE_LIBS)
tests_core_test_pool_SOURCES = tests/core/test_pool.c
tests_core_test_pool_LDADD = $(TEST_CORE_LIBS)
tests_core_test_util_SOURCES = tests/core/test_util.c
tests_core_test_util_LDADD = $(TEST_CORE_LIBS)
