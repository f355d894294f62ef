/* The words of the scripted Elasticsearch; see engine_answer_text.h. */
#include "tests/fakes/engine_answer_text.h"

const char engine_answer_root[] =
    "{\"name\":\"fake\",\"cluster_name\":\"fake\",\"version\":{"
    "\"number\":\"7.17.28\",\"build_flavor\":\"default\","
    "\"lucene_version\":\"8.11.3\"},\"tagline\":\"You Know, for Search\"}";

static void put_item(struct evbuffer *out, const struct bulk_action *a)
{
    (void)evbuffer_add_printf(out, "{\"%s\":{\"status\":%d",
        a->is_delete ? "delete" : "index", a->status);
    if (a->error_type != NULL) {
        (void)evbuffer_add_printf(out,
            ",\"error\":{\"type\":\"%s\",\"reason\":\"%s\"}", a->error_type,
            a->error_reason != NULL ? a->error_reason : "");
    }
    (void)evbuffer_add_printf(out, "}}");
}

void engine_answer_items(
    struct evbuffer *out, const struct bulk_actions *actions, size_t n)
{
    bool errors = false;

    for (size_t i = 0; i < actions->n; i++) {
        errors = errors || actions->all[i].error_type != NULL;
    }
    (void)evbuffer_add_printf(out, "{\"took\":1,\"errors\":%s,\"items\":[",
        errors ? "true" : "false");
    for (size_t i = 0; i < n; i++) {
        (void)evbuffer_add(out, ",", i > 0 ? 1 : 0);
        put_item(out, &actions->all[i < actions->n ? i : actions->n - 1]);
    }
    (void)evbuffer_add_printf(out, "]}");
}

void engine_answer_error(
    struct evbuffer *out, int status, const char *type, const char *reason)
{
    (void)evbuffer_add_printf(out,
        "{\"error\":{\"root_cause\":[{\"type\":\"%s\",\"reason\":\"%s\"}],"
        "\"type\":\"%s\",\"reason\":\"%s\"},\"status\":%d}",
        type, reason, type, reason, status);
}
