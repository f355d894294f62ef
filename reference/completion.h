/*
 * Completion scripts: functions that hold what the tables say, written here,
 * and a driver (completion.bash, completion.zsh) that is the same for all.
 */
#ifndef NARU_REFERENCE_COMPLETION_H
#define NARU_REFERENCE_COMPLETION_H

#include "common/attr.h"
#include "reference/book.h"

#include <stdio.h>

/* completion_bash(b, to), completion_zsh(b, to): The script, whole. */
void completion_bash(const struct book *b, FILE *to);
void completion_zsh(const struct book *b, FILE *to);

#endif
