/*
 * show_screen ROWS COLUMNS KEYS FILE...: a frame as text, after these keys,
 * with everything computed.
 */
#include <locale.h>

#include "tests/ui/model_of.h"

int
main(int argc, char **argv)
{
	struct session *session;
	struct model *model;
	char *text;

	if (argc < 5)
		return 2;
	setlocale(LC_CTYPE, "C.UTF-8");
	if (session_open(&session, argv + 4, (size_t)argc - 4,
		(struct session_options){ 0 })) {
		fprintf(stderr, "%s\n", status_text());
		return 1;
	}
	model = model_new(session, TOLERANCE_DEFAULT,
		look_new(COLOUR_MONO, true, false, 0));
	model_finish(model);
	press(model, argv[3]);
	model_finish_at(model, atoi(argv[1]), atoi(argv[2]));
	text = frame(model, atoi(argv[1]), atoi(argv[2]));
	fputs(text, stdout);
	free(text);
	model_close(model);
	return 0;
}
