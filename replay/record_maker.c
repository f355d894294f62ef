/* Rows to records; see record_maker.h. */
#include "replay/record_maker.h"

#include "replay/row_json.h"

#include <zlib.h>

#define KEY_MAX_BYTES ((size_t)1 << 20)

void record_maker_init(
    struct record_maker *m, const struct key_pattern *key, bool chained)
{
    *m = (struct record_maker){.key = key, .chained = chained};
    buf_init(&m->value, ROW_JSON_MAX_BYTES);
    buf_init(&m->key_text, KEY_MAX_BYTES);
}

void record_maker_fini(struct record_maker *m)
{
    buf_fini(&m->value);
    buf_fini(&m->key_text);
}

static int make_key(struct record_maker *m, const struct source_row *row,
    struct slice *key, struct error *err)
{
    if (m->key == NULL) {
        *key = row->fields[row->map->key_slot];
        return key->len > 0
                   ? 0
                   : error_set(err, "%s: empty, and it is the record's key",
                         row->map->slots[row->map->key_slot].column->name);
    }
    buf_clear(&m->key_text);
    if (key_pattern_expand(m->key, row->map, row->fields, &m->key_text, err) !=
        0) {
        return -1;
    }
    *key = buf_slice(&m->key_text);
    return 0;
}

int record_maker_make(struct record_maker *m, const struct source_row *row,
    struct out_record *record, struct error *err)
{
    buf_clear(&m->value);
    if (make_key(m, row, &record->key, err) != 0 ||
        row_json_write(row->map, row->fields, &m->value, err) != 0) {
        return error_prefix(err, "%s:%lld: ", row->path, (long long)row->line);
    }
    record->value = buf_slice(&m->value);
    record->event_ms = row->event_ms;
    record->path = row->path;
    record->line = row->line;
    record->chain = 0;
    return 0;
}

static uint32_t add_text(uint32_t chain, struct slice text)
{
    const uint32_t length = (uint32_t)text.len;
    uLong sum = crc32(chain, (const Bytef *)&length, sizeof(length));

    return (uint32_t)crc32_z(sum, (const Bytef *)text.p, text.len);
}

void record_maker_count(struct record_maker *m, struct out_record *record)
{
    if (m->chained) {
        m->chain = add_text(add_text(m->chain, record->key), record->value);
        record->chain = m->chain;
    }
}
