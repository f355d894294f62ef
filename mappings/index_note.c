/* Notes in "_meta"; see index_note.h. */
#include "mappings/index_note.h"

#include "mappings/engine_send.h"
#include "mappings/index_plan.h"

#include <stdio.h>

#define PATIENCE_MS 30000

int index_note_put(const struct endpoint *e, const struct engine *engine,
    const char *index, json_t *standing, const char *key, json_t *note,
    struct error *err)
{
    json_t *meta =
        json_object_get(json_object_get(standing, "mappings"), "_meta");
    char path[INDEX_PATH_BYTES];
    int rc;

    if (note == NULL) {
        (void)json_object_del(meta, key);
        rc = 0;
    } else {
        rc = json_object_set_new(meta, key, note);
    }
    if (meta == NULL || rc != 0) {
        return error_set(err, "index %s has no _meta to keep a note in", index);
    }
    (void)snprintf(path, sizeof(path), "/%s/_mapping%s", index,
        engine->include_type_name ? "?include_type_name=false" : "");
    return engine_send_json(
        e, "PUT", path, json_pack("{sO}", "_meta", meta), PATIENCE_MS, err);
}
