/* /metrics holds what the reference says of it: each row of the table, with its
 * type, help and labels. */
#include "bridge/metric_table.h"
#include "tests/fault/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "{topic="t",le="1"} 5" as "topic, le". Values hold no quotes. */
static void labels_of(const char *sample, char *out, size_t size)
{
    size_t n = 0;
    bool is_name = *sample == '{';

    while (*++sample != '}' && is_name && n + 3 < size) {
        if (*sample == '=') {
            sample = strchr(sample + 2, '"');
            assert_non_null(sample);
        } else if (*sample == ',') {
            out[n++] = ',';
            out[n++] = ' ';
        } else {
            out[n++] = *sample;
        }
    }
    out[n] = '\0';
}

static void expect_row(const char *page, const struct metric_row *row)
{
    char wanted[400], labels[100];
    const char *at;

    (void)snprintf(wanted, sizeof(wanted), "# HELP %s %s\n# TYPE %s %s\n%s%s",
        row->name, row->help, row->name, row->type, row->name,
        strcmp(row->type, "histogram") == 0 ? "_bucket" : "");
    at = strstr(page, wanted);
    if (at == NULL) {
        fail_msg("no '%s' in:\n%s", wanted, page);
    }
    labels_of(at + strlen(wanted), labels, sizeof(labels));
    assert_string_equal(labels, row->labels);
}

static void the_page_has_each_metric_of_the_table(void **state)
{
    struct scene *s = *state;
    size_t types = 0;
    char *page = NULL;

    scene_produce(s, 300);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(scene_committed(s, 0) > 0 && scene_all_stored(s));
    SCENE_AWAIT((page = bridge_metrics(&s->bridge)) != NULL);
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        expect_row(page, &metric_table[i]);
    }
    for (const char *at = page; (at = strstr(at, "# TYPE ")) != NULL; at++) {
        types++;
    }
    assert_int_equal(types, METRIC_COUNT);
    free(page);
    scene_stop(s);
    scene_expect_done(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(the_page_has_each_metric_of_the_table),
    };

    return SCENE_RUN(cases);
}
