/* Sending saved objects to a server. Blocks. */
#ifndef NARU_KIBANA_IMPORTER_H
#define NARU_KIBANA_IMPORTER_H

#include "common/attr.h"
#include "common/error.h"
#include "kibana/import_answer.h"
#include "kibana/kibana_server.h"

#include <jansson.h>
#include <stdbool.h>

/*
 * importer_send(link, server, objects, overwrite, report, arg, result, err):
 * Import objects, which must be of server->target's form, in one request.
 * overwrite replaces what stands under their ids; without it that stays, and
 * counts as failed. Never copies under new ids. report tells of each object.
 * Returns 0 when the server spoke of each of them (*result says how); -1 with
 * err when it did not answer, or refused the whole.
 */
int importer_send(const struct kibana_link *link,
    const struct kibana_server *server, const json_t *objects, bool overwrite,
    kibana_report_fn report, void *arg, struct import_result *result,
    struct error *err) MUST_CHECK;

#endif
