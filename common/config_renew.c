/* Settings taken over from a configuration read anew; see config.h. */
#include "common/config_state.h"

#include <stdlib.h>
#include <string.h>

/* librdkafka takes another login of a client that runs, and nothing else. */
static bool is_live(const struct config *c, const char *name)
{
    static const char *const logins[] = {"kafka.sasl.username",
        "kafka.sasl.password", "kafka.sasl.password" CONFIG_FILE_SUFFIX};
    const struct config_key *key = config_find_key(c, name);

    if (key != NULL) {
        return (key->flags & CONFIG_LIVE) != 0;
    }
    for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
        if (strcmp(name, logins[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_same(
    const struct config *a, const struct config *b, const char *name)
{
    const char *x = config_text(a, name), *y = config_text(b, name);

    return x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);
}

static void forget(struct config *c, struct config_entry *e)
{
    struct config_entry *last = &c->entries[c->n_entries - 1];

    free(e->name);
    free(e->value);
    free(e->origin);
    memmove(e, e + 1, (size_t)(last - e) * sizeof(*e));
    c->n_entries--;
}

static int take(struct config *c, const struct config *fresh, const char *name)
{
    const struct config_entry *from = config_find_entry(fresh, name);
    struct config_entry *e = config_find_entry(c, name);

    if (from != NULL) {
        return config_store(c, name, from->value, from->origin);
    }
    if (e != NULL) {
        forget(c, e);
    }
    return 0;
}

/* The names given in either; a copy, since taking moves entries. */
static char **names_of(
    const struct config *c, const struct config *fresh, size_t *n)
{
    char **names = calloc(c->n_entries + fresh->n_entries + 1, sizeof(*names));

    *n = 0;
    for (size_t i = 0; names != NULL && i < c->n_entries; i++) {
        names[*n] = strdup(c->entries[i].name);
        *n += names[*n] != NULL;
    }
    for (size_t i = 0; names != NULL && i < fresh->n_entries; i++) {
        if (config_find_entry(c, fresh->entries[i].name) == NULL) {
            names[*n] = strdup(fresh->entries[i].name);
            *n += names[*n] != NULL;
        }
    }
    return names;
}

int config_renew(struct config *c, const struct config *fresh,
    config_change_fn told, void *arg, struct error *err)
{
    size_t n;
    char **names = names_of(c, fresh, &n);
    int rc = names != NULL ? 0 : error_set(err, "out of memory");

    for (size_t i = 0; i < n; i++) {
        bool live = is_live(c, names[i]);

        if (rc == 0 && !is_same(c, fresh, names[i])) {
            if (live && take(c, fresh, names[i]) != 0) {
                rc = error_set(err, "out of memory");
            } else {
                told(arg, names[i], live);
            }
        }
        free(names[i]);
    }
    free(names);
    return rc;
}
