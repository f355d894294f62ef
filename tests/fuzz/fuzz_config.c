/*
 * Any bytes as a configuration file: read, each setting asked for by its type,
 * printed; and each line as a --set. A file that is refused says where.
 */
#include "bridge/bridge_settings.h"
#include "common/config.h"
#include "common/endpoint.h"

#include "tests/fuzz/fuzz_input.h"

static void ask_one(const struct config *c, const struct config_key *key)
{
    const char *value;
    int number;

    if (strcmp(key->name + strlen(key->name) - 2, ".N") == 0) {
        for (size_t i = 0;
             config_numbered_at(c, key->name, i, &number, &value, NULL) == 0;
             i++) {
            fuzz_require(value != NULL && number >= 0);
        }
        return;
    }
    fuzz_require(config_origin(c, key->name) != NULL);
    value = config_text(c, key->name);
    if (value == NULL) {
        return;
    }
    switch (key->type) {
    case CONFIG_BOOL:
        (void)config_bool(c, key->name);
        break;
    case CONFIG_COUNT:
    case CONFIG_BYTES:
    case CONFIG_MS:
        fuzz_require(config_number(c, key->name) >= key->min &&
                     config_number(c, key->name) <= key->max);
        break;
    case CONFIG_TEXT:
    case CONFIG_CHOICE:
        break;
    }
}

static void ask(const struct config *c, const struct config_table *tables)
{
    const char *property, *value, *origin;
    size_t size;
    char *text = NULL;
    FILE *to = open_memstream(&text, &size);

    for (size_t t = 0; t < 4; t++) {
        for (size_t k = 0; k < tables[t].n_keys; k++) {
            ask_one(c, &tables[t].keys[k]);
        }
    }
    for (size_t i = 0; config_kafka_at(c, i, &property, &value, &origin) == 0;
         i++) {
        fuzz_require(property[0] != '\0' && value != NULL && origin != NULL);
    }
    fuzz_require(to != NULL);
    config_print(c, to);
    (void)fclose(to);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct config_table tables[] = {endpoint_settings, bridge_settings,
        bridge_transform_settings, bridge_nifi_settings};
    struct slice rest = fuzz_slice(data, size);
    struct config *c = config_new(tables, 4);
    struct error err = {""};

    fuzz_require(c != NULL);
    if (config_read_file(c, fuzz_file(rest), &err) == 0) {
        ask(c, tables);
    } else {
        fuzz_require(err.text[0] != '\0');
    }
    while (rest.len > 0) {
        char *assignment = fuzz_text(fuzz_take_line(&rest));

        err.text[0] = '\0';
        fuzz_require(
            config_set(c, assignment, &err) == 0 || err.text[0] != '\0');
        free(assignment);
    }
    ask(c, tables);
    config_free(c);
    return 0;
}
