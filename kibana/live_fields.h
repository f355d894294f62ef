/*
 * The fields of the live index, as the engine's _field_caps tells them, and
 * whether the panels find theirs there.
 */
#ifndef NARU_KIBANA_LIVE_FIELDS_H
#define NARU_KIBANA_LIVE_FIELDS_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "kibana/import_answer.h"
#include "mappings/dataset.h"

#include <jansson.h>
#include <stddef.h>

/*
 * live_fields_read(e, index, caps, err):
 * GET index/_field_caps; *caps is field -> type -> ..., the caller's to
 * release, NULL when there is no such index. Blocks. Returns 0, -1 with err.
 */
int live_fields_read(const struct endpoint *e, const char *index, json_t **caps,
    struct error *err) MUST_CHECK;

/*
 * live_fields_check(caps, objects, ds, index, report, arg):
 * Is each field that a panel of objects asks for there, with the dataset's
 * type, and with one type only? Returns how many lines were reported. Pure.
 */
size_t live_fields_check(const json_t *caps, const json_t *objects,
    const struct dataset *ds, const char *index, kibana_report_fn report,
    void *arg);

#endif
