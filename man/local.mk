dist_man_MANS += man/esscope.1
dist_man_MANS += man/esscope-dump.5
# Prints the commands and keys as mdoc.
noinst_PROGRAMS += man/keys
man_keys_SOURCES = man/keys.c
man_keys_CFLAGS = $(AM_CFLAGS)

# Puts them into the page; a test compares the two.
man-keys: man/keys
	man/keys >man/keys.mdoc
	awk '/BEGIN keys/ { print; while (getline <"man/keys.mdoc") print; skip = 1 } \
		/END keys/ { skip = 0 } !skip' \
		$(srcdir)/man/esscope.1 >man/esscope.1.new
	mv man/esscope.1.new $(srcdir)/man/esscope.1
	rm man/keys.mdoc

.PHONY: man-keys
