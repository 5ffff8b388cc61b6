/* What a figure is drawn with, on a light page. */
#ifndef UI_FIGURE_COLOUR_H
#define UI_FIGURE_COLOUR_H

enum figure_ink {
	INK_TEXT = 0x1a1a1a, INK_QUIET = 0x666666, INK_AXIS = 0x333333,
	INK_GRID = 0xe3e3e3, INK_PAGE = 0xffffff, INK_CHANNEL = 0x0b62a8,
	INK_MEAN = 0x1c8a4e, INK_CEILING = 0x9a3f92, INK_TOLERANCE = 0xd95f02,
	INK_COUNTED = 0x0b62a8, INK_UNCOUNTED = 0xb4bcc4, INK_FLOOR = 0xececec,
	INK_NODATA = 0xd8d8d8, INK_DELIMITER = 0x9a3f92,
	INK_EXTREMES = 0xe9edf1, INK_QUARTILES = 0xccd5de,
	INK_OUTLINE = 0x00b4d0, INK_COMPARED = 0xc1272d,
};

#endif
