/*
 * A record of any bytes through steps of [transform], which the first byte
 * chooses: what goes on after convert-json and split-json is JSON, says what
 * the record said and stands on one line; what does not go on is told of.
 */
#include "tests/fuzz/fuzz_reference.h"

#include "bridge/bridge_settings.h"
#include "bridge/transform/transform.h"

#define NOW_MS 1612862127123

enum form { ANY, SAME, ELEMENTS };

static const struct {
    const char *step;
    enum form form;
} choices[] = {
    {"convert-json", SAME},
    {"convert-json nulls=drop", ANY},
    {"split-json $", ELEMENTS},
    {"split-json $[*]", ELEMENTS},
    {"split-json $.rows.*", ANY},
    {"evaluate-json return=auto a=$.a b=$['b'][0] c=$.c.d", ANY},
    {"evaluate-json not_found=skip return=json a=$.a[1]", ANY},
    {"evaluate-json to=content x=$.a", ANY},
    {"update-attribute a=${k:toUpper():replace('a','b')} "
     "b=${k:substring(0,3)}",
        ANY},
};
#define N_CHOICES (sizeof(choices) / sizeof(choices[0]))

static struct transform *transform_at(size_t i)
{
    static struct transform *made[N_CHOICES];
    static struct config *configs[N_CHOICES];
    struct error err;
    char text[512];

    if (made[i] == NULL) {
        (void)snprintf(
            text, sizeof(text), "transform.step.1=%s", choices[i].step);
        configs[i] = config_new(&bridge_transform_settings, 1);
        fuzz_require(
            configs[i] != NULL && config_set(configs[i], text, &err) == 0);
        made[i] = transform_new(configs[i], &err);
        if (made[i] == NULL) {
            (void)fprintf(stderr, "%s\n", err.text);
            abort();
        }
    }
    return made[i];
}

static void check_same(struct slice got, const json_t *wanted)
{
    json_t *sent = fuzz_reference(got);

    fuzz_require(sent != NULL && json_equal(sent, wanted));
    fuzz_require(memchr(got.p, '\n', got.len) == NULL);
    json_decref(sent);
}

static void check_elements(
    const struct transform_result *r, const json_t *wanted)
{
    fuzz_require(r->n == json_array_size(wanted));
    for (size_t i = 0; i < r->n; i++) {
        json_t *sent = fuzz_reference(r->all[i].value);
        const json_t *element = json_array_get(wanted, i);

        /* A text goes on without its quotes. */
        fuzz_require(reference_kind(element) == 's' ||
                     (sent != NULL && json_equal(sent, element)));
        json_decref(sent);
    }
}

static void check(const struct transform_result *r, enum form form,
    const struct flow_file *first)
{
    json_t *given = fuzz_reference(first->value);

    fuzz_require(
        r->n > 0 || r->skipped != NULL || (r->is_refused && r->type != NULL));
    fuzz_require(!r->is_refused || r->reason.text[0] != '\0');
    if (given != NULL && !r->is_refused && first->has_value) {
        if (form == SAME && r->n == 1) {
            check_same(r->all[0].value, given);
        } else if (form == ELEMENTS) {
            check_elements(r, given);
        }
    }
    json_decref(given);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct attribute own[] = {
        {{"kafka.topic", 11}, {"t", 1}}, {{"k", 1}, {NULL, 0}}};
    struct flow_file first = {.has_value = true, .attributes = {own, 2}};
    struct transform_result r;
    struct arena arena;
    size_t choice;

    if (size == 0) {
        return 0;
    }
    choice = data[0] % N_CHOICES;
    first.value = fuzz_slice(data + 1, size - 1);
    own[1].value = first.value;
    own[1].value.len = own[1].value.len > 64 ? 64 : own[1].value.len;
    arena_init(&arena, (size_t)16 << 20);
    if (transform_run(
            transform_at(choice), &first, NOW_MS, false, &arena, &r) == 0) {
        check(&r, choices[choice].form, &first);
    }
    arena_fini(&arena);
    return 0;
}
