/*
 * What a server says about an import, object by object: a 200 may well hold
 * errors. Pure.
 */
#ifndef NARU_KIBANA_IMPORT_ANSWER_H
#define NARU_KIBANA_IMPORT_ANSWER_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

#include <jansson.h>
#include <stddef.h>

/* One line for a person, without a newline. */
typedef void (*kibana_report_fn)(const char *line, void *arg);

struct import_result {
    size_t imported, failed;
};

/*
 * import_answer_read(body, n_sent, report, arg, result, err):
 * Read the answer to _import. Returns 0; -1 with err when it is none, or
 * speaks of another number of objects than were sent.
 */
int import_answer_read(struct slice body, size_t n_sent,
    kibana_report_fn report, void *arg, struct import_result *result,
    struct error *err) MUST_CHECK;

/* import_answer_read_legacy(...): The same for Kibana 6's
 * /api/kibana/dashboards/import. */
int import_answer_read_legacy(struct slice body, size_t n_sent,
    kibana_report_fn report, void *arg, struct import_result *result,
    struct error *err) MUST_CHECK;

#endif
