/*
 * A target without libFuzzer: each file of the corpus, and changed copies of
 * it: bytes set, put in, taken out, and parts of other files. The same ones in
 * each run, so that a test with it is steady.
 *
 *   fuzz_csv FOLDER CHANGES
 *
 * An input that breaks the target stays in "fuzz-failed" of the current
 * folder.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/random_below.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES ((size_t)64 << 10)
#define MOST_FILES 256
#define MOST_CHANGES 8u

struct input {
    uint8_t *bytes;
    size_t n;
};

static struct input files[MOST_FILES];
static size_t n_files;
static uint8_t tried[MOST_BYTES + 1];
static size_t n_tried;

static size_t below(size_t n)
{
    return (size_t)random_below(n);
}

/* Not what a signal handler may call; but the process is lost anyhow. */
static void on_abort(int signal_number)
{
    FILE *to = fopen("fuzz-failed", "wb");

    if (to != NULL) {
        (void)fwrite(tried, 1, n_tried, to);
        (void)fclose(to);
    }
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

static void read_file(const char *folder, const char *name)
{
    char path[4096];
    FILE *from;
    struct input *to = &files[n_files];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    from = fopen(path, "rb");
    to->bytes = malloc(MOST_BYTES);
    if (from == NULL || to->bytes == NULL) {
        perror(path);
        exit(2);
    }
    to->n = fread(to->bytes, 1, MOST_BYTES, from);
    (void)fclose(from);
    n_files += to->n > 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_folder(const char *folder)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, by_name);

    for (int i = 0; i < n && n_files < MOST_FILES; i++) {
        if (names[i]->d_name[0] != '.') {
            read_file(folder, names[i]->d_name);
        }
        free(names[i]);
    }
    if (n >= 0) {
        free(names);
    }
}

/* n bytes of from put in at a place of what is tried. */
static void put_in(const uint8_t *from, size_t n)
{
    size_t at = below(n_tried + 1);

    n = n < MOST_BYTES - n_tried ? n : MOST_BYTES - n_tried;
    memmove(tried + at + n, tried + at, n_tried - at);
    memcpy(tried + at, from, n);
    n_tried += n;
}

static void take_out(void)
{
    size_t at = below(n_tried);
    size_t n = 1 + below(n_tried - at < 16 ? n_tried - at : 16);

    memmove(tried + at, tried + at + n, n_tried - at - n);
    n_tried -= n;
}

static void change(void)
{
    static const uint8_t telling[] = "\",\n\r\0\xEF\xBB\xBF\x1f\x8b\xB0\xA1 x9";
    const struct input *other = &files[below(n_files)];
    size_t from = below(other->n);
    uint8_t byte = telling[below(sizeof(telling) - 1)];

    if (n_tried == 0) {
        put_in(&byte, 1);
        return;
    }
    switch (below(5)) {
    case 0:
        put_in(&byte, 1);
        break;
    case 1:
        put_in(other->bytes + from, 1 + below(other->n - from));
        break;
    case 2:
        take_out();
        break;
    case 3:
        tried[below(n_tried)] = byte;
        break;
    default:
        tried[below(n_tried)] = (uint8_t)below(256);
        break;
    }
}

static void take(const struct input *one)
{
    memcpy(tried, one->bytes, one->n);
    n_tried = one->n;
}

int main(int argc, char **argv)
{
    unsigned long changes = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

    if (argc != 3) {
        (void)fprintf(stderr, "usage: %s FOLDER CHANGES\n", argv[0]);
        return 2;
    }
    read_folder(argv[1]);
    if (n_files == 0) {
        (void)fprintf(stderr, "%s: no inputs\n", argv[1]);
        return 2;
    }
    (void)signal(SIGABRT, on_abort);
    (void)signal(SIGSEGV, on_abort);
    for (size_t i = 0; i < n_files; i++) {
        take(&files[i]);
        (void)LLVMFuzzerTestOneInput(tried, n_tried);
    }
    for (unsigned long i = 0; i < changes; i++) {
        take(&files[below(n_files)]);
        for (size_t k = 1 + below(MOST_CHANGES); k > 0; k--) {
            change();
        }
        (void)LLVMFuzzerTestOneInput(tried, n_tried);
    }
    (void)printf("%zu inputs and %lu changed ones\n", n_files, changes);
    return 0;
}
