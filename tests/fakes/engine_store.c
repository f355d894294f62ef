/* Documents of the scripted Elasticsearch; see engine_store.h. */
#include "tests/fakes/engine_store.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 65536 /* a power of two */

/* ---- reading a body ---- */

static const char *const known_keys[] = {
    "_index", "_id", "_type", "version", "version_type"};

static bool is_known(const char *key)
{
    for (size_t i = 0; i < sizeof(known_keys) / sizeof(known_keys[0]); i++) {
        if (strcmp(key, known_keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *read_metadata(
    json_t *meta, const char *default_index, struct bulk_action *a)
{
    const json_t *version = json_object_get(meta, "version");
    const char *id = json_string_value(json_object_get(meta, "_id"));
    const char *type = json_string_value(json_object_get(meta, "version_type"));
    const char *index = json_string_value(json_object_get(meta, "_index"));
    const char *why = NULL, *key;
    json_t *value;

    json_object_foreach(meta, key, value)
    {
        why = is_known(key) ? why : "Action/metadata line: unknown parameter";
    }
    index = index != NULL ? index : default_index;
    if (why == NULL && (id == NULL || *id == '\0' || index == NULL)) {
        why = "an id and an index are required";
    } else if (why == NULL && version != NULL &&
               (!json_is_integer(version) || type == NULL ||
                   strcmp(type, "external_gte") != 0)) {
        why = "version without version_type external_gte";
    }
    if (why == NULL) {
        a->id = strdup(id);
        a->index = strdup(index);
        a->version = version != NULL ? json_integer_value(version) : -1;
    }
    return why;
}

static const char *read_action(
    struct slice line, const char *default_index, struct bulk_action *a)
{
    json_t *root = json_loadb(line.p, line.len, 0, NULL);
    const char *why = "Malformed action/metadata line";
    json_t *index = json_object_get(root, "index");
    json_t *del = json_object_get(root, "delete");

    if (json_object_size(root) == 1 && (index != NULL || del != NULL)) {
        a->is_delete = del != NULL;
        why = read_metadata(a->is_delete ? del : index, default_index, a);
    }
    json_decref(root);
    return why;
}

static bool take_line(struct slice *rest, struct slice *line)
{
    const char *end = rest->len > 0 ? memchr(rest->p, '\n', rest->len) : NULL;

    if (end == NULL) {
        return false;
    }
    *line = (struct slice){rest->p, (size_t)(end - rest->p)};
    rest->len -= line->len + 1;
    rest->p = end + 1;
    return true;
}

static size_t count_lines(struct slice body)
{
    struct slice line;
    size_t n = 0;

    while (take_line(&body, &line)) {
        n++;
    }
    return n;
}

int bulk_actions_read(struct slice body, const char *default_index,
    struct bulk_actions *out, const char **why)
{
    struct slice line;

    out->n = 0;
    out->all = calloc(count_lines(body) + 1, sizeof(*out->all));
    *why = body.len > 0 && body.p[body.len - 1] == '\n'
               ? NULL
               : "The bulk request must be terminated by a newline [\\n]";
    while (*why == NULL && take_line(&body, &line)) {
        struct bulk_action *a = &out->all[out->n++];

        *why = read_action(line, default_index, a);
        if (*why == NULL && !a->is_delete && !take_line(&body, &a->document)) {
            *why = "an index action without its document";
        }
    }
    if (*why != NULL) {
        bulk_actions_free(out);
    }
    return *why == NULL ? 0 : -1;
}

void bulk_actions_free(struct bulk_actions *a)
{
    for (size_t i = 0; i < a->n; i++) {
        free(a->all[i].id);
        free(a->all[i].index);
    }
    free(a->all);
    *a = (struct bulk_actions){NULL, 0};
}

/* ---- the store ---- */

struct slot {
    char *id;
    struct stored stored;
    struct slot *next;
};

struct engine_store {
    struct slot *buckets[BUCKETS];
    bool keep_documents;
    size_t live;
};

struct engine_store *engine_store_new(bool keep_documents)
{
    struct engine_store *s = calloc(1, sizeof(*s));

    if (s != NULL) {
        s->keep_documents = keep_documents;
    }
    return s;
}

void engine_store_free(struct engine_store *s)
{
    for (size_t i = 0; s != NULL && i < BUCKETS; i++) {
        struct slot *slot, *next;

        for (slot = s->buckets[i]; slot != NULL; slot = next) {
            next = slot->next;
            free(slot->id);
            free(slot->stored.index);
            free(slot->stored.document);
            free(slot);
        }
    }
    free(s);
}

static size_t bucket_of(const char *id)
{
    uint64_t h = 1469598103934665603u; /* FNV-1a */

    for (; *id != '\0'; id++) {
        h = (h ^ (unsigned char)*id) * 1099511628211u;
    }
    return (size_t)(h & (BUCKETS - 1));
}

static struct slot *find(const struct engine_store *s, const char *id)
{
    struct slot *slot = s->buckets[bucket_of(id)];

    while (slot != NULL && strcmp(slot->id, id) != 0) {
        slot = slot->next;
    }
    return slot;
}

static struct slot *find_or_make(struct engine_store *s, const char *id)
{
    struct slot *slot = find(s, id);

    if (slot == NULL) {
        size_t b = bucket_of(id);

        slot = calloc(1, sizeof(*slot));
        slot->id = strdup(id);
        slot->stored.version = -1;
        slot->stored.deleted = true;
        slot->next = s->buckets[b];
        s->buckets[b] = slot;
    }
    return slot;
}

static bool is_object(struct slice text)
{
    json_t *root = json_loadb(text.p, text.len, JSON_ALLOW_NUL, NULL);
    bool yes = json_is_object(root);

    json_decref(root);
    return yes;
}

static void refuse(
    struct bulk_action *a, int status, const char *type, const char *reason)
{
    a->status = status;
    a->error_type = type;
    a->error_reason = reason;
}

static void put_document(
    struct engine_store *s, struct stored *to, const struct bulk_action *a)
{
    free(to->index);
    free(to->document);
    to->index = strdup(a->index);
    to->document = s->keep_documents && !a->is_delete
                       ? strndup(a->document.p, a->document.len)
                       : NULL;
    to->document_bytes = a->document.len;
    to->version = a->version;
    to->applied++;
    s->live += (to->deleted && !a->is_delete) ? 1 : 0;
    s->live -= (!to->deleted && a->is_delete) ? 1 : 0;
    to->deleted = a->is_delete;
}

void engine_store_apply(struct engine_store *s, struct bulk_action *a)
{
    struct slot *slot;
    bool was_there;

    if (!a->is_delete && !is_object(a->document)) {
        refuse(a, 400, "mapper_parsing_exception", "failed to parse");
        return;
    }
    slot = find_or_make(s, a->id);
    if (a->version >= 0 && slot->stored.version > a->version) {
        refuse(a, 409, "version_conflict_engine_exception",
            "a higher version is there");
        return;
    }
    was_there = !slot->stored.deleted;
    put_document(s, &slot->stored, a);
    a->status =
        a->is_delete ? (was_there ? 200 : 404) : (was_there ? 200 : 201);
}

unsigned engine_store_offered(struct engine_store *s, const char *id)
{
    return find_or_make(s, id)->stored.offered++;
}

const struct stored *engine_store_get(
    const struct engine_store *s, const char *id)
{
    const struct slot *slot = find(s, id);

    return slot != NULL ? &slot->stored : NULL;
}

size_t engine_store_live(const struct engine_store *s)
{
    return s->live;
}
