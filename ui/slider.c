#include "ui/slider.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/glyph.h"

/* The track's ends, in tenths of a decade. An absolute tolerance may have to
 * go beyond 1: singular values have the scale of the operator. */
enum { TENTHS_LOW = -120, TENTHS_HIGH_RELATIVE = 0, TENTHS_HIGH_ABSOLUTE = 40 };

static int
tenths_high(struct tolerance tol)
{
	return tol.kind == TOLERANCE_RELATIVE ? TENTHS_HIGH_RELATIVE
		: TENTHS_HIGH_ABSOLUTE;
}

/* 10^(tenths / 10) to two digits, as the decimal text of it reads. */
static double
grid_value(int tenths)
{
	char text[32];

	snprintf(text, sizeof text, "%.1e", pow(10, tenths / 10.0));
	return strtod(text, NULL);
}

static int
nearest_tenths(double value)
{
	return (int)lround(10 * log10(value));
}

static struct tolerance
at_tenths(struct tolerance tol, int tenths)
{
	if (tenths > tenths_high(tol))
		tenths = tenths_high(tol);
	if (tenths < TENTHS_LOW)
		tenths = TENTHS_LOW;
	tol.value = grid_value(tenths);
	return tol;
}

struct tolerance
slider_step(struct tolerance tol, int n)
{
	int tenths;

	if (tol.value < grid_value(TENTHS_LOW))
		return n > 0 ? at_tenths(tol, TENTHS_LOW + n - 1) : tol;
	if (tol.value > grid_value(tenths_high(tol)))
		return n < 0 ? at_tenths(tol, tenths_high(tol) + n + 1) : tol;
	tenths = nearest_tenths(tol.value);
	/* A typed value between two of the grid: its neighbour is one step. */
	if (n > 0 && grid_value(tenths) > tol.value)
		tenths--;
	if (n < 0 && grid_value(tenths) < tol.value)
		tenths++;
	return at_tenths(tol, tenths + n);
}

double
slider_fraction(struct tolerance tol)
{
	double low = TENTHS_LOW, high = tenths_high(tol), at;

	if (!(tol.value > 0))
		return 0;
	at = (10 * log10(tol.value) - low) / (high - low);
	return at < 0 ? 0 : at > 1 ? 1 : at;
}

struct tolerance
slider_at(struct tolerance tol, double fraction)
{
	int range = tenths_high(tol) - TENTHS_LOW;

	return at_tenths(tol, TENTHS_LOW + (int)lround(fraction * range));
}

char *
slider_text(char out[SLIDER_TEXT], struct tolerance tol)
{
	const char *kind = tol.kind == TOLERANCE_RELATIVE ? "rel" : "abs";

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(out, SLIDER_TEXT, "%s %.*e", kind, digits, tol.value);
		if (strtod(out + 4, NULL) == tol.value)
			break;
	}
	return out;
}

enum status
slider_parse(struct tolerance *out, const char *text, struct tolerance old)
{
	struct tolerance tol = old;
	const char *p = text;
	char *end;

	if (strncmp(p, "rel", 3) == 0 || strncmp(p, "abs", 3) == 0) {
		tol.kind = *p == 'r' ? TOLERANCE_RELATIVE : TOLERANCE_ABSOLUTE;
		p += 3;
		p += strspn(p, " ");
		if (*p == '\0') {
			*out = tol;
			return STATUS_OK;
		}
	}
	tol.value = strtod(p, &end);
	if (end == p || end[strspn(end, " ")] || !isfinite(tol.value)
	    || tol.value < 0)
		return status_set(STATUS_USAGE, "\"%s\" is no tolerance; "
			"type 1e-4, rel 1e-4 or abs 0.1", text);
	if (tol.value == 0)
		tol.value = 0;          /* no minus zero on the screen */
	*out = tol;
	return STATUS_OK;
}

/* The track's inner columns within the rect, behind "tol rel 1.0e-03 ". */
static struct rect
slider_track(struct rect rect, struct tolerance tol)
{
	struct rect track = rect;
	char text[SLIDER_TEXT];
	int label = (int)strlen("tol ") + (int)strlen(slider_text(text, tol));

	track.column += label + 2;
	track.columns -= label + 3;
	if (track.columns < 4)
		track.columns = 0;
	return track;
}

void
slider_draw(struct canvas *canvas, struct rect rect, struct tolerance tol)
{
	bool unicode = canvas->look.unicode;
	struct rect track = slider_track(rect, tol);
	char text[SLIDER_TEXT];
	int used, knob;

	used = canvas_text(canvas, rect.row, rect.column, rect.columns,
		COLOUR_TITLE, COLOUR_DEFAULT, 0, "tol ");
	canvas_text(canvas, rect.row, rect.column + used, rect.columns - used,
		COLOUR_TOLERANCE, COLOUR_DEFAULT, CELL_BOLD,
		slider_text(text, tol));
	if (track.columns == 0)
		return;
	/* The ends of the track are the keys that move the knob. */
	canvas_put(canvas, rect.row, track.column - 1, L'[', COLOUR_ACCENT,
		COLOUR_DEFAULT);
	for (int i = 0; i < track.columns; i++)
		canvas_put(canvas, rect.row, track.column + i,
			glyph_get(GLYPH_RULE_H, unicode), COLOUR_DIM,
			COLOUR_DEFAULT);
	canvas_put(canvas, rect.row, track.column + track.columns, L']',
		COLOUR_ACCENT, COLOUR_DEFAULT);
	knob = (int)lround(slider_fraction(tol) * (track.columns - 1));
	canvas_put(canvas, rect.row, track.column + knob,
		glyph_get(GLYPH_KNOB, unicode), COLOUR_TOLERANCE,
		COLOUR_DEFAULT);
}

bool
slider_pick(struct tolerance *out, struct rect rect, struct tolerance tol,
	int column, bool held)
{
	struct rect track = slider_track(rect, tol);

	if (track.columns == 0)
		return false;
	if (!held && (column < track.column - 1
	    || column > track.column + track.columns))
		return false;
	*out = slider_at(tol, (double)(column - track.column)
		/ (track.columns - 1));
	return true;
}
