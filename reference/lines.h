/*
 * The lines of a text as --help shows them, and which of them have a layout of
 * their own, whatever the page is written in. Pure.
 */
#ifndef NARU_REFERENCE_LINES_H
#define NARU_REFERENCE_LINES_H

#include "common/slice.h"

#include <stdbool.h>

/* lines_take(rest): The first line of *rest, which goes on behind its end. */
struct slice lines_take(struct slice *rest);

/* lines_keep(line): Does it stay as it is? It does when it begins with a space
 * or has columns: three spaces or more between words. */
bool lines_keep(struct slice line);

#endif
