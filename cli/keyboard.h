/*
 * Keys on the terminal while a command runs: read one by one, without Enter,
 * not echoed. The terminal is put back when the process ends.
 */
#ifndef NARU_CLI_KEYBOARD_H
#define NARU_CLI_KEYBOARD_H

#include <stdbool.h>

/*
 * keyboard_open(): Listen to standard input, if it is a terminal and we are in
 * its foreground. Says whether it is.
 */
bool keyboard_open(void);

/* keyboard_key(): A key that was pressed, or -1. Never waits. */
int keyboard_key(void);

/* keyboard_close(): Put the terminal back. Safe at any time. */
void keyboard_close(void);

#endif
