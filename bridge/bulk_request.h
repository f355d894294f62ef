/*
 * struct bulk_encoder: turns a record into the two lines of a bulk request
 * (action and document), or says why it cannot be one. Pure; one copy of the
 * value, no allocation per record.
 */
#ifndef NARU_BRIDGE_BULK_REQUEST_H
#define NARU_BRIDGE_BULK_REQUEST_H

#include "bridge/record.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"

#include <stdbool.h>

/* An id longer than this is refused by every engine (IndexRequest.validate:
 * "id is too long, must be no longer than 512 bytes"). */
#define BULK_MAX_ID_BYTES 512

enum tombstone_rule { TOMBSTONE_SKIP, TOMBSTONE_DELETE, TOMBSTONE_DEAD_LETTER };

struct bulk_options {
    const char *index;   /* pattern */
    const char *id;      /* pattern */
    const char *version; /* "timestamp", "none" or a field's name */
    const char *type;    /* pattern, for engines that want one, else NULL */
    enum tombstone_rule on_tombstone;
};

/* What an action does with the document of its id. */
enum bulk_op {
    BULK_INDEX,
    BULK_CREATE, /* unless there is one */
    BULK_UPDATE, /* its fields into the one there is */
    BULK_UPSERT, /* likewise, or make it */
    BULK_DELETE
};
#define BULK_OPS 5

extern const char *const bulk_op_names[BULK_OPS];

enum bulk_result {
    BULK_ENCODED,
    BULK_SKIPPED, /* a tombstone, by the rule */
    BULK_REFUSED, /* the record cannot become a document: dead letter */
    BULK_FULL     /* no room in out; it is as it was */
};

struct bulk_encoder;

/*
 * bulk_encoder_new(o, err): Compile the patterns; the strings of o are
 * borrowed only for the call. NULL with err.
 */
struct bulk_encoder *bulk_encoder_new(
    const struct bulk_options *o, struct error *err) MUST_CHECK;
void bulk_encoder_free(struct bulk_encoder *e);

/*
 * bulk_encoder_use_op(e, op, err):
 * Records do what op says (a pattern that gives one of bulk_op_names) instead
 * of index; a record without a value is still for o->on_tombstone. Returns 0;
 * -1 with err, e is then to be freed.
 */
int bulk_encoder_use_op(
    struct bulk_encoder *e, const char *op, struct error *err) MUST_CHECK;

/*
 * bulk_encoder_index(e): The index when it is the same for all records, to be
 * named once in the request's path; else NULL and each action names its own.
 */
const char *bulk_encoder_index(const struct bulk_encoder *e);

/* bulk_encoder_id(e, out): The id of the record last encoded, escaped as in
 * JSON, where it stands in out; valid until out changes. */
struct slice bulk_encoder_id(
    const struct bulk_encoder *e, const struct buf *out);

/* bulk_encoder_is_verbatim(e): Do the lines of the record last encoded end in
 * its value, byte for byte, and a line's end? */
bool bulk_encoder_is_verbatim(const struct bulk_encoder *e);

/*
 * bulk_encode(e, record, out, is_delete, why):
 * Append the record's lines to out. A value that spans lines (pretty-printed)
 * is joined to one line; one with a line break inside a string is refused, as
 * is that of an update when something stands behind its object.
 * With BULK_REFUSED why says what is wrong with the record. out is unchanged
 * unless BULK_ENCODED.
 */
enum bulk_result bulk_encode(struct bulk_encoder *e,
    const struct record *record, struct buf *out, bool *is_delete,
    struct error *why);

#endif
