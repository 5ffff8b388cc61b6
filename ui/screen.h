/*
 * A whole frame from the model: screen_update settles what it will show (and
 * what the workers turn to), screen_draw draws it.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include <stdbool.h>

struct canvas;
struct model;

/* Reads the headers of the layers on screen, a few a time, recounts averages
 * within a budget and directs the workers. True when it is not through: call
 * it again soon, and draw again. */
bool screen_update(struct model *model, int rows, int columns);

/* Draws into the canvas at its size; canvas->look is model->look. */
void screen_draw(struct canvas *canvas, struct model *model);

#endif
