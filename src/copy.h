/*
 * Where what is copied goes: into a file, always; through the terminal to the
 * clipboard of the machine one sits at (OSC 52); and, inside tmux, which may
 * keep that to itself, through tmux.
 */
#ifndef SRC_COPY_H
#define SRC_COPY_H

struct model;
struct tty;

/* Takes up what is wished, and says what was done. tty NULL: there is no
 * terminal. */
void copy_turn(struct model *model, struct tty *tty);

#endif
