noinst_LIBRARIES += libui.a
libui_a_SOURCES =
libui_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS) $(JANSSON_CFLAGS)
