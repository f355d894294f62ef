/* Any bytes as what a record or a document says: where it is taken it is the
 * same again when it is written anew. */
#include "tests/fuzz/fuzz_reference.h"

#include "index/marked_json.h"
#include "verify/json_content.h"

static const struct sip_key key = {1, 2};

/* Read text; with written, that is filled with the same text, written anew. */
static bool read_content(
    struct slice text, struct content *c, struct buf *written)
{
    struct buf scratch;
    struct error err = {""};
    json_t *tree;
    bool good;

    buf_init(&scratch, CONTENT_MAX_BYTES);
    tree = marked_json_load(text, &scratch, &err);
    fuzz_require(tree != NULL || err.text[0] != '\0');
    if (tree != NULL && written != NULL) {
        fuzz_require(marked_json_write(written, tree) == 0);
    }
    good = tree != NULL && json_content(tree, c) == 0;
    json_decref(tree);
    buf_fini(&scratch);
    return good;
}

static int no_difference(void *arg, struct slice name,
    const struct content_field *a, const struct content_field *b)
{
    (void)arg;
    (void)a;
    (void)b;
    (void)fprintf(stderr, "'" SLICE_FMT "' differs\n", SLICE_ARG(name));
    abort();
}

static void compare(struct content *c, struct content *again)
{
    uint64_t hash, hash_again;

    fuzz_require(content_hash(c, key, &hash) == 0);
    fuzz_require(content_hash(again, key, &hash_again) == 0);
    (void)content_differences(c, again, no_difference, NULL);
    fuzz_require(hash == hash_again);
    for (size_t i = 0; i < c->n; i++) {
        fuzz_require(content_find(c, content_at(c, i).name) <= i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = fuzz_slice(data, size);
    struct content c, again;
    struct buf written;

    content_init(&c);
    content_init(&again);
    buf_init(&written, CONTENT_MAX_BYTES);
    if (read_content(text, &c, &written)) {
        json_t *reference = fuzz_reference(buf_slice(&written));

        fuzz_require(read_content(buf_slice(&written), &again, NULL));
        compare(&c, &again);
        fuzz_require(reference == NULL || c.n <= json_object_size(reference));
        json_decref(reference);
    }
    buf_fini(&written);
    content_fini(&c);
    content_fini(&again);
    return 0;
}
