/* Any bytes as a checkpoint: what is taken for one is written and read back
 * the same; the rest is told. */
#include "replay/resume_point.h"

#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct resume_point point, again;
    struct error err = {""};
    struct buf text;
    char *name = fuzz_text(fuzz_slice(data, size));

    fuzz_require(resume_name_check(name, &err) == 0 || err.text[0] != '\0');
    fuzz_require(resume_name_check(name, &err) != 0 ||
                 (name[0] != '.' && strpbrk(name, "/\\\n ") == NULL));
    free(name);
    err.text[0] = '\0';
    if (resume_point_read(fuzz_slice(data, size), &point, &err) != 0) {
        fuzz_require(err.text[0] != '\0');
        return 0;
    }
    fuzz_require(point.records >= 0);
    buf_init(&text, 1 << 16);
    fuzz_require(resume_point_write(&point, &text) == 0);
    if (resume_point_read(buf_slice(&text), &again, &err) != 0) {
        (void)fprintf(stderr, "%s: %s\n", err.text, buf_str(&text));
        abort();
    }
    /* A place that was cut within a character loses the rest of it. */
    fuzz_require(strcmp(point.topic, again.topic) == 0 &&
                 strncmp(point.place, again.place, strlen(again.place)) == 0 &&
                 strlen(point.place) - strlen(again.place) < 4 &&
                 point.records == again.records && point.chain == again.chain);
    buf_fini(&text);
    return 0;
}
