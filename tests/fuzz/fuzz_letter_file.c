/*
 * Any bytes as a file of dead letters: each letter is written and read back
 * the same, as JSON for programs and as a row for people; the rest is counted
 * as strange.
 */
#include "bridge/dlq/letter_json.h"
#include "bridge/dlq/letter_list.h"
#include "bridge/dlq/letter_source.h"
#include "common/log.h"

#include "tests/fuzz/fuzz_input.h"

static bool is_same(const struct letter *a, const struct letter *b)
{
    if (a->when_ms != b->when_ms || !slice_eq(a->topic, b->topic) ||
        a->partition != b->partition || a->offset != b->offset ||
        a->timestamp_ms != b->timestamp_ms || a->has_key != b->has_key ||
        !slice_eq(a->key, b->key) || a->has_value != b->has_value ||
        !slice_eq(a->value, b->value) || a->n_headers != b->n_headers ||
        a->status != b->status || a->attempts != b->attempts ||
        !slice_eq(a->type, b->type) || !slice_eq(a->reason, b->reason)) {
        return false;
    }
    for (size_t i = 0; i < a->n_headers; i++) {
        if (!slice_eq(a->headers[i].name, b->headers[i].name) ||
            a->headers[i].has_value != b->headers[i].has_value ||
            !slice_eq(a->headers[i].value, b->headers[i].value)) {
            return false;
        }
    }
    return true;
}

static void there_and_back(const struct letter *letter)
{
    struct letter_json j;
    struct stored_letter back;
    struct error err = {""};
    struct buf line;

    buf_init(&line, (size_t)16 << 20);
    letter_json_init(&j);
    fuzz_require(letter_write_json(&line, letter) == 0);
    fuzz_require(memchr(line.data, '\n', line.len_bytes) == NULL);
    if (letter_json_read(&j, buf_slice(&line), &back, &err) != 0 ||
        !is_same(letter, &back.letter)) {
        (void)fprintf(stderr, "%s: %s\n", err.text, buf_str(&line));
        abort();
    }
    letter_json_fini(&j);
    buf_fini(&line);
}

static int take(
    void *arg, const struct stored_letter *stored, struct error *err)
{
    struct letter_list *lists = arg;

    if (!stored->is_mark) {
        there_and_back(&stored->letter);
    }
    for (int i = 0; i < 3; i++) {
        fuzz_require(letter_list_print(&lists[i], stored, -1, err) == 0);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct letter_list lists[3];
    struct letter_source *s;
    struct error err = {""};
    bool exists;
    char *text = NULL;
    size_t n;
    FILE *to = open_memstream(&text, &n);

    fuzz_require(to != NULL);
    s = file_source_open(fuzz_file(fuzz_slice(data, size)), &exists, &err);
    fuzz_require(s != NULL);
    for (size_t i = 0; i < 3; i++) {
        letter_list_init(&lists[i], to);
        lists[i].form = (enum list_form)i;
        lists[i].columns = 80;
    }
    fuzz_require(letter_source_read(s, take, lists, &err) == 0);
    for (size_t i = 0; i < 3; i++) {
        letter_list_fini(&lists[i]);
    }
    letter_source_free(s);
    (void)fclose(to);
    free(text);
    return 0;
}
