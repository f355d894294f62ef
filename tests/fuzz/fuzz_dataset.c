/* Any bytes as a dataset's file: what is taken has all that a dataset must
 * have, and makes an index's body that is JSON; the rest is told. */
#include "tests/fuzz/fuzz_reference.h"

#include "mappings/dataset.h"

static void check_columns(const struct dataset *ds)
{
    fuzz_require(ds->n_columns > 0 && ds->time_column < ds->n_columns &&
                 ds->key_column < ds->n_columns);
    for (size_t i = 0; i < ds->n_columns; i++) {
        const struct dataset_column *c = &ds->columns[i];

        fuzz_require(dataset_find_column(ds, slice_of(c->name)) == i);
        for (size_t k = 0; k < c->n_aliases; k++) {
            fuzz_require(dataset_find_column(ds, slice_of(c->aliases[k])) == i);
        }
        (void)dataset_display(ds, i);
    }
}

static void check_body(const struct dataset *ds)
{
    struct error err = {""};
    char *text = NULL;
    json_t *body;

    if (dataset_create_body(ds, "nori", &text, &err) != 0) {
        fuzz_require(err.text[0] != '\0');
        return;
    }
    body = fuzz_reference(slice_of(text));
    fuzz_require(json_object_get(body, "mappings") != NULL);
    json_decref(body);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {""};
    struct dataset *ds = dataset_load(fuzz_file(fuzz_slice(data, size)), &err);
    struct dataset_lifecycle lifecycle;
    int64_t ms;

    if (ds == NULL) {
        fuzz_require(err.text[0] != '\0');
        return 0;
    }
    fuzz_require(ds->name != NULL && ds->index != NULL && ds->id != NULL &&
                 ds->alias != NULL && ds->writes_to != NULL &&
                 ds->version != NULL && ds->schema_version > 0);
    check_columns(ds);
    check_body(ds);
    if (dataset_event_ms(ds, slice_of("2022-01-03"), &ms) == 0) {
        fuzz_require(ms % 60000 == 0); /* a midnight, by whole minutes */
    }
    (void)dataset_lifecycle(ds, &lifecycle);
    (void)dataset_wants_korean(ds);
    fuzz_require(
        dataset_set_index(ds, "other", &err) == 0 || err.text[0] != '\0');
    check_body(ds);
    dataset_free(ds);
    return 0;
}
