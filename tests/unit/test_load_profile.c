/* What restores an index after a bulk load. */
#include "mappings/load_profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_originals(const char *settings, const char *wanted)
{
    json_t *flat = json_loads(settings, 0, NULL);
    json_t *originals = load_profile_originals(flat);
    char *text = json_dumps(originals, JSON_COMPACT | JSON_SORT_KEYS);

    assert_non_null(flat);
    assert_string_equal(text, wanted);
    free(text);
    json_decref(originals);
    json_decref(flat);
}

static void what_stood_comes_back(void **state)
{
    (void)state;
    assert_originals("{\"index.refresh_interval\":\"5s\",\"index.number_of_"
                     "replicas\":\"1\",\"index.auto_expand_replicas\":\"0-1\","
                     "\"index.translog.durability\":\"request\"}",
        "{\"index.auto_expand_replicas\":\"0-1\",\"index.number_of_replicas\":"
        "\"1\",\"index.refresh_interval\":\"5s\"}");
}

/* null is how engines are told to go back to their default. */
static void what_did_not_stand_becomes_the_default_again(void **state)
{
    (void)state;
    assert_originals("{\"index.number_of_replicas\":\"0\"}",
        "{\"index.auto_expand_replicas\":null,\"index.number_of_replicas\":"
        "\"0\",\"index.refresh_interval\":null}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stood_comes_back),
        cmocka_unit_test(what_did_not_stand_becomes_the_default_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
