/* Where records are to be written, by the configuration; see bulk_target.h. */
#include "bridge/bulk_target.h"

#include "bridge/bulk_response.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

static const char *setting(const struct config *config, const char *name,
    const char *of_dataset, const char *fallback)
{
    const char *own = config_text(config, name);

    return own != NULL ? own : of_dataset != NULL ? of_dataset : fallback;
}

const char *bulk_target_index(
    const struct config *config, const struct dataset *ds)
{
    return setting(config, "bridge.index", ds != NULL ? ds->index : NULL, NULL);
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
    const struct dataset *ds, const char *type, struct error *err)
{
    struct bulk_options o = {
        .index = bulk_target_index(config, ds),
        .id = setting(config, "bridge.id", ds != NULL ? ds->id : NULL,
            splits(config) ? "%{_topic}-%{_partition}-%{_offset}-%{_split}"
                           : "%{_topic}-%{_partition}-%{_offset}"),
        .version = setting(
            config, "bridge.version", ds != NULL ? ds->version : NULL, "none"),
        .type = type,
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

int bulk_target_path(const struct config *config, const struct engine *engine,
    const struct bulk_encoder *encoder, char *out, size_t size,
    struct error *err)
{
    const char *index = bulk_encoder_index(encoder);
    char *escaped = index != NULL ? curl_easy_escape(NULL, index, 0) : NULL;
    bool alias =
        engine->require_alias && config_bool(config, "bridge.require_alias");
    int n = snprintf(out, size, "%s%s/_bulk?%s%s", index != NULL ? "/" : "",
        escaped != NULL ? escaped : "", alias ? "require_alias=true&" : "",
        BULK_FILTER_PATH);

    curl_free(escaped);
    return n > 0 && (size_t)n < size
               ? 0
               : error_set(err, "[bridge] index: the name is too long");
}
