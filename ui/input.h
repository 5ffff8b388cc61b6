/*
 * Keys and mouse to what they mean on the present screen: the ":" line while
 * it is open, the slider, a pane, or a command.
 */
#ifndef UI_INPUT_H
#define UI_INPUT_H

struct event;
struct model;

/* rows, columns: of the screen the event happened on. */
void input_event(struct model *model, int rows, int columns,
	const struct event *event);

#endif
