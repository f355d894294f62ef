/* Answers to an import; see import_answer.h. */
#include "kibana/import_answer.h"

#include "kibana/object_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 1024

static void say(kibana_report_fn report, void *arg, const json_t *object,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

static void say(kibana_report_fn report, void *arg, const json_t *object,
    const char *fmt, ...)
{
    char line[LINE_BYTES];
    va_list args;
    int n = snprintf(line, sizeof(line), "%s %s: ", object_text(object, "type"),
        object_text(object, "id"));

    va_start(args, fmt);
    if (n > 0 && (size_t)n < sizeof(line)) {
        (void)vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, args);
    }
    va_end(args);
    report(line, arg);
}

static void list_references(const json_t *error, char *to, size_t size)
{
    const json_t *one;
    size_t i, len = 0;

    to[0] = '\0';
    json_array_foreach(json_object_get(error, "references"), i, one)
    {
        int n = snprintf(to + len, size - len, "%s%s %s", i > 0 ? ", " : "",
            object_text(one, "type"), object_text(one, "id"));

        if (n < 0 || (size_t)n >= size - len) {
            return;
        }
        len += (size_t)n;
    }
}

/* The kinds that Kibana and OpenSearch Dashboards know of. */
static void say_error(kibana_report_fn report, void *arg, const json_t *object)
{
    const json_t *error = json_object_get(object, "error");
    const char *type = object_text(error, "type");
    const char *message = object_text(error, "message");
    char names[LINE_BYTES / 2];

    if (strcmp(type, "conflict") == 0) {
        say(report, arg, object,
            "not imported: one stands there, and --no-overwrite keeps it");
    } else if (strcmp(type, "ambiguous_conflict") == 0) {
        say(report, arg, object,
            "not imported: several objects of other spaces came from it; "
            "delete all but one there");
    } else if (strcmp(type, "missing_references") == 0) {
        list_references(error, names, sizeof(names));
        say(report, arg, object,
            "not imported: it refers to %s, which is not there", names);
    } else if (strcmp(type, "unsupported_type") == 0) {
        say(report, arg, object,
            "not imported: the server has no objects of this type "
            "(unsupported_type)");
    } else {
        say(report, arg, object, "not imported: %s%s%s",
            type[0] != '\0' ? type : "unknown", message[0] != '\0' ? ": " : "",
            message);
    }
}

static void say_success(
    kibana_report_fn report, void *arg, const json_t *object)
{
    const char *other = object_text(object, "destinationId");

    if (other[0] != '\0') {
        say(report, arg, object, "imported, with the id %s in this space",
            other);
    } else if (json_is_true(json_object_get(object, "overwrite"))) {
        say(report, arg, object, "imported, in the place of what stood there");
    } else {
        say(report, arg, object, "imported");
    }
}

static json_t *parse(struct slice body)
{
    return body.len > 0 ? json_loadb(body.p, body.len, 0, NULL) : NULL;
}

static int no_answer(struct error *err)
{
    return error_set(err,
        "the answer to the import is not what Kibana says: is there a proxy "
        "before it that answers by itself?");
}

static int check_count(
    const struct import_result *result, size_t n_sent, struct error *err)
{
    if (result->imported + result->failed != n_sent) {
        return error_set(err,
            "%zu objects were sent, and the answer speaks of %zu", n_sent,
            result->imported + result->failed);
    }
    return 0;
}

int import_answer_read(struct slice body, size_t n_sent,
    kibana_report_fn report, void *arg, struct import_result *result,
    struct error *err)
{
    json_t *root = parse(body);
    const json_t *count = json_object_get(root, "successCount");
    const json_t *errors = json_object_get(root, "errors");
    const json_t *one;
    size_t i;
    int rc;

    *result = (struct import_result){0};
    if (!json_is_boolean(json_object_get(root, "success")) ||
        !json_is_integer(count) || json_integer_value(count) < 0) {
        json_decref(root);
        return no_answer(err);
    }
    result->imported = (size_t)json_integer_value(count);
    result->failed = json_array_size(errors);
    json_array_foreach(json_object_get(root, "successResults"), i, one)
    {
        say_success(report, arg, one);
    }
    json_array_foreach(errors, i, one)
    {
        say_error(report, arg, one);
    }
    rc = check_count(result, n_sent, err);
    json_decref(root);
    return rc;
}

int import_answer_read_legacy(struct slice body, size_t n_sent,
    kibana_report_fn report, void *arg, struct import_result *result,
    struct error *err)
{
    json_t *root = parse(body);
    const json_t *objects = json_object_get(root, "objects");
    const json_t *one;
    size_t i;
    int rc;

    *result = (struct import_result){0};
    if (!json_is_array(objects)) {
        json_decref(root);
        return no_answer(err);
    }
    json_array_foreach(objects, i, one)
    {
        if (json_object_get(one, "error") != NULL) {
            result->failed++;
            say_error(report, arg, one);
        } else {
            result->imported++;
            say_success(report, arg, one);
        }
    }
    rc = check_count(result, n_sent, err);
    json_decref(root);
    return rc;
}
