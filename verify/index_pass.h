/* One reading of an index: each document with its content. */
#ifndef NARU_VERIFY_INDEX_PASS_H
#define NARU_VERIFY_INDEX_PASS_H

#include "common/attr.h"
#include "common/error.h"
#include "index/index_reader.h"
#include "verify/content.h"

/* Called for each document; both are valid during the call. Not 0 ends it. */
typedef int (*index_pass_fn)(void *arg, const struct index_document *document,
    struct content *content, struct error *err);

/*
 * index_pass_run(reader, each, arg, err):
 * Read all. A document whose content cannot be read is an error. 0 or -1.
 */
int index_pass_run(struct index_reader *reader, index_pass_fn each, void *arg,
    struct error *err) MUST_CHECK;

#endif
