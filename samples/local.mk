dist_samples_DATA = \
	samples/README.md \
	samples/esscope_dump.py \
	samples/mqar_gla_n16_h1_kv8.npz \
	samples/text_hybrid_step900.npz \
	samples/text_sa_step1000.npz
samplesdir = $(pkgdatadir)/samples

# Dumps of known Effective State-Size, for tests and to look at.
noinst_PROGRAMS += samples/analytic
samples_analytic_SOURCES = \
	samples/analytic.c \
	samples/arguments.c samples/arguments.h \
	samples/npz_write.c samples/npz_write.h
samples_analytic_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
samples_analytic_LDADD = $(ZLIB_LIBS)

# Dumps of any size.
noinst_PROGRAMS += samples/generate
samples_generate_SOURCES = \
	samples/generate.c \
	samples/arguments.c samples/arguments.h \
	samples/npz_write.c samples/npz_write.h
samples_generate_CFLAGS = $(AM_CFLAGS) $(ZLIB_CFLAGS)
samples_generate_LDADD = $(ZLIB_LIBS)
