/*
 * struct record_maker: chosen rows made into records: the key, the value's
 * JSON, and a checksum over all records so far, by which a resumed replay
 * knows that its input is still the same.
 */
#ifndef NARU_REPLAY_RECORD_MAKER_H
#define NARU_REPLAY_RECORD_MAKER_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "replay/key_pattern.h"
#include "replay/record_sink.h"
#include "replay/row_source.h"

#include <stdbool.h>
#include <stdint.h>

struct record_maker {
    const struct key_pattern *key; /* borrowed; NULL: the dataset's column */
    bool chained;                  /* is the checksum wanted? */
    uint32_t chain;                /* of the records taken */
    struct buf value;
    struct buf key_text;
};

/* record_maker_init(m, key, chained): Make m ready. Allocates nothing. */
void record_maker_init(
    struct record_maker *m, const struct key_pattern *key, bool chained);
void record_maker_fini(struct record_maker *m);

/*
 * record_maker_make(m, row, record, err):
 * The record of row, valid until the next call. Returns 0, or -1 with err,
 * "FILE:LINE: COLUMN: why". Allocates only to grow its buffers.
 */
int record_maker_make(struct record_maker *m, const struct source_row *row,
    struct out_record *record, struct error *err) MUST_CHECK;

/* record_maker_count(m, record): It is one of the stream: chain it. */
void record_maker_count(struct record_maker *m, struct out_record *record);

#endif
