/* Progress in place on a terminal; see progress.h. */
#include "common/progress.h"

#include <stdarg.h>
#include <unistd.h>

#define TERMINAL_EVERY_US 200000
#define LOG_EVERY_US 10000000
#define CLEAR_LINE "\r\033[K"

void progress_init(struct progress *p, FILE *to, int64_t now_us)
{
    *p = (struct progress){.to = to, .on_terminal = isatty(fileno(to)) == 1};
    p->every_us = p->on_terminal ? TERMINAL_EVERY_US : LOG_EVERY_US;
    p->next_us = now_us + p->every_us;
}

bool progress_due(struct progress *p, int64_t now_us)
{
    if (now_us < p->next_us) {
        return false;
    }
    p->next_us = now_us + p->every_us;
    return true;
}

void progress_show(struct progress *p, const char *fmt, ...)
{
    va_list args;

    (void)fputs(CLEAR_LINE, p->to);
    va_start(args, fmt);
    (void)vfprintf(p->to, fmt, args);
    va_end(args);
    (void)fflush(p->to);
    p->shown = true;
}

void progress_clear(struct progress *p)
{
    if (p->shown) {
        (void)fputs(CLEAR_LINE, p->to);
        (void)fflush(p->to);
        p->shown = false;
    }
}
