bin_PROGRAMS += esscope
esscope_SOURCES = \
	src/esscope.c
esscope_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
# The order states the layers: src -> ui -> core.
esscope_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
