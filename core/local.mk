noinst_LIBRARIES += libcore.a
libcore_a_SOURCES = \
	core/status.c core/status.h \
	core/util.c core/util.h
libcore_a_CFLAGS = $(AM_CFLAGS) $(CORE_CFLAGS)
