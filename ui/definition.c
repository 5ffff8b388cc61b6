#include "ui/definition.h"

#include "core/util.h"
#include "ui/model.h"

enum {
	LAYERS = 1 << PANE_LAYERS,
	MAP = 1 << PANE_MAP,
	SPECTRUM = 1 << PANE_SPECTRUM,
	PROFILE = 1 << PANE_PROFILE,
	OPERATOR = 1 << PANE_OPERATOR,
	TEXT = 1 << PANE_TEXT,
	CELLS = MAP | SPECTRUM | PROFILE | TEXT,
	ALL = (1 << PANE_COUNT) - 1,
};

const struct definition definitions[] = {
	{ "H_i", "= T[i:, :i]: everything the inputs before position i can "
		"still do to the outputs from i on; 0-based, so i lies "
		"between tokens i-1 and i, i = 1 .. L-1", ALL },
	{ "spectrum", "the singular values s1 >= s2 >= ... of H_i; at most "
		"min(i, L-i) of them", CELLS },
	{ "ESS", "effective state-size: how many directions of H_i count",
		LAYERS | CELLS },
	{ "tolerance", "what counts: s > tau (abs), or s > tau s1 (rel), "
		"strictly greater; it never enters entropy-ESS nor s1",
		LAYERS | CELLS },
	{ "TSS", "theoretical state-size: what the operator's state could "
		"hold: n for a recurrence of state n, window-1 or i for "
		"softmax, taps-1 for a convolution, min(i, L-i) where it is "
		"not known; \"i\" in the list: it grows with the position i, "
		"as for attention, which keeps all of the past",
		LAYERS | CELLS },
	{ "ceiling", "min(i, L - i, TSS): no rank can exceed it, so every "
		"curve falls to 0 at both ends; a count above it is noise, or "
		"a TSS in the dump that is too small", LAYERS | CELLS },
	{ "use", "how much of it: the mean over positions and channels of ESS "
		"/ TSS, or of ESS / ceiling where TSS grows", LAYERS },
	{ "ESS (list)", "mean over positions 1 .. L-1, then over channels; ~ "
		"before it: of what is computed so far; !: some channels "
		"cannot be computed", LAYERS },
	{ "interior", "positions that the ends do not force down: i >= TSS "
		"and L-i >= TSS; where TSS grows, L/4 <= i < 3L/4",
		LAYERS | MAP },
	{ "saturated", "a channel with ESS / TSS >= 0.9 on at least half of "
		"its interior positions (ESS / ceiling where TSS grows); the "
		"threshold is ours", LAYERS | MAP },
	{ "collapsed", "likewise with ESS / TSS <= 0.1", LAYERS | MAP },
	{ "change", "how far a layer's average ESS is from that of the layer "
		"before it, by name, of the same kind", LAYERS },
	{ "T[i, j]", "what output i takes from input j, 0 for j > i; the "
		"colours are log10 |T|, the value at the cursor is exact, and "
		"the outlined block is H_i", OPERATOR },
	{ "floor", "what the numbers resolve: the arithmetic (about 1e-14 s1, "
		"or what the sliding method dropped), and the rounding a "
		"dense T carries, 0.4 u (largest row norm + largest column "
		"norm of H_i), u = 2^-11 (f16), 2^-8 (bf16), 2^-24 (f32); a "
		"tolerance below it counts noise", MAP | SPECTRUM },
	{ "plateau", "a range of tolerances over which the count stays k: "
		"from s_k+1 up to s_k, but not below the floor; as wide as "
		"log10 of their ratio, in decades; the widest with 1 <= k < "
		"ceiling is marked, p goes to its geometric middle",
		SPECTRUM },
	{ "8 at -0.39", "8 are counted once the tolerance is 0.39 decades "
		"lower; 6 at +1.41: 6 once it is 1.41 higher", SPECTRUM },
	{ "mean curve", "over the computed cells of the layer, of the count at "
		"each tolerance; its plateau (P): the widest range over which "
		"it changes by at most a twentieth, is >= 1 and more than a "
		"twentieth below the mean ceiling", SPECTRUM },
	{ "-plnp%", "the share of each value in the entropy, -p ln p with p = "
		"s / sum(s); cum %: the share of sum(s) up to it", SPECTRUM },
	{ "error <", "bound on |computed - exact| of every singular value, "
		"after the method that found them", SPECTRUM },
	{ "line, mean", "the line of blocks is the cursor's channel, the thin "
		"one the mean over channels, the dashed one the ceiling",
		PROFILE },
	{ "25-75%", "the darker shade: from the lower to the upper quartile "
		"(nearest ranks) of the cells, over all channels, that share "
		"the column; the lighter one: from the least to the most",
		PROFILE },
	{ "drop", "ESS at i-1 minus ESS at i: x goes to the largest along "
		"this channel, then to the next; token i-1 is what was read",
		PROFILE | TEXT | MAP },
	{ "token i", "has the colour of H_i: of what is held just before it "
		"is read; token 0 has none", TEXT },
	{ "max 1x5", "in the map's title: a pixel shows the largest of 1 "
		"channel x 5 positions (r: mean or min); the numbers under "
		"the map are of the cursor's cell alone, and exact unless "
		"they say bounded", MAP | OPERATOR },
	{ "bounded", "none of the pixel's cells is computed yet, but the "
		"spectra on both sides say for certain between what two "
		"numbers its value lies (H_i and H_i+1 differ by a row and a "
		"column); it has the colour of the middle, checkered, or dots "
		"or a digit for a shade, and is a dot in the profile; such "
		"numbers are in no mean and no file", MAP | PROFILE | TEXT },
	{ "4 ceiling", "behind the colours: the last one is 4, the ceiling in "
		"the middle of the layer; s changes it, the tolerance never",
		MAP | TEXT },
};

const size_t definition_count = LENGTH(definitions);
