/* A line as a condition; the others as a row's values. What compiles is true,
 * false or told; "not (...)" of it is the other. */
#include "replay/where.h"

#include "tests/fuzz/fuzz_input.h"
#include "tests/unit/small_dataset.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const char *const names[] = {
    "Code", "Name", "Dept", "Close", "Volume", "Seen", "Date"};
#define FIELDS COUNT_OF(names)

static int ask(const char *text, const struct slice *fields)
{
    static struct column_map map;
    const struct column_choices choices = {0};
    struct slice header[FIELDS];
    struct error err = {""};
    struct where *w = where_new(text, &small_dataset, &err);
    int holds;

    if (map.slots == NULL) {
        for (size_t i = 0; i < FIELDS; i++) {
            header[i] = slice_of(names[i]);
        }
        fuzz_require(column_map_init(&map, &small_dataset, header, FIELDS,
                         &choices, &err) == 0);
    }
    if (w == NULL) {
        fuzz_require(err.text[0] != '\0');
        return -2;
    }
    holds = where_holds(w, &map, fields, &err);
    fuzz_require(holds >= 0 || err.text[0] != '\0');
    where_free(w);
    return holds;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = fuzz_slice(data, size);
    char *text = fuzz_text(fuzz_take_line(&rest));
    char *other = malloc(strlen(text) + 8);
    struct slice fields[FIELDS];
    int holds, opposite;

    fuzz_require(other != NULL);
    (void)sprintf(other, "not (%s)", text);
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = fuzz_take_line(&rest);
    }
    holds = ask(text, fields);
    opposite = ask(other, fields);
    if (holds >= 0 && opposite != -2) {
        fuzz_require(opposite == 1 - holds);
    }
    free(other);
    free(text);
    return 0;
}
