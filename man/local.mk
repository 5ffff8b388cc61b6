dist_man_MANS += man/esscope.1
dist_man_MANS += man/esscope-dump.5
# Prints the commands and keys as mdoc.
noinst_PROGRAMS += man/keys
man_keys_SOURCES = man/keys.c
man_keys_CFLAGS = $(AM_CFLAGS)
