/* What a record is known by on its way; see record_attributes.h. */
#include "bridge/record_attributes.h"

#include "bridge/packed_headers.h"
#include "common/fnv.h"
#include "common/utf8.h"

#include <string.h>

#define NAME_MOST_BYTES 256

struct list {
    struct attribute *all;
    size_t n, room;
    struct arena *arena;
};

static int add(struct list *l, struct slice name, const char *value)
{
    struct attribute *grown =
        arena_grow(l->arena, l->all, l->n, &l->room, sizeof(*l->all));

    if (grown == NULL || value == NULL) {
        return -1;
    }
    l->all = grown;
    l->all[l->n++] = (struct attribute){name, slice_of(value)};
    return 0;
}

/* A C string of it; NULL out of memory. */
static const char *words(struct arena *arena, struct slice bytes)
{
    char *copy = arena_text(arena, bytes);
    size_t good;

    if (copy == NULL) {
        return NULL;
    }
    bytes.p = copy;
    while ((good = utf8_valid_bytes(bytes)) < bytes.len) {
        copy[bytes.p - copy + (ptrdiff_t)good] = '?';
        bytes.p += good + 1;
        bytes.len -= good + 1;
    }
    return copy;
}

/* NiFi writes capitals. */
static const char *hex(struct arena *arena, struct slice bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    char *text = arena_alloc(arena, 2 * bytes.len + 1);

    for (size_t i = 0; text != NULL && i < bytes.len; i++) {
        unsigned char ch = (unsigned char)bytes.p[i];

        text[2 * i] = digits[ch >> 4];
        text[2 * i + 1] = digits[ch & 15];
    }
    return text;
}

/* An id that the record always has, in the form of a UUID (version 8). */
static const char *uuid(struct arena *arena, const struct record *r)
{
    const char *seed = arena_printf(
        arena, "%s-%d-%lld", r->topic, r->partition, (long long)r->offset);
    uint64_t high, low;

    if (seed == NULL) {
        return NULL;
    }
    high = fnv_hash(slice_of(seed));
    low = fnv_hash((struct slice){seed, strlen(seed) + 1});
    return arena_printf(arena, "%08x-%04x-8%03x-%04x-%012llx",
        (unsigned)(high >> 32), (unsigned)(high >> 16) & 0xffffu,
        (unsigned)high & 0xfffu, 0x8000u | ((unsigned)(low >> 48) & 0x3fffu),
        (unsigned long long)low & 0xffffffffffffull);
}

static int add_headers(const struct record_attributes *how,
    const struct record *record, struct list *l)
{
    struct slice rest = record->headers;
    struct letter_header h;
    char name[NAME_MOST_BYTES];

    while (packed_headers_next(&rest, &h)) {
        if (h.name.len >= sizeof(name) || !h.has_value) {
            continue;
        }
        memcpy(name, h.name.p, h.name.len);
        name[h.name.len] = '\0';
        if (regexec(&how->headers, name, 0, NULL, 0) == 0 &&
            add(l, h.name, words(l->arena, h.value)) != 0) {
            return -1;
        }
    }
    return 0;
}

int record_attributes_make(const struct record_attributes *how,
    const struct record *r, struct arena *arena, struct attributes *out)
{
    struct list l = {.arena = arena};
    const char *id = uuid(arena, r);
    int rc = 0;

    if (how->has_headers) { /* first: ours are not to be hidden by them */
        rc = add_headers(how, r, &l);
    }
    if (rc != 0 || add(&l, slice_of("uuid"), id) != 0 ||
        add(&l, slice_of("filename"), id) != 0 ||
        add(&l, slice_of("path"), "./") != 0 ||
        add(&l, slice_of("kafka.topic"), r->topic) != 0 ||
        add(&l, slice_of("kafka.partition"),
            arena_printf(arena, "%d", r->partition)) != 0 ||
        add(&l, slice_of("kafka.offset"),
            arena_printf(arena, "%lld", (long long)r->offset)) != 0) {
        return -1;
    }
    if (r->timestamp_ms >= 0) {
        rc = add(&l, slice_of("kafka.timestamp"),
            arena_printf(arena, "%lld", (long long)r->timestamp_ms));
    }
    if (rc == 0 && r->has_key && how->key_encoding != KEY_NONE) {
        rc = add(&l, slice_of("kafka.key"),
            how->key_encoding == KEY_HEX ? hex(arena, r->key)
                                         : words(arena, r->key));
    }
    *out = (struct attributes){l.all, l.n};
    return rc;
}
