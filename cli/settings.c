/* The configuration every subcommand shares; see settings.h. */
#include "cli/settings.h"

#include "bridge/bridge_settings.h"
#include "bridge/nifi/nifi_import.h"
#include "cli/process_guard.h"
#include "common/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_FILE "naru.conf"

int settings_add(struct settings_args *a, const char *assignment)
{
    const char **grown = realloc(a->sets, (a->n_sets + 1) * sizeof(*grown));

    if (grown == NULL) {
        return -1;
    }
    a->sets = grown;
    a->sets[a->n_sets++] = assignment;
    return 0;
}

int settings_brokers(
    struct settings_args *a, const char *list, struct error *err)
{
    char *assignment = NULL;

    if (list[0] == '\0') {
        return error_set(err, "--brokers: the list is empty");
    }
    if (asprintf(&assignment, "kafka.bootstrap.servers=%s", list) < 0) {
        return error_set(err, "out of memory");
    }
    free(a->brokers);
    a->brokers = assignment;
    return 0;
}

void settings_fini(struct settings_args *a)
{
    free(a->sets);
    free(a->brokers);
    *a = (struct settings_args){0};
}

/* A secret may be given as NAME or as NAME_file. */
static bool is_supplied(const struct config *c, const char *name)
{
    char other[128];
    size_t n = strlen(name), suffix = strlen(CONFIG_FILE_SUFFIX);

    if (n > suffix && strcmp(name + n - suffix, CONFIG_FILE_SUFFIX) == 0) {
        (void)snprintf(other, sizeof(other), "%.*s", (int)(n - suffix), name);
    } else {
        (void)snprintf(other, sizeof(other), "%s" CONFIG_FILE_SUFFIX, name);
    }
    return config_is_set(c, name) || config_is_set(c, other);
}

/* What the flow leaves to the user must have come from somewhere else. */
static int check_supplied(
    const struct config *c, const struct plan *plan, struct error *err)
{
    for (size_t i = 0; i < plan->n_settings; i++) {
        const struct plan_setting *s = &plan->settings[i];

        if (s->value == NULL && !is_supplied(c, s->name)) {
            return error_set(err,
                "%s is not in NiFi's file in clear (%s): supply it with -c, "
                "--set or an environment variable; 'naru nifi check' says more",
                s->name, s->from);
        }
    }
    return 0;
}

static int load(struct config *c, const struct settings_args *a,
    const struct plan *plan, struct error *err)
{
    const char *file = a->file;

    if (plan != NULL && nifi_import_take(plan, a->nifi, c, err) != 0) {
        return -1;
    }
    if (file == NULL && plan == NULL && access(DEFAULT_FILE, F_OK) == 0) {
        file = DEFAULT_FILE;
    }
    if (file != NULL && config_read_file(c, file, err) != 0) {
        return -1;
    }
    if (config_read_environment(c, environ, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < a->n_sets; i++) {
        if (config_set(c, a->sets[i], err) != 0) {
            return -1;
        }
    }
    if (a->brokers != NULL && config_set(c, a->brokers, err) != 0) {
        return -1;
    }
    return plan != NULL ? check_supplied(c, plan, err) : 0;
}

/* The flow of --nifi first, since all else is over it. */
static int load_with_flow(
    struct config *c, const struct settings_args *a, struct error *err)
{
    const struct plan_options options = {.zone = a->zone, .names = true};
    const struct plan *plan;
    struct nifi_import import;
    int rc = nifi_import_open(&import, a->nifi, &options, err);

    if (rc == 0) {
        plan = nifi_import_choose(&import, a->nifi_path, err);
        rc = plan != NULL && nifi_import_check_plan(plan, err) == 0
                 ? load(c, a, plan, err)
                 : -1;
    }
    nifi_import_close(&import);
    return rc;
}

/* The tables stay where they are for as long as a configuration lives. */
const struct config_table *settings_tables(size_t *n)
{
    static struct config_table tables[6];

    tables[0] = endpoint_settings;
    tables[1] = bridge_settings;
    tables[2] = bridge_transform_settings;
    tables[3] = bridge_nifi_settings;
    tables[4] = bridge_admin_settings;
    tables[5] = endpoint_kibana_settings;
    *n = 6;
    return tables;
}

struct config *settings_load(const struct settings_args *a, struct error *err)
{
    size_t n;
    const struct config_table *tables = settings_tables(&n);
    struct config *c = config_new(tables, n);

    if (c == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    if ((a->nifi != NULL ? load_with_flow(c, a, err) : load(c, a, NULL, err)) !=
        0) {
        config_free(c);
        return NULL;
    }
    if (!config_bool(c, "admin.core_dumps")) {
        process_guard_cores();
    }
    return c;
}
