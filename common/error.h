/*
 * struct error: one sentence for a person. A fallible function that has
 * something to explain takes a struct error * and fills it when it fails:
 * what is wrong, where, and what to do, on one line, no full stop, no newline.
 * The front door prints it after the program's name.
 */
#ifndef NARU_COMMON_ERROR_H
#define NARU_COMMON_ERROR_H

#include "common/attr.h"

#define ERROR_MAX_BYTES 1024

struct error {
    char text[ERROR_MAX_BYTES];
};

/*
 * error_set(err, fmt, ...):
 * Write the sentence; longer text is cut at the end, between letters. err may
 * be NULL. Returns -1 always, so that a caller may `return error_set(...)`. The
 * arguments may point into err->text itself. Line breaks become spaces.
 */
int error_set(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * error_prefix(err, fmt, ...):
 * Put text in front of the sentence that stands there, e.g. the file it is
 * about. Returns -1.
 */
int error_prefix(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
