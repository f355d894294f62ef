/* What a bridge needs, against what the machine lets it have. */
#include "bridge/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include "bridge/bridge_settings.h"
#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define MB ((int64_t)1 << 20)

static void what_is_scarce_is_told_and_what_cannot_work_is_refused(void **state)
{
    static const struct limits_needs need = {400, 16 * MB, 96 * MB};
    static const struct {
        struct limits have;
        enum limits_verdict verdict;
        const char *says;
    } cases[] = {
        {{400, LIMITS_NONE, LIMITS_NONE}, LIMITS_ENOUGH, ""},
        {{400, 96 * MB, 96 * MB}, LIMITS_ENOUGH, ""},
        {{399, 96 * MB, 96 * MB}, LIMITS_SCARCE, "399 files"},
        {{400, 95 * MB, 200 * MB}, LIMITS_SCARCE, "our control group"},
        {{400, 17 * MB, 200 * MB}, LIMITS_SCARCE, "grows to about 96 MB"},
        {{400, 16 * MB, 200 * MB}, LIMITS_TOO_FEW, "may have 16 MB in all"},
        {{400, LIMITS_NONE, 95 * MB}, LIMITS_SCARCE, "the machine has less"},
        {{400, LIMITS_NONE, 1 * MB}, LIMITS_SCARCE, "the machine has less"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = {""};

        if (limits_judge(&cases[i].have, &need, &err) != cases[i].verdict ||
            strstr(err.text, cases[i].says) == NULL) {
            fail_msg("case %zu: %s", i, err.text);
        }
    }
}

static void needs_follow_the_settings(void **state)
{
    struct config *c = config_new(&bridge_settings, 1);
    struct error err;
    struct limits_needs small = limits_needs_of(c), large;

    (void)state;
    assert_int_equal(small.held_bytes, 16 * MB);
    assert_int_equal(small.all_bytes, 96 * MB);
    assert_int_equal(config_set(c, "bridge.memory_bytes=1g", &err), 0);
    assert_int_equal(config_set(c, "bridge.max_in_flight=64", &err), 0);
    large = limits_needs_of(c);
    assert_int_equal(large.held_bytes, 1024 * MB);
    assert_true(large.all_bytes > 1536 * MB);
    assert_int_equal(large.files - small.files, 32);
    config_free(c);
}

static void more_files_are_asked_for_up_to_the_hard_limit(void **state)
{
    struct rlimit before, low;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    low = before;
    low.rlim_cur = 64;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    assert_int_equal(limits_read(100).files, 100);
    assert_int_equal(limits_read(70).files, 100);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(limits_read(0).free_bytes > MB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            what_is_scarce_is_told_and_what_cannot_work_is_refused),
        cmocka_unit_test(needs_follow_the_settings),
        cmocka_unit_test(more_files_are_asked_for_up_to_the_hard_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
