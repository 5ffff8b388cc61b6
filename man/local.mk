dist_man_MANS += man/esscope.1
dist_man_MANS += man/esscope-config.5
dist_man_MANS += man/esscope-dump.5
# Prints the commands and keys as mdoc.
noinst_PROGRAMS += man/keys
man_keys_SOURCES = man/keys.c
man_keys_CFLAGS = $(AM_CFLAGS)

# Prints the definitions of the screen.
noinst_PROGRAMS += man/definitions
man_definitions_SOURCES = man/definitions.c
man_definitions_CFLAGS = $(AM_CFLAGS)
man_definitions_LDADD = libui.a libcore.a $(ESSCOPE_LIBS)

# Puts them into the page; a test compares the two.
man-keys: man/keys man/definitions
	man/keys >man/keys.mdoc
	man/definitions >man/definitions.mdoc
	awk '/BEGIN (keys|definitions)/ { print; from = "man/" $$3 ".mdoc"; \
			while ((getline <from) > 0) print; skip = 1 } \
		/END (keys|definitions)/ { skip = 0 } !skip' \
		$(srcdir)/man/esscope.1 >man/esscope.1.new
	mv man/esscope.1.new $(srcdir)/man/esscope.1
	rm man/keys.mdoc man/definitions.mdoc

.PHONY: man-keys
