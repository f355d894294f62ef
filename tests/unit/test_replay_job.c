/* The loop of a replay, with a sink that remembers what it was given. */
#include "replay/replay_job.h"

#include "common/buf.h"

#include "tests/unit/scratch_file.h"
#include "tests/unit/small_dataset.h"

#define HEADER "Code,Volume,Date\n"
#define MOST_BYTES 60

struct memory {
    struct record_counts counts;
    struct buf keys;
    uint32_t chain; /* of the last record */
    int busy;       /* so often it has no room */
    int64_t stop_after;
    bool stop_in_drain;
    volatile sig_atomic_t *stop;
    int64_t pause_after;
    volatile sig_atomic_t paused;
    int looks_in_pause;
    int64_t taken_in_pause; /* when the pause was ended */
};

static bool fits(void *self, const struct out_record *record)
{
    (void)self;
    return record->value.len <= MOST_BYTES;
}

static enum record_outcome take(
    void *self, const struct out_record *record, struct error *err)
{
    struct memory *m = self;

    if (m->busy > 0) {
        m->busy--;
        return RECORD_BUSY;
    }
    if (slice_is(record->key, "FAIL")) {
        (void)error_set(err, "the sink fails");
        return RECORD_FAILED;
    }
    if (slice_is(record->key, "CLOSE")) {
        return RECORD_CLOSED;
    }
    assert_int_equal(buf_append_slice(&m->keys, record->key), 0);
    assert_int_equal(buf_append_char(&m->keys, ' '), 0);
    m->counts.taken++;
    m->counts.acknowledged++;
    m->chain = record->chain;
    if (m->counts.taken == m->stop_after) {
        *m->stop = 1;
    }
    m->paused = m->counts.taken == m->pause_after;
    return RECORD_TAKEN;
}

/* What a key of the terminal does: it ends the pause. Not at the first look,
 * which may come in the microsecond in which the pause began. */
static void end_pause(void *arg)
{
    struct memory *m = arg;

    if (m->paused && ++m->looks_in_pause == 2) {
        m->paused = 0;
        m->taken_in_pause = m->counts.taken;
    }
}

static enum record_outcome serve(void *self, int64_t wait_us, struct error *err)
{
    (void)self;
    (void)wait_us;
    (void)err;
    return RECORD_TAKEN;
}

static enum record_outcome drain(void *self, int64_t wait_us, struct error *err)
{
    struct memory *m = self;

    if (m->stop_in_drain) {
        *m->stop = 1;
    }
    return serve(self, wait_us, err);
}

/* A replay of text into m; the plan's source and sink are set here. */
static int replay(const char *text, struct replay_plan plan, struct memory *m,
    struct replay_report *report, struct error *err)
{
    volatile sig_atomic_t stop = 0;
    struct scratch_file f;
    char *paths[] = {f.path};
    const struct row_input input = {.paths = paths,
        .n_paths = 1,
        .dataset = &small_dataset,
        .choice = {.from_ms = INT64_MIN, .until_ms = ROW_CHOICE_EVER}};
    int result;

    scratch_file_write(&f, text, strlen(text));
    plan.source = row_source_open(&input, err);
    assert_non_null(plan.source);
    plan.sink = (struct record_sink){m, &m->counts, fits, take, serve, drain};
    plan.stop = m->stop = &stop;
    result = replay_run(&plan, report, err);
    row_source_free(plan.source);
    scratch_file_remove(&f);
    return result;
}

static int start(void **state)
{
    static struct memory m;

    m = (struct memory){.stop_after = -1};
    buf_init(&m.keys, 4096);
    *state = &m;
    return 0;
}

static int end(void **state)
{
    buf_fini(&((struct memory *)*state)->keys);
    return 0;
}

static const char three[] =
    HEADER "A,1,2022-01-03\nB,1,2022-01-04\nC,0,2022-01-04\nD,1,2022-01-10\n";

static void every_row_is_sent_or_accounted_for(void **state)
{
    struct memory *m = *state;
    struct replay_report r;
    struct error err;

    m->busy = 3; /* no row is lost to a full queue */
    assert_int_equal(
        replay(three, (struct replay_plan){.passes = 1}, m, &r, &err), 0);
    assert_string_equal(buf_str(&m->keys), "A B D ");
    assert_int_equal(r.rows_read, 4);
    assert_int_equal(r.left_out[LEFT_BY_VOLUME], 1);
    assert_int_equal(r.days, 3);
    assert_int_equal(r.closed_days, 5);
    assert_true(r.complete);
}

static void passes_follow_one_another(void **state)
{
    struct memory *m = *state;
    struct replay_report r;
    struct error err;

    assert_int_equal(
        replay(three, (struct replay_plan){.passes = 3}, m, &r, &err), 0);
    assert_string_equal(buf_str(&m->keys), "A B D A B D A B D ");
    assert_int_equal(r.passes, 3);
    assert_int_equal(r.days, 9);
    assert_int_equal(r.doubled.n, 0);
    buf_clear(&m->keys);
    assert_int_equal(
        replay(HEADER, (struct replay_plan){.passes = 0}, m, &r, &err),
        -1); /* for ever nothing would be for ever */
}

static void a_stop_ends_a_replay_for_ever(void **state)
{
    struct memory *m = *state;
    struct replay_report r;
    struct error err;

    m->stop_after = 7;
    assert_int_equal(
        replay(three, (struct replay_plan){.passes = 0}, m, &r, &err), -1);
    assert_string_equal(buf_str(&m->keys), "A B D A B D A ");
    assert_true(r.interrupted);
    assert_false(r.complete);
    assert_non_null(strstr(err.text, "stopped by a signal after 7 records"));
}

static void a_stop_when_all_was_sent_stops_nothing(void **state)
{
    struct memory *m = *state;
    struct replay_report r;
    struct error err;

    m->stop_in_drain = true;
    assert_int_equal(
        replay(three, (struct replay_plan){.passes = 1}, m, &r, &err), 0);
    assert_true(r.complete);
    assert_false(r.interrupted);
    m->stop_in_drain = false;
    m->stop_after = m->counts.taken + 1;
    assert_int_equal(
        replay(three, (struct replay_plan){.passes = 1}, m, &r, &err), -1);
    assert_false(r.complete);
    assert_true(r.interrupted);
}

static void a_pause_holds_the_rows_until_it_ends(void **state)
{
    struct memory *m = *state;
    struct replay_report r;
    struct error err;

    m->pause_after = 2;
    assert_int_equal(
        replay(three,
            (struct replay_plan){
                .passes = 1, .paused = &m->paused, .look = end_pause, .arg = m},
            m, &r, &err),
        0);
    assert_string_equal(buf_str(&m->keys), "A B D ");
    assert_int_equal(m->taken_in_pause, 2);
    assert_true(r.paused_us > 0);
}

static void a_resumed_replay_sends_the_rest(void **state)
{
    struct memory *m = *state;
    struct replay_report r;
    struct error err;
    uint32_t chain;

    m->stop_after = 2;
    assert_int_equal(
        replay(three, (struct replay_plan){.passes = 1, .chained = true}, m, &r,
            &err),
        -1);
    chain = m->chain;
    m->counts = (struct record_counts){0};
    m->stop_after = -1;
    assert_int_equal(replay(three,
                         (struct replay_plan){.passes = 1,
                             .chained = true,
                             .resume_records = 2,
                             .resume_chain = chain},
                         m, &r, &err),
        0);
    assert_string_equal(buf_str(&m->keys), "A B D ");
    assert_int_equal(r.passed_over, 2);
    assert_int_equal(r.rows_read, 4);
}

static void another_input_is_not_resumed(void **state)
{
    struct memory *m = *state;
    struct replay_plan plan = {
        .passes = 1, .chained = true, .resume_records = 2, .resume_chain = 1};
    struct replay_report r;
    struct error err;

    assert_int_equal(replay(three, plan, m, &r, &err), -1);
    assert_non_null(strstr(err.text, "the first 2 records of this input"));
    assert_non_null(strstr(err.text, ":3) are not those that were sent"));
    plan.resume_records = 4;
    assert_int_equal(replay(three, plan, m, &r, &err), -1);
    assert_string_equal(err.text,
        "the input has 3 records, but 4 of it were sent before: it has "
        "changed; --restart begins anew");
    assert_int_equal(m->counts.taken, 0);
}

static const char with_bad[] =
    HEADER "A,1,2022-01-03\nB,x,2022-01-03\n"
           "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC,1,2022-01-03\n"
           "A,2,2022-01-03\nD,1,2022-01-03\n";

static void what_cannot_be_sent_stops_the_replay(void **state)
{
    struct memory *m = *state;
    struct replay_report r;
    struct error err;

    assert_int_equal(
        replay(with_bad, (struct replay_plan){.passes = 1}, m, &r, &err), -1);
    assert_non_null(strstr(err.text, ":3: Volume: 'x' is not a whole number"));
    assert_int_equal(
        replay(with_bad,
            (struct replay_plan){.passes = 1, .skip_bad_rows = true}, m, &r,
            &err),
        -1);
    assert_non_null(strstr(err.text, ":4: the record with key CCCC"));
    assert_non_null(strstr(err.text, "more than Kafka takes"));
}

static void or_is_left_out_and_told_of(void **state)
{
    struct replay_plan plan = {
        .passes = 1, .skip_bad_rows = true, .skip_refused = true};
    struct memory *m = *state;
    struct replay_report r;
    struct error err;

    plan.ids = id_watch_new(&small_dataset);
    assert_int_equal(replay(with_bad, plan, m, &r, &err), 0);
    id_watch_free(plan.ids);
    assert_string_equal(buf_str(&m->keys), "A A D "); /* both of one id */
    assert_int_equal(r.bad.n, 1);
    assert_int_equal(r.refused.n, 1);
    assert_int_equal(r.doubled.n, 1);
    assert_int_equal(r.rows_read, 5);
    assert_non_null(strstr(r.doubled.first[0].text, ":5: Code A"));
}

static void a_sink_that_fails_or_closes_ends_it(void **state)
{
    struct memory *m = *state;
    struct replay_report r;
    struct error err;

    assert_int_equal(replay(HEADER "FAIL,1,2022-01-03\n",
                         (struct replay_plan){.passes = 1}, m, &r, &err),
        -1);
    assert_string_equal(err.text, "the sink fails");
    assert_int_equal(replay(HEADER "A,1,2022-01-03\nCLOSE,1,2022-01-03\n"
                                   "B,1,2022-01-03\n",
                         (struct replay_plan){.passes = 1}, m, &r, &err),
        0);
    assert_true(r.closed);
    assert_string_equal(buf_str(&m->keys), "A ");
}

int main(void)
{
#define JOB_TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
    const struct CMUnitTest tests[] = {
        JOB_TEST(every_row_is_sent_or_accounted_for),
        JOB_TEST(passes_follow_one_another),
        JOB_TEST(a_stop_ends_a_replay_for_ever),
        JOB_TEST(a_stop_when_all_was_sent_stops_nothing),
        JOB_TEST(a_pause_holds_the_rows_until_it_ends),
        JOB_TEST(a_resumed_replay_sends_the_rest),
        JOB_TEST(another_input_is_not_resumed),
        JOB_TEST(what_cannot_be_sent_stops_the_replay),
        JOB_TEST(or_is_left_out_and_told_of),
        JOB_TEST(a_sink_that_fails_or_closes_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
