/* The last few records; see recent.h. */
#include "bridge/watch/recent.h"

#include <stdio.h>
#include <string.h>

void recent_refill(struct recent *r)
{
    r->wanted = RECENT_MOST / 2;
}

static size_t copy_start(char *to, size_t size, struct slice from)
{
    size_t n = from.len < size ? from.len : size;

    /* Not within a character, if it is UTF-8. */
    while (n > 0 && n < from.len && ((unsigned char)from.p[n] & 0xc0) == 0x80) {
        n--;
    }
    if (n > 0) {
        memcpy(to, from.p, n);
    }
    return n;
}

void recent_take(struct recent *r, const struct record *record)
{
    struct recent_row *row = &r->rows[r->next];

    if (r->wanted == 0) {
        return;
    }
    r->wanted--;
    (void)snprintf(row->topic, sizeof(row->topic), "%s", record->topic);
    row->partition = record->partition;
    row->offset = record->offset;
    row->timestamp_ms = record->timestamp_ms;
    row->has_key = record->has_key;
    row->has_value = record->has_value;
    row->value_bytes = record->value.len;
    row->key_bytes = copy_start(row->key, sizeof(row->key), record->key);
    row->shown_bytes =
        copy_start(row->value, sizeof(row->value), record->value);
    r->next = (r->next + 1) % RECENT_MOST;
    r->n += r->n < RECENT_MOST;
}

const struct recent_row *recent_row(const struct recent *r, size_t i)
{
    return &r->rows[(r->next + RECENT_MOST - 1 - i) % RECENT_MOST];
}
