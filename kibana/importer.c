/* Imports in either form; see importer.h. */
#include "kibana/importer.h"

#include "kibana/object_text.h"

#include <stdlib.h>

struct sending {
    const struct kibana_link *link;
    kibana_report_fn report;
    void *arg;
    struct import_result *result;
    size_t n_sent;
};

typedef int (*read_fn)(struct slice body, size_t n_sent,
    kibana_report_fn report, void *arg, struct import_result *result,
    struct error *err);

static int send_request(const struct sending *s, const char *path,
    const struct http_request *request, read_fn read, struct error *err)
{
    struct http_answer answer;
    int rc = -1;

    if (kibana_server_call(s->link, request, path, &answer, err) == 0) {
        rc = answer.status == 200
                 ? read(buf_slice(&answer.body), s->n_sent, s->report, s->arg,
                       s->result, err)
                 : kibana_server_explain(s->link, path, &answer, err);
    }
    http_answer_fini(&answer);
    return rc;
}

static int send_file(const struct sending *s, const json_t *objects,
    bool overwrite, struct error *err)
{
    struct buf file;
    int rc;

    buf_init(&file, SAVED_OBJECTS_MOST_BYTES);
    if (saved_objects_write(objects, &file) != 0) {
        rc = error_set(err, "the saved objects are larger than 25 MB");
    } else {
        rc = send_request(s,
            overwrite ? "/api/saved_objects/_import?overwrite=true"
                      : "/api/saved_objects/_import",
            &(struct http_request){.method = "POST",
                .file = buf_slice(&file),
                .file_field = "file",
                .file_name = "naru.ndjson"},
            import_answer_read, err);
    }
    buf_fini(&file);
    return rc;
}

static int send_legacy(const struct sending *s, const json_t *objects,
    bool overwrite, struct error *err)
{
    json_t *body = json_pack("{sO}", "objects", objects);
    char *text = json_dumps(body, JSON_COMPACT | OBJECT_TEXT_REALS);
    int rc = text != NULL
                 ? send_request(s,
                       overwrite ? "/api/kibana/dashboards/import?force=true"
                                 : "/api/kibana/dashboards/import",
                       &(struct http_request){.method = "POST", .body = text},
                       import_answer_read_legacy, err)
                 : error_set(err, "out of memory");

    free(text);
    json_decref(body);
    return rc;
}

int importer_send(const struct kibana_link *link,
    const struct kibana_server *server, const json_t *objects, bool overwrite,
    kibana_report_fn report, void *arg, struct import_result *result,
    struct error *err)
{
    const struct sending s = {
        link, report, arg, result, json_array_size(objects)};

    return server->target == SAVED_OBJECTS_LEGACY
               ? send_legacy(&s, objects, overwrite, err)
               : send_file(&s, objects, overwrite, err);
}
