/*
 * The short way for most CSV rows: a line that is a row by itself, in which
 * every quote opens or closes a field. What is harder is libcsv's.
 */
#ifndef NARU_REPLAY_CSV_LINE_H
#define NARU_REPLAY_CSV_LINE_H

#include "common/slice.h"

#include <stddef.h>

/*
 * csv_line_cut(line, fields, cap):
 * Cut line (without its break, not empty) into fields, which point into it.
 * Returns how many; 0 when the line is not of the simple kind (a quote inside
 * a field, a quoted field that is not closed) or has more than cap fields.
 */
size_t csv_line_cut(struct slice line, struct slice *fields, size_t cap);

#endif
