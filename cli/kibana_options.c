/* Options of naru kibana; see kibana_options.h. */
#include "cli/kibana_options.h"

#include "common/endpoint.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_WAIT_S 86400

/* An option that is a setting: the same as a --set of it. */
static int take_setting(struct kibana_options *o, char **kept, const char *name,
    const char *value, struct error *err)
{
    free(*kept);
    if (asprintf(kept, "%s=%s", name, value) < 0) {
        *kept = NULL;
        return error_set(err, "out of memory");
    }
    return settings_add(&o->settings, *kept) == 0
               ? 0
               : error_set(err, "out of memory");
}

static int take_option(
    struct kibana_options *o, int id, const char *value, struct error *err)
{
    switch ((enum kibana_option)id) {
    case KIBANA_CONFIG:
        o->settings.file = value;
        break;
    case KIBANA_SET:
        return settings_add(&o->settings, value) == 0
                   ? 0
                   : error_set(err, "out of memory");
    case KIBANA_URL:
        if (o->url != NULL) {
            return error_set(err, "--url is given twice");
        }
        return take_setting(o, &o->url, "kibana.hosts", value, err);
    case KIBANA_SPACE:
        if (o->space != NULL) {
            return error_set(err, "--space is given twice");
        }
        return take_setting(o, &o->space, "kibana.space", value, err);
    case KIBANA_INDEX:
        o->index = value;
        return value[0] != '\0' ? 0
                                : error_set(err, "--index: the name is empty");
    case KIBANA_WAIT:
        return options_number("--wait", value, 0, MAX_WAIT_S, &o->wait_s, err);
    case KIBANA_OVERWRITE:
        o->keep = false;
        break;
    case KIBANA_NO_OVERWRITE:
        o->keep = true;
        break;
    case KIBANA_NO_INDEX:
        o->no_index = true;
        break;
    case KIBANA_LEGACY:
        o->legacy = true;
        break;
    case KIBANA_LENS:
        o->lens = true;
        break;
    case KIBANA_HELP:
        o->help = true;
        break;
    }
    return 0;
}

static int read_arguments(struct kibana_options *o, struct error *err)
{
    const char *value;
    int id = OPTIONS_END, rc = 0;

    while (rc == 0 && !o->help &&
           (id = options_next(o->options, &value, err)) >= 0) {
        rc = take_option(o, id, value, err);
    }
    return rc == 0 && id == OPTIONS_BAD ? -1 : rc;
}

const char *kibana_options_set(const struct kibana_options *o, size_t i)
{
    return options_operand_count(o->options) > 0
               ? options_operands(o->options)[i]
               : config_text(o->config, "bridge.dataset");
}

/* The operands, or what the configuration ferries. */
static int find_sets(
    struct kibana_options *o, const char *command, struct error *err)
{
    o->n_sets = (size_t)options_operand_count(o->options);
    if (o->n_sets > 1 && o->index != NULL) {
        return error_set(err,
            "--index: %zu sets would ask one index; name one set at a time",
            o->n_sets);
    }
    if (o->n_sets > 0) {
        return 0;
    }
    o->n_sets = 1;
    return kibana_options_set(o, 0) != NULL
               ? 0
               : error_set(err,
                     "which saved objects? Name a dataset, such as marcap, or "
                     "set bridge.dataset in the configuration; see %s --help",
                     command);
}

int kibana_options_read(struct kibana_options *o,
    const struct option_table *table, int argc, char **argv, struct error *err)
{
    *o = (struct kibana_options){.options = options_new(table, argc, argv)};
    if (o->options == NULL) {
        return error_set(err, "out of memory");
    }
    if (read_arguments(o, err) != 0) {
        return -1;
    }
    if (o->help) {
        options_print_help(table);
        return 0;
    }
    o->config = settings_load(&o->settings, err);
    return o->config != NULL ? find_sets(o, table->command, err) : -1;
}

void kibana_options_fini(struct kibana_options *o)
{
    config_free(o->config);
    options_free(o->options);
    settings_fini(&o->settings);
    free(o->url);
    free(o->space);
}

int kibana_options_link(const struct kibana_options *o,
    struct kibana_link *link, struct endpoint **endpoint, struct error *err)
{
    const char *space = config_text(o->config, "kibana.space");

    *endpoint = endpoint_new_of(o->config, "kibana", err);
    *link = (struct kibana_link){.endpoint = *endpoint,
        .space = space != NULL && space[0] != '\0' ? space : NULL,
        .limit_ms =
            (long)config_number(o->config, "kibana.request_timeout_ms")};
    if (*endpoint != NULL && link->space != NULL &&
        kibana_server_check_space_id(link->space, err) != 0) {
        endpoint_free(*endpoint);
        *endpoint = NULL;
    }
    return *endpoint != NULL ? 0 : -1;
}
