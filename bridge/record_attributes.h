/*
 * The attributes that a record begins with on its way through [transform], as
 * NiFi's ConsumeKafka gives them. Pure.
 */
#ifndef NARU_BRIDGE_RECORD_ATTRIBUTES_H
#define NARU_BRIDGE_RECORD_ATTRIBUTES_H

#include "bridge/attributes.h"
#include "bridge/nifi/arena.h"
#include "bridge/record.h"
#include "common/attr.h"

#include <regex.h>
#include <stdbool.h>

enum key_encoding { KEY_UTF8, KEY_HEX, KEY_NONE };

struct record_attributes {
    enum key_encoding key_encoding;
    bool has_headers; /* do any headers become attributes? */
    regex_t headers;  /* those whose whole name matches */
};

/*
 * record_attributes_make(how, record, arena, out):
 * Fill in *out, which lives as long as arena and the record. Bytes that are not
 * UTF-8 become question marks. Returns 0, -1 out of memory.
 */
int record_attributes_make(const struct record_attributes *how,
    const struct record *record, struct arena *arena,
    struct attributes *out) MUST_CHECK;

#endif
