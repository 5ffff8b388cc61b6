/*
 * cairo and fontconfig, loaded when the first PDF or PNG is drawn: linked, they
 * would bring 20 libraries into every start of a program that seldom draws one.
 * Their headers give the functions their types. Included only where configure
 * found them.
 */
#ifndef UI_CAIRO_LOAD_H
#define UI_CAIRO_LOAD_H

#include "config.h"

#ifdef HAVE_CAIRO

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo.h>

#include "core/status.h"

/* Without their prefix, cairo_. */
#define CAIRO_FUNCTIONS(_)                 \
	_(create)                          \
	_(destroy)                         \
	_(fill)                            \
	_(font_face_destroy)               \
	_(ft_font_face_create_for_pattern) \
	_(get_scaled_font)                 \
	_(get_source)                      \
	_(get_target)                      \
	_(glyph_extents)                   \
	_(glyph_free)                      \
	_(image_surface_create)            \
	_(image_surface_get_data)          \
	_(image_surface_get_stride)        \
	_(line_to)                         \
	_(pattern_set_filter)              \
	_(pdf_surface_create_for_stream)   \
	_(rectangle)                       \
	_(restore)                         \
	_(rotate)                          \
	_(save)                            \
	_(scale)                           \
	_(scaled_font_text_to_glyphs)      \
	_(set_antialias)                   \
	_(set_dash)                        \
	_(set_font_face)                   \
	_(set_font_size)                   \
	_(set_line_join)                   \
	_(set_line_width)                  \
	_(set_source_rgb)                  \
	_(set_source_surface)              \
	_(show_glyphs)                     \
	_(status)                          \
	_(status_to_string)                \
	_(stroke)                          \
	_(surface_destroy)                 \
	_(surface_finish)                  \
	_(surface_flush)                   \
	_(surface_mark_dirty)              \
	_(surface_reference)               \
	_(surface_status)                  \
	_(surface_write_to_png_stream)     \
	_(translate)

/* Without theirs, Fc. */
#define FC_FUNCTIONS(_)      \
	_(CharSetAddChar)    \
	_(CharSetCreate)     \
	_(CharSetDestroy)    \
	_(ConfigSubstitute)  \
	_(DefaultSubstitute) \
	_(FontMatch)         \
	_(PatternAddBool)    \
	_(PatternAddCharSet) \
	_(PatternAddInteger) \
	_(PatternAddString)  \
	_(PatternCreate)     \
	_(PatternDestroy)

struct cairo_functions {
#define CAIRO_POINTER(name) __typeof__(cairo_##name) *name;
	CAIRO_FUNCTIONS(CAIRO_POINTER)
#undef CAIRO_POINTER
};

struct fc_functions {
#define FC_POINTER(name) __typeof__(Fc##name) *name;
	FC_FUNCTIONS(FC_POINTER)
#undef FC_POINTER
};

/* All set once cairo_load has returned STATUS_OK. */
extern struct cairo_functions cairo_lib;
extern struct fc_functions fc_lib;

/* From any thread, any number of times; they stay loaded. STATUS_MISSING, with
 * a sentence, where the system has them not (any more). */
enum status cairo_load(void);

#endif
#endif
