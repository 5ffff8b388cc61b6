# Each test program or script is one line here. Programs print TAP.
check_PROGRAMS += tests/core/test_util
tests_core_test_util_SOURCES = tests/core/test_util.c tests/tap.h
tests_core_test_util_CFLAGS = $(AM_CFLAGS)
tests_core_test_util_LDADD = libcore.a $(ESSCOPE_LIBS)
TESTS += tests/core/test_util

check_PROGRAMS += tests/ui/test_canvas
tests_ui_test_canvas_SOURCES = tests/ui/test_canvas.c tests/ui/screen.h
tests_ui_test_canvas_CFLAGS = $(AM_CFLAGS)
tests_ui_test_canvas_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_canvas

check_PROGRAMS += tests/ui/test_colour
tests_ui_test_colour_SOURCES = tests/ui/test_colour.c tests/tap.h
tests_ui_test_colour_CFLAGS = $(AM_CFLAGS)
tests_ui_test_colour_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_colour

check_PROGRAMS += tests/ui/test_heatmap
tests_ui_test_heatmap_SOURCES = tests/ui/test_heatmap.c tests/ui/screen.h
tests_ui_test_heatmap_CFLAGS = $(AM_CFLAGS)
tests_ui_test_heatmap_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_heatmap

check_PROGRAMS += tests/ui/test_plot
tests_ui_test_plot_SOURCES = tests/ui/test_plot.c tests/ui/screen.h
tests_ui_test_plot_CFLAGS = $(AM_CFLAGS)
tests_ui_test_plot_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_plot

check_PROGRAMS += tests/ui/tty_demo
tests_ui_tty_demo_SOURCES = tests/ui/tty_demo.c
tests_ui_tty_demo_CFLAGS = $(AM_CFLAGS)
tests_ui_tty_demo_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)
TESTS += tests/ui/test_tty.py
EXTRA_DIST += tests/ui/test_tty.py
