/*
 * What the targets of NiFi's formats do with any bytes: read, find paths,
 * judge, print, write as a configuration, and read that again: each setting
 * must come back as it was. The targets differ by their corpus.
 */
#ifndef NARU_TESTS_FUZZ_NIFI_H
#define NARU_TESTS_FUZZ_NIFI_H

#include "bridge/bridge_settings.h"
#include "bridge/nifi/flow_file.h"
#include "bridge/nifi/nifi_import.h"
#include "common/config.h"
#include "common/endpoint.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static inline void fuzz_nifi_check_text(
    const struct plan *p, const struct config *c)
{
    for (size_t i = 0; i < p->n_settings; i++) {
        const struct plan_setting *s = &p->settings[i];

        if (s->value != NULL &&
            strcmp(config_text(c, s->name), s->value) != 0) {
            (void)fprintf(stderr, "%s\nwas   '%s'\ngives '%s'\n", s->name,
                s->value, config_text(c, s->name));
            abort();
        }
    }
}

/* The plan as a file, read as any configuration. */
static inline void fuzz_nifi_read_again(const struct plan *p)
{
    static int fd = -1;
    const struct config_table tables[] = {endpoint_settings, bridge_settings,
        bridge_transform_settings, bridge_nifi_settings};
    struct config *c = config_new(tables, 4);
    struct error err;
    struct buf text;
    char path[64];

    buf_init(&text, (size_t)16 << 20);
    fd = fd < 0 ? memfd_create("fuzz_nifi", MFD_CLOEXEC) : fd;
    if (c == NULL || fd < 0 || plan_write_config(p, 1, "x", &text) != 0 ||
        ftruncate(fd, 0) != 0 ||
        pwrite(fd, text.data, text.len_bytes, 0) != (ssize_t)text.len_bytes) {
        abort();
    }
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (config_read_file(c, path, &err) == 0) {
        fuzz_nifi_check_text(p, c);
    } else {
        (void)fprintf(stderr, "%s\n%s", err.text, buf_str(&text));
        abort();
    }
    buf_fini(&text);
    config_free(c);
}

static inline void fuzz_nifi_show(struct nifi_import *i)
{
    char *text = NULL;
    size_t n;
    FILE *to = open_memstream(&text, &n);

    if (to == NULL) {
        abort();
    }
    nifi_import_print(i, 0, to);
    if (nifi_import_print_json(i, 0, to) != 0) {
        abort();
    }
    (void)fclose(to);
    free(text);
}

static inline void fuzz_nifi_plans(struct nifi_import *i)
{
    const struct plan_options options = {.zone = "Asia/Seoul", .names = true};
    struct error err;

    if (flow_find_paths(i->flow, &i->paths, &err) != 0) {
        abort();
    }
    for (size_t k = 0; k < i->paths.n; k++) {
        i->plans[k] = plan_new(i->flow, &i->paths.items[k], &options, &err);
        if (i->plans[k] == NULL) {
            i->paths.n = k;
        }
    }
    fuzz_nifi_show(i);
    for (size_t k = 0; k < i->paths.n; k++) {
        if (plan_count(i->plans[k], PLAN_CANNOT) == 0) {
            fuzz_nifi_read_again(i->plans[k]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nifi_import i = {.source = "fuzz"};
    struct error err = {""};

    i.flow = flow_from_bytes(
        (struct slice){(const char *)(const void *)data, size}, &err);
    if (i.flow != NULL) {
        fuzz_nifi_plans(&i);
    } else if (err.text[0] == '\0') {
        abort();
    }
    nifi_import_close(&i);
    return 0;
}

#endif
