/* Keys of the terminal; see keyboard.h. */
#include "cli/keyboard.h"

#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/* One terminal, one process: what it was like before. */
static struct termios before;
static volatile bool is_open;

bool keyboard_open(void)
{
    struct termios keys;

    if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
        tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    keys = before;
    keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO); /* signals stay */
    keys.c_cc[VMIN] = 0;
    keys.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &keys) != 0) {
        return false;
    }
    is_open = true;
    (void)atexit(keyboard_close);
    return true;
}

/* Not after bg: whoever reads from the terminal there, or sets it, is stopped
 * (SIGTTIN, SIGTTOU). The shell has set it as it was for what it runs now. */
static bool is_in_front(void)
{
    return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

int keyboard_key(void)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    unsigned char key;

    if (!is_open || !is_in_front() || poll(&in, 1, 0) <= 0 ||
        read(STDIN_FILENO, &key, 1) != 1) {
        return -1;
    }
    return key;
}

void keyboard_close(void)
{
    if (is_open && is_in_front()) {
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
    is_open = false;
}
