/* Which step of a migration follows from what stands. */
#include "mappings/migrate_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SUM "abc"

static const struct index_names names = {.dataset = "marcap",
    .alias = "marcap",
    .template_name = "naru-marcap",
    .pattern = "marcap-v*",
    .index = "marcap-v2"};

struct bench {
    struct migrate_stand stand;
    struct migrate_next next;
    struct error err;
};

static int open_bench(void **state)
{
    *state = calloc(1, sizeof(struct bench));
    return *state != NULL ? 0 : -1;
}

static void forget(struct bench *b)
{
    json_decref(b->stand.members);
    json_decref(b->stand.fresh);
    json_decref(b->stand.origin);
    b->stand = (struct migrate_stand){.members = NULL};
}

static int close_bench(void **state)
{
    forget(*state);
    free(*state);
    return 0;
}

/* An index of naru's; note and more are JSON members, or "". */
static json_t *index_of(int version, bool held, const char *note)
{
    char text[512];
    json_t *index;

    (void)snprintf(text, sizeof(text),
        "{\"aliases\":{},\"mappings\":{\"_meta\":{\"managed_by\":\"naru\","
        "\"dataset\":\"marcap\",\"schema_version\":%d,\"sha256\":\"" SUM
        "\"%s%s}},\"settings\":{\"index.number_of_shards\":\"2\"%s}}",
        version, note[0] != '\0' ? "," : "", note,
        held ? ",\"index.blocks.write\":\"true\"" : "");
    index = json_loads(text, 0, NULL);
    assert_non_null(index);
    return index;
}

static json_t *noted(const char *step)
{
    char note[128];

    (void)snprintf(note, sizeof(note),
        "\"migration\":{\"from\":\"marcap-v1\",\"step\":\"%s\"}", step);
    return index_of(2, false, note);
}

static json_t *behind(const char *name, json_t *index)
{
    return json_pack("{so}", name, index);
}

/* The step, or "refused". */
static const char *next_step(struct bench *b, bool drop_old)
{
    return migrate_plan_next(
               &b->next, &b->stand, &names, SUM, drop_old, &b->err) == 0
               ? migrate_step_name(b->next.step)
               : "refused";
}

static const char *back_step(struct bench *b)
{
    return migrate_plan_back(&b->next, &b->stand, &names, &b->err) == 0
               ? migrate_step_name(b->next.step)
               : "refused";
}

static void assert_refused(struct bench *b, const char *because)
{
    assert_string_equal(next_step(b, false), "refused");
    if (strstr(b->err.text, because) == NULL) {
        print_error("wants: %s\nsays:  %s\n", because, b->err.text);
        fail();
    }
}

static void without_a_note_it_begins(void **state)
{
    struct bench *b = *state;

    b->stand.members = behind("marcap-v1", index_of(1, false, ""));
    assert_string_equal(next_step(b, false), "create");
    assert_string_equal(b->next.from, "marcap-v1");
}

/* note's step, is the old index held, what follows, what goes back. */
static const struct {
    const char *step;
    bool held;
    const char *next, *back;
} begun[] = {
    {"copy", false, "copy", "discard"},
    {"copy", true, "copy", "discard"}, /* held by somebody else */
    {"settle", false, "settle", "discard"}, {"hold", false, "hold", "discard"},
    {"hold", true, "catch_up", "release"}, {"swap", true, "swap", "release"},
    {"swap", false, "hold", "discard"}, /* released since: writes came */
};

static void each_note_is_gone_on_with(void **state)
{
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof(begun) / sizeof(*begun); i++) {
        forget(b);
        b->stand.members = behind("marcap-v1", index_of(1, begun[i].held, ""));
        b->stand.fresh = noted(begun[i].step);
        assert_string_equal(next_step(b, false), begun[i].next);
        assert_string_equal(b->next.from, "marcap-v1");
        assert_string_equal(back_step(b), begun[i].back);
        assert_string_equal(b->next.from, "marcap-v1");
    }
}

static void after_the_swap_it_is_finished_and_cannot_go_back(void **state)
{
    struct bench *b = *state;

    b->stand.fresh = noted("swap");
    b->stand.members = behind("marcap-v2", json_incref(b->stand.fresh));
    assert_string_equal(next_step(b, true), "finish");
    assert_string_equal(b->next.from, "marcap-v1");
    assert_string_equal(back_step(b), "refused");
    assert_non_null(strstr(b->err.text, "no going back"));
}

static void the_old_index_goes_only_when_asked(void **state)
{
    struct bench *b = *state;

    b->stand.fresh = index_of(2, false, "\"migrated_from\":\"marcap-v1\"");
    b->stand.members = behind("marcap-v2", json_incref(b->stand.fresh));
    b->stand.origin = index_of(1, true, "");
    assert_string_equal(next_step(b, false), "nothing");
    assert_string_equal(next_step(b, true), "drop_old");
    assert_string_equal(b->next.from, "marcap-v1");
    json_decref(b->stand.origin);
    b->stand.origin = NULL;
    assert_string_equal(next_step(b, true), "nothing");
}

static void what_is_in_the_way_is_said(void **state)
{
    struct bench *b = *state;

    assert_refused(b, "there is no alias marcap");
    b->stand.members = behind("marcap", json_object());
    assert_refused(b, "is an index, not an alias");
    forget(b);
    b->stand.members = json_pack("{so,so}", "marcap-v1", index_of(1, false, ""),
        "other", index_of(1, false, ""));
    assert_refused(b, "stands for 2 indices");
    forget(b);
    b->stand.members = behind("other", json_object());
    assert_refused(b, "was not made by naru");
    forget(b);
    b->stand.members = behind("marcap-v3", index_of(3, false, ""));
    assert_refused(b, "a later version");
    forget(b);
    b->stand.members = behind("marcap-v1", index_of(1, true, ""));
    assert_refused(b, "takes no writes");
    forget(b);
    b->stand.members = behind("marcap-v1",
        index_of(1, false, "\"migration\":{\"from\":\"marcap-v0\"}"));
    assert_refused(b, "not finished with its own migration");
}

static void a_new_index_of_another_origin_is_refused(void **state)
{
    struct bench *b = *state;

    b->stand.members = behind("marcap-v1", index_of(1, false, ""));
    b->stand.fresh = index_of(2, false, "");
    assert_refused(b, "no migration made it");
    assert_string_equal(back_step(b), "nothing"); /* nor deleted */
    json_decref(b->stand.fresh);
    b->stand.fresh =
        index_of(2, false, "\"migration\":{\"from\":\"marcap-v0\"}");
    assert_refused(b, "was begun from marcap-v0");
    json_decref(b->stand.fresh);
    b->stand.fresh = noted("dance");
    assert_refused(b, "a step 'dance'");
    json_decref(b->stand.fresh);
    b->stand.fresh = noted("copy");
    assert_int_equal(migrate_plan_next(&b->next, &b->stand, &names,
                         "another sum", false, &b->err),
        -1);
    assert_non_null(strstr(b->err.text, "another text of the dataset"));
}

#define IN_BENCH(test)                                                         \
    cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_BENCH(without_a_note_it_begins),
        IN_BENCH(each_note_is_gone_on_with),
        IN_BENCH(after_the_swap_it_is_finished_and_cannot_go_back),
        IN_BENCH(the_old_index_goes_only_when_asked),
        IN_BENCH(what_is_in_the_way_is_said),
        IN_BENCH(a_new_index_of_another_origin_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
