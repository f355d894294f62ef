/* Where records are to be written, by the configuration; see bulk_target.h. */
#include "bridge/bulk_target.h"

#include "bridge/bulk_response.h"
#include "common/log.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#define TYPE_CHARACTERS                                                        \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

static const char *setting(const struct config *config, const char *name,
    const char *of_dataset, const char *fallback)
{
    const char *own = config_text(config, name);

    return own != NULL ? own : of_dataset != NULL ? of_dataset : fallback;
}

const char *bulk_target_index(
    const struct config *config, const struct dataset *ds)
{
    return setting(
        config, "bridge.index", ds != NULL ? ds->writes_to : NULL, NULL);
}

int bulk_target_names(const struct config *config,
    const struct dataset *dataset, char *text, char *escaped, size_t size,
    struct error *err)
{
    const char *at = bulk_target_index(config, dataset);
    size_t n = 0;
    char *found;
    int rc = -1;

    while (at != NULL && *at != '\0' && n + 1 < size) {
        const char *end = strncmp(at, "%{", 2) == 0 ? strchr(at, '}') : NULL;

        text[n++] = end != NULL ? '*' : *at;
        at = end != NULL ? end + 1 : at + 1;
    }
    text[n] = '\0';
    found = curl_easy_escape(NULL, text, 0);
    if (found != NULL && n > 0 && *at == '\0' && strlen(found) < size) {
        (void)snprintf(escaped, size, "%s", found);
        rc = 0;
    }
    curl_free(found);
    return rc == 0 ? 0
                   : error_set(err, "bridge.index: the name is %s",
                         n == 0 ? "missing" : "too long");
}

static const char *choose_type(
    const struct config *config, const struct engine *engine)
{
    const char *wanted = config_text(config, "bridge.type");
    const char *type;
    bool dropped;

    if (engine == NULL) {
        return NULL;
    }
    type = engine_bulk_type(engine, wanted, &dropped);
    if (dropped) {
        log_info(LOG_MSG("bridge.type is left out: the engine takes no types"),
            LOG_STR("type", wanted), LOG_STR("engine", engine->name));
    }
    return type;
}

/* It goes into the action lines as it is. */
static int check_type(const struct config *config, struct error *err)
{
    const char *type = config_text(config, "bridge.type");

    if (type == NULL || strstr(type, "%{") != NULL ||
        (type[0] != '\0' && strspn(type, TYPE_CHARACTERS) == strlen(type) &&
            (type[0] != '_' || strcmp(type, "_doc") == 0))) {
        return 0;
    }
    return error_set(err,
        "bridge.type: '%s' must be of letters, digits, '-' and '_', and begin "
        "with '_' only as _doc",
        type);
}

static bool reads_attributes(const struct config *config, const char *name)
{
    const char *text = config_text(config, name);

    return text != NULL && (strstr(text, "%{attr:") != NULL ||
                               strstr(text, "%{_split}") != NULL);
}

bool bulk_target_reads_attributes(const struct config *config)
{
    return reads_attributes(config, "bridge.index") ||
           reads_attributes(config, "bridge.id") ||
           reads_attributes(config, "bridge.type") ||
           reads_attributes(config, "bridge.op");
}

/* Has [transform] a step by which a record becomes several documents? */
static bool splits(const struct config *config)
{
    static const char kind[] = "split-json";
    const char *text;

    for (size_t i = 0; config_numbered_at(config, "transform.step.N", i, NULL,
                           &text, NULL) == 0;
         i++) {
        if (strncmp(text + strspn(text, " \t"), kind, sizeof(kind) - 1) == 0) {
            return true;
        }
    }
    return false;
}

struct bulk_encoder *bulk_target_encoder(const struct config *config,
    const struct dataset *ds, const struct engine *engine, struct error *err)
{
    struct bulk_options o = {
        .index = bulk_target_index(config, ds),
        .id = setting(config, "bridge.id", ds != NULL ? ds->id : NULL,
            splits(config) ? "%{_topic}-%{_partition}-%{_offset}-%{_split}"
                           : "%{_topic}-%{_partition}-%{_offset}"),
        .version = setting(
            config, "bridge.version", ds != NULL ? ds->version : NULL, "none"),
        .type = choose_type(config, engine),
        .on_tombstone =
            (enum tombstone_rule)config_number(config, "bridge.on_tombstone"),
    };
    struct bulk_encoder *encoder;

    if (o.index == NULL) {
        (void)error_set(err,
            "neither bridge.dataset nor bridge.index is set: name the dataset "
            "(e.g. --set bridge.dataset=marcap) or the index to write to");
        return NULL;
    }
    if (check_type(config, err) != 0) {
        return NULL;
    }
    encoder = bulk_encoder_new(&o, err);
    if (encoder != NULL && bulk_encoder_use_op(encoder,
                               config_text(config, "bridge.op"), err) != 0) {
        bulk_encoder_free(encoder);
        encoder = NULL;
    }
    if (encoder == NULL) {
        (void)error_prefix(err, "[bridge]: ");
    }
    return encoder;
}

bool bulk_target_wants_alias(
    const struct config *config, const struct engine *engine, const char *index)
{
    bool is_family =
        index == NULL && config_text(config, "bridge.index") == NULL;

    return engine->require_alias && !is_family &&
           config_bool(config, "bridge.require_alias");
}

int bulk_target_path(const struct config *config, const struct engine *engine,
    const struct bulk_encoder *encoder, char *out, size_t size,
    struct error *err)
{
    const char *index = bulk_encoder_index(encoder);
    char *escaped = index != NULL ? curl_easy_escape(NULL, index, 0) : NULL;
    bool alias = bulk_target_wants_alias(config, engine, index);
    int n = snprintf(out, size, "%s%s/_bulk?%s%s", index != NULL ? "/" : "",
        escaped != NULL ? escaped : "", alias ? "require_alias=true&" : "",
        BULK_FILTER_PATH);

    curl_free(escaped);
    return n > 0 && (size_t)n < size
               ? 0
               : error_set(err, "[bridge] index: the name is too long");
}
