/*
 * Two texts, a line each, to the scanner: whatever jansson takes for an object
 * ours must read to the end with the same keys and values, in order; each
 * field must be found where the walk met it, whether its place is new, known,
 * or remembered from the other text. What jansson refuses must break nothing.
 */
#include "tests/fuzz/fuzz_reference.h"

#include "common/json_scan.h"

#define MOST_FIELDS 12

struct members {
    struct json_field fields[MOST_FIELDS]; /* the first ones, as walked */
    size_t n;
};

static void compare_member(
    struct slice key, const struct json_value *v, void *iter)
{
    json_t *name = fuzz_reference_string(key);
    json_t *value = v->kind == JSON_STRING ? fuzz_reference_string(v->raw)
                                           : fuzz_reference(v->raw);

    fuzz_require(iter != NULL && name != NULL && value != NULL);
    /* A key with a NUL in it is refused by jansson. */
    fuzz_require(
        strcmp(json_string_value(name), json_object_iter_key(iter)) == 0);
    fuzz_require(json_equal(value, json_object_iter_value(iter)));
    fuzz_require(reference_kind(value) == "sntf0oa"[v->kind]);
    fuzz_require(json_string_bytes(key) == json_string_length(name));
    if (v->kind == JSON_STRING) {
        fuzz_require(json_string_bytes(v->raw) == json_string_length(value));
    }
    json_decref(name);
    json_decref(value);
}

/* The members of text as the cursor meets them; the same as reference's. */
static void walk(struct slice text, json_t *reference, struct members *m)
{
    struct json_cursor c = json_cursor_of(text);
    void *iter = json_object_iter(reference);
    struct json_value v;
    struct slice key;
    int more;

    m->n = 0;
    fuzz_require(json_enter(&c, '{') == 0);
    while ((more = json_next_key(&c, &key)) == 1) {
        fuzz_require(json_read(&c, &v) == 0);
        compare_member(key, &v, iter);
        iter = json_object_iter_next(reference, iter);
        if (m->n < MOST_FIELDS) {
            m->fields[m->n++] =
                (struct json_field){.name = key, .found = true, .value = v};
        }
    }
    fuzz_require(more == 0 && iter == NULL);
}

static void find(struct slice text, const struct members *m,
    struct json_field *wanted, size_t n)
{
    size_t bad_at;

    fuzz_require(json_find_fields(text, wanted, n, &bad_at) == 0);
    for (size_t i = 0; i < n; i++) {
        const struct json_field *want = NULL;

        for (size_t k = 0; k < m->n && want == NULL; k++) {
            want = slice_eq(m->fields[k].name, wanted[i].name) ? &m->fields[k]
                                                               : NULL;
        }
        if (want == NULL) {
            fuzz_require(!wanted[i].found || m->n == MOST_FIELDS);
            continue;
        }
        fuzz_require(wanted[i].found);
        fuzz_require(wanted[i].value.kind == want->value.kind);
        fuzz_require(wanted[i].value.raw.p == want->value.raw.p);
        fuzz_require(wanted[i].value.raw.len == want->value.raw.len);
    }
}

/* Each field alone, then all of them, backwards and forwards, again and again
 * with the places that were remembered; at last those of the other text. */
static void find_all(struct slice text, const struct members *m,
    struct json_field *others, size_t n_others)
{
    struct json_field wanted[MOST_FIELDS];

    for (size_t i = 0; i < m->n; i++) {
        wanted[0] = (struct json_field){.name = m->fields[i].name};
        find(text, m, wanted, 1);
        find(text, m, wanted, 1);
    }
    for (size_t i = 0; i < m->n; i++) {
        wanted[i] = (struct json_field){.name = m->fields[m->n - 1 - i].name};
    }
    find(text, m, wanted, m->n);
    find(text, m, wanted, m->n);
    find(text, m, wanted, m->n / 2);
    find(text, m, others, n_others);
}

/* Broken texts: nothing but slices of it may come out. */
static void try_broken(struct slice text, struct json_field *fields, size_t n)
{
    struct json_field own[] = {{.name = {"a", 1}}, {.name = {"Date", 4}}};
    size_t bad_at = 0;

    for (int turn = 0; turn < 2; turn++) {
        for (int whose = 0; whose < 2; whose++) {
            struct json_field *wanted = whose == 0 ? own : fields;
            size_t n_wanted = whose == 0 ? 2 : n;

            if (json_find_fields(text, wanted, n_wanted, &bad_at) != 0) {
                fuzz_require(bad_at <= text.len);
                continue;
            }
            for (size_t i = 0; i < n_wanted; i++) {
                fuzz_require(
                    !wanted[i].found ||
                    (wanted[i].value.raw.p >= text.p &&
                        wanted[i].value.raw.p + wanted[i].value.raw.len <=
                            text.p + text.len));
            }
        }
    }
}

static bool is_too_deep(struct slice text)
{
    size_t opened = 0;

    for (size_t i = 0; i < text.len; i++) {
        opened += text.p[i] == '{' || text.p[i] == '[';
    }
    return opened > JSON_MAX_DEPTH;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = fuzz_slice(data, size);
    struct slice texts[2] = {fuzz_take_line(&rest), rest};
    struct json_field wanted[MOST_FIELDS]; /* of the text before */
    size_t n_wanted = 0;

    for (size_t i = 0; i < 2; i++) {
        json_t *reference = fuzz_reference(texts[i]);
        struct members m = {.n = 0};

        if (reference != NULL && reference_kind(reference) == 'o' &&
            !is_too_deep(texts[i])) {
            walk(texts[i], reference, &m);
            find_all(texts[i], &m, wanted, n_wanted);
            for (size_t k = 0; k < m.n; k++) {
                wanted[k] = (struct json_field){.name = m.fields[k].name};
            }
            find(texts[i], &m, wanted, m.n);
            n_wanted = m.n;
        } else {
            try_broken(texts[i], wanted, n_wanted);
        }
        json_decref(reference);
    }
    return 0;
}
