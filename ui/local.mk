noinst_LIBRARIES += libui.a
libui_a_SOURCES = \
	ui/canvas.c ui/canvas.h \
	ui/canvas_print.c \
	ui/colour.c ui/colour.h \
	ui/glyph.c ui/glyph.h \
	ui/heatmap.c ui/heatmap.h \
	ui/plot.c ui/plot.h \
	ui/utf8.c ui/utf8.h
libui_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS) $(JANSSON_CFLAGS)
