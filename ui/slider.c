#include "ui/slider.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/glyph.h"
#include "ui/plot.h"

enum { TRACK_MIN = 12 };        /* columns that are worth more than its ends */

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

struct tolerance
slider_step(struct tolerance tol, int n)
{
	int tenths, low = TENTHS_LOW, high = tenths_high(tol);

	if (n == 0 || (n < 0 && tol.value <= grid_value(low))
	    || (n > 0 && tol.value >= grid_value(high)))
		return tol;
	/* From 0 up: the track's first value. */
	tenths = tol.value > 0 ? nearest_tenths(tol.value) : low - 1;
	/* A typed value between two of the grid: its neighbour is one step. */
	if (n > 0 && tol.value > 0 && grid_value(tenths) > tol.value)
		tenths--;
	if (n < 0 && grid_value(tenths) < tol.value)
		tenths++;
	tenths += n;
	/* Beyond an end it walks back by the same steps. */
	if (n > 0 && tenths > high)
		tenths = high;
	if (n < 0 && tenths < low)
		tenths = low;
	tol.value = grid_value(tenths);
	return tol;
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

	fraction = fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
	tol.value = grid_value(TENTHS_LOW + (int)lround(fraction * range));
	return tol;
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
	if (tol.value == 0 && strpbrk(p, "123456789")
	    && strpbrk(p, "123456789") < p + strcspn(p, "eE"))
		return status_set(STATUS_USAGE, "\"%s\" is less than a double "
			"can hold; type 1e-300 or 0", text);
	if (end == p || end[strspn(end, " ")] || !isfinite(tol.value)
	    || tol.value < 0 || strpbrk(p, "xX"))
		return status_set(STATUS_USAGE, "\"%s\" is no tolerance; "
			"type 1e-4, rel 1e-4 or abs 0.1", text);
	if (tol.value == 0)
		tol.value = 0;          /* no minus zero on the screen */
	*out = tol;
	return STATUS_OK;
}

/* The track's inner columns within the rect, behind "tol rel 1.0e-03 [", or
 * behind "tol rel 1.0e-03  1e-12 [" where there is room for *ends. */
static struct rect
slider_track(struct rect rect, struct tolerance tol, bool *ends)
{
	const int low = (int)strlen(" 1e-12 "), high = (int)strlen(" 1e0");
	struct rect track = rect;
	char text[SLIDER_TEXT];
	int label = (int)strlen("tol ") + (int)strlen(slider_text(text, tol));

	track.column += label + 2;
	track.columns -= label + 3;
	*ends = track.columns >= TRACK_MIN + low + high;
	if (*ends) {
		track.column += low;
		track.columns -= low + high;
	}
	if (track.columns < 4)
		track.columns = 0;
	return track;
}

static void
draw_ends(struct canvas *canvas, struct rect track, struct tolerance tol)
{
	char text[PLOT_NUMBER];
	int width = snprintf(text, sizeof text, "1e%d", TENTHS_LOW / 10);

	canvas_text(canvas, track.row, track.column - 2 - width, width,
		COLOUR_DIM, COLOUR_DEFAULT, 0, text);
	width = snprintf(text, sizeof text, "1e%d", tenths_high(tol) / 10);
	canvas_text(canvas, track.row, track.column + track.columns + 2, width,
		COLOUR_DIM, COLOUR_DEFAULT, 0, text);
}

void
slider_draw(struct canvas *canvas, struct rect rect, struct tolerance tol)
{
	bool unicode = canvas->look.unicode;
	bool ends;
	struct rect track = slider_track(rect, tol, &ends);
	char text[SLIDER_TEXT];
	int used, knob;

	used = canvas_text(canvas, rect.row, rect.column, rect.columns,
		COLOUR_TITLE, COLOUR_DEFAULT, 0, "tol ");
	canvas_text(canvas, rect.row, rect.column + used, rect.columns - used,
		COLOUR_TOLERANCE, COLOUR_DEFAULT, CELL_BOLD,
		slider_text(text, tol));
	if (track.columns == 0)
		return;
	if (ends)
		draw_ends(canvas, track, tol);
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
	bool ends;
	struct rect track = slider_track(rect, tol, &ends);

	if (track.columns == 0)
		return false;
	if (!held && (column < track.column - 1
	    || column > track.column + track.columns))
		return false;
	*out = slider_at(tol, (double)(column - track.column)
		/ (track.columns - 1));
	return true;
}
