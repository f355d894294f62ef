/* Names of indices as users and configurations write them. */
#ifndef NARU_CLI_INDEX_NAME_H
#define NARU_CLI_INDEX_NAME_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"

/*
 * index_name_check(what, name, err):
 * Can name be an index, an alias or a pattern, as part of a path? what is put
 * before the error. 0 or -1.
 */
int index_name_check(
    const char *what, const char *name, struct error *err) MUST_CHECK;

/*
 * index_name_widen(pattern, out, err):
 * Append the name of all indices of a family: "marcap-%{Date:%Y}" is
 * "marcap-*". 0, or -1 with err when it is too long.
 */
int index_name_widen(
    const char *pattern, struct buf *out, struct error *err) MUST_CHECK;

#endif
