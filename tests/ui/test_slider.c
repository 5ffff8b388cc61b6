/*
 * The slider: its grid, its text, what it takes as a typed value, and that
 * the column clicked on gives the tolerance drawn there.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "ui/slider.h"

static struct tolerance
relative(double value)
{
	return (struct tolerance){ TOLERANCE_RELATIVE, value };
}

/* Up and down through the whole track comes back to the same value, and each
 * value is what its own text says. */
static void
test_steps(void)
{
	struct tolerance tol = relative(1e-3), up;
	bool back = true, text = true;
	int steps = 0;

	ok(slider_step(tol, 1).value == 1.3e-3, "a step above 1e-3: 1.3e-3");
	ok(slider_step(tol, -1).value == 7.9e-4, "a step below: 7.9e-4");
	ok(slider_step(tol, 10).value == 1e-2, "ten steps: a decade");
	for (tol = relative(1e-12); tol.value < 1; tol = up, steps++) {
		char shown[SLIDER_TEXT];

		up = slider_step(tol, 1);
		back &= up.value > tol.value
			&& slider_step(up, -1).value == tol.value;
		slider_text(shown, up);
		text &= strtod(shown + 4, NULL) == up.value
			&& strlen(shown) == strlen("rel 1.0e-03");
	}
	ok(back && steps == 120, "120 steps from 1e-12 to 1, each reversible");
	ok(text, "each is shown in two digits, exactly");
	ok(slider_step(relative(1), 1).value == 1, "no further than 1");
	ok(slider_step(relative(1e-12), -5).value == 1e-12, "nor below 1e-12");
	ok(slider_step(relative(0), 1).value == 1e-12, "up from 0");
	ok(slider_step(relative(1.1e-3), 1).value == 1.3e-3
		&& slider_step(relative(1.1e-3), -1).value == 1e-3,
		"from between two steps to its neighbours");
	ok(slider_step((struct tolerance){ TOLERANCE_ABSOLUTE, 1 }, 10).value
		== 10, "an absolute tolerance may exceed 1");
}

static bool
parses(const char *text, int kind, double value)
{
	struct tolerance tol = relative(5);

	return slider_parse(&tol, text, relative(5)) == STATUS_OK
		&& (int)tol.kind == kind && tol.value == value;
}

static bool
refuses(const char *text)
{
	struct tolerance tol = relative(5);

	return slider_parse(&tol, text, tol) == STATUS_USAGE
		&& tol.value == 5 && strstr(status_text(), "1e-4");
}

static void
test_parse(void)
{
	ok(parses("1e-4", TOLERANCE_RELATIVE, 1e-4), "1e-4 keeps the kind");
	ok(parses("abs 0.1", TOLERANCE_ABSOLUTE, 0.1), "abs 0.1");
	ok(parses("rel 2e-7 ", TOLERANCE_RELATIVE, 2e-7), "rel 2e-7, blank");
	ok(parses("abs", TOLERANCE_ABSOLUTE, 5), "abs alone keeps the value");
	ok(parses("0", TOLERANCE_RELATIVE, 0), "0 counts all above 0");
	ok(refuses("0x1p-3") && refuses("abs 0x10"), "no hex");
	ok(slider_parse(&(struct tolerance){ 0 }, "1e-400", relative(1))
		== STATUS_USAGE && strstr(status_text(), "double"),
		"1e-400 is not 0");
	ok(parses("0e5", TOLERANCE_RELATIVE, 0), "0e5 is");
	ok(refuses("abc") && refuses("-1") && refuses("nan") && refuses("inf")
		&& refuses("1e-3x") && refuses("rel x") && refuses(""),
		"what is no number >= 0 is refused, with an example");
}

/* Clicking on the knob changes nothing by more than a column's worth. */
static void
test_pick(void)
{
	struct rect rect = { 0, 10, 1, 50 };
	struct canvas *canvas = canvas_new(look_new(COLOUR_MONO, false,
		false, 0));
	struct tolerance tol = relative(1e-3), picked;
	const char *knob = NULL;
	char row[61] = "";

	canvas_reset(canvas, 1, 60);
	slider_draw(canvas, rect, tol);
	for (int c = 0; c < 60; c++)
		row[c] = (char)canvas_cell(canvas, 0, c)->glyph;
	knob = strchr(row, 'O');
	ok(strstr(row, "tol rel 1.0e-03  1e-12 [--") && knob, "drawn: %s", row);
	ok(slider_pick(&picked, rect, tol, (int)(knob - row), false)
		&& picked.value > 5e-4 && picked.value < 2e-3,
		"a click on the knob: about the same");
	ok(strstr(row, "-] 1e0")
		&& slider_pick(&picked, rect, tol, 59 - 5, false) && picked.value == 1,
		"at the right end: 1");
	ok(!slider_pick(&picked, rect, tol, 12, false), "on the text: nothing");
	ok(slider_pick(&picked, rect, tol, 12, true) && picked.value == 1e-12,
		"unless the knob is held: the near end");
	canvas_free(canvas);
}

int
main(void)
{
	test_steps();
	test_parse();
	test_pick();
	return done();
}
