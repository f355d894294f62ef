/* Every record of a batch comes to one end, whatever is answered: the sender
 * between callers and a transport that keeps what it is given, so that each
 * case says what the engine answers. Records are told apart by tickets. */
#include "bridge/sender.h"

#include "tests/unit/failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define MOST_RECORDS 64
#define MOST_POSTS 16
#define BODY_BYTES ((size_t)1 << 20)

struct post {
    char body[4096];
    transport_done_fn done;
    void *arg;
};

/* Stands for transport.c, which is not linked. */
struct transport {
    struct post posts[MOST_POSTS]; /* under way, oldest first */
    size_t n;
    unsigned refuse; /* so many posts find no room */
};

int transport_post(struct transport *t, const char *path, struct slice body,
    transport_done_fn done, void *arg)
{
    struct post *p = &t->posts[t->n];

    assert_string_equal(path, "/m/_bulk");
    if (t->refuse > 0) {
        t->refuse--;
        return -1;
    }
    assert_true(t->n < MOST_POSTS && body.len < sizeof(p->body));
    memcpy(p->body, body.p, body.len);
    p->body[body.len] = '\0';
    p->done = done;
    p->arg = arg;
    t->n++;
    return 0;
}

struct scene {
    struct event_base *base;
    struct transport transport;
    struct sender *sender;
    int ends[MOST_RECORDS];     /* how often */
    char how[MOST_RECORDS][99]; /* an outcome's name, or the refusal */
    char values[MOST_RECORDS][32];
    unsigned stored;
    unsigned roomier;
};

static char topic[] = "t";
static struct partition home = {.topic = topic, .number = 1};

static void on_stored(
    void *arg, const struct doc *doc, const struct record *record)
{
    struct scene *s = arg;

    assert_int_equal(record->offset, doc->ticket);
    s->stored++;
}

static void on_ended(
    void *arg, const struct doc *docs, size_t n, enum outcome outcome)
{
    struct scene *s = arg;

    for (const struct doc *doc = docs; doc < docs + n; doc++) {
        s->ends[doc->ticket]++;
        (void)snprintf(s->how[doc->ticket], 99, "%s", outcome_names[outcome]);
    }
}

static void on_refused(void *arg, const struct doc *doc,
    const struct record *record, const struct refusal *why)
{
    struct scene *s = arg;

    s->ends[doc->ticket]++;
    (void)snprintf(s->how[doc->ticket], 99, "%d %s %s", why->status, why->type,
        why->reason);
    (void)snprintf(
        s->values[doc->ticket], 32, SLICE_FMT, SLICE_ARG(record->value));
}

static void on_roomier(void *arg)
{
    ((struct scene *)arg)->roomier++;
}

static const struct sender_calls calls = {
    on_stored, on_ended, on_refused, on_roomier};
static const struct sender_options options = {.max_in_flight = 4,
    .max_body_bytes = BODY_BYTES,
    .max_batch_bytes = BODY_BYTES,
    .max_docs = 20,
    .memory_bytes = 4 * BODY_BYTES,
    .retry_max_ms = 200,
    .path = "/m/_bulk"};

static void begin(struct scene *s)
{
    struct error err;

    memset(s, 0, sizeof(*s));
    s->base = event_base_new();
    assert_non_null(s->base);
    s->sender = sender_new(s->base, &s->transport, &options, &calls, s, &err);
    assert_non_null(s->sender);
}

static void end(struct scene *s)
{
    sender_free(s->sender);
    event_base_free(s->base);
}

static struct batch *batch_of(struct scene *s, uint64_t first, size_t n)
{
    struct batch *b = sender_take_idle(s->sender);

    assert_non_null(b);
    for (uint64_t t = first; t < first + n; t++) {
        char value[32];
        struct record r = {.topic = topic,
            .partition = 1,
            .offset = (int64_t)t,
            .has_value = true};
        struct doc doc = {
            .ticket = t, .partition = &home, .at_bytes = b->body.len_bytes};

        (void)snprintf(value, sizeof(value), "{\"n\":%d}", (int)t);
        r.value = slice_of(value);
        assert_int_equal(
            buf_printf(&b->body, "{\"index\":{}}\n%s\n", value), 0);
        doc.len_bytes = b->body.len_bytes - doc.at_bytes;
        assert_int_equal(batch_reserve(b), 0);
        assert_int_equal(batch_add(b, &doc, &r, true), 0);
    }
    return b;
}

static void submit(struct scene *s, uint64_t first, size_t n)
{
    sender_submit(s->sender, batch_of(s, first, n));
}

/* What is sent again waits some milliseconds. */
static void await_post(struct scene *s)
{
    while (s->transport.n == 0) {
        assert_int_equal(event_base_loop(s->base, EVLOOP_ONCE), 0);
    }
}

static void answer_as(struct scene *s, const struct transport_answer *a)
{
    struct post post;

    await_post(s);
    post = s->transport.posts[0];
    memmove(s->transport.posts, s->transport.posts + 1,
        sizeof(post) * --s->transport.n);
    post.done(post.arg, a);
}

static void answer(struct scene *s, long status, const char *body)
{
    answer_as(s, &(struct transport_answer){.status = status,
                     .body = slice_of(body),
                     .problem = "no answer",
                     .host = "http://e:9200",
                     .took_us = 1000});
}

/* The body under way holds these records, in order. */
static void expect_sent(struct scene *s, const uint64_t *tickets, size_t n)
{
    char want[4096] = "";

    await_post(s);
    for (size_t i = 0; i < n; i++) {
        size_t at = strlen(want);

        (void)snprintf(want + at, sizeof(want) - at,
            "{\"index\":{}}\n{\"n\":%d}\n", (int)tickets[i]);
    }
    assert_string_equal(s->transport.posts[0].body, want);
}

static void expect_end(struct scene *s, uint64_t ticket, const char *how)
{
    assert_int_equal(s->ends[ticket], 1);
    assert_string_equal(s->how[ticket], how);
}

static void expect_nothing_held(struct scene *s)
{
    assert_int_equal(s->transport.n, 0);
    assert_int_equal(sender_held_bytes(s->sender), 0);
    assert_int_equal(sender_flying(s->sender), 0);
}

#define ITEM(status) "{\"index\":{\"status\":" #status "}}"
#define REFUSED(status, type, reason)                                          \
    "{\"index\":{\"status\":" #status ",\"error\":{\"type\":\"" type           \
    "\",\"reason\":\"" reason "\"}}}"

static void each_record_ends_as_its_item_says(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    submit(&s, 0, 7);
    answer(&s, 200,
        "{\"items\":[" ITEM(201) "," REFUSED(400, "mapper", "bad") "," ITEM(
            429) "," REFUSED(409, "conflict",
            "old") "," ITEM(503) "," ITEM(200) "," ITEM(400) "]}");
    expect_end(&s, 0, "created");
    expect_end(&s, 1, "400 mapper bad");
    assert_string_equal(s.values[1], "{\"n\":1}");
    expect_end(&s, 3, "duplicate");
    expect_end(&s, 5, "updated");
    expect_end(&s, 6, "400  "); /* nothing was said of it */
    assert_int_equal(s.ends[2] + s.ends[4], 0);
    assert_int_equal(s.stored, 3);
    expect_sent(&s, (uint64_t[]){2, 4}, 2); /* those alone go again */
    answer(&s, 200, "{\"items\":[" ITEM(201) "," ITEM(201) "]}");
    expect_end(&s, 2, "created");
    expect_end(&s, 4, "created");
    assert_int_equal(sender_stats(s.sender)->items_again, 2);
    assert_int_equal(sender_stats(s.sender)->pushed_back, 1);
    expect_nothing_held(&s);
    end(&s);
}

static void an_index_that_is_missing_holds_all_and_loses_none(void **state)
{
    struct scene s;
    int64_t since;

    (void)state;
    begin(&s);
    submit(&s, 0, 3);
    answer(&s, 200,
        "{\"items\":[" REFUSED(404, "index_not_found_exception",
            "no such index") "," ITEM(201) "," REFUSED(403, "other", "") "]}");
    assert_string_equal(sender_blocked(s.sender, &since),
        "index_not_found_exception: no such index");
    assert_false(sender_takes_now(s.sender));
    expect_end(&s, 1, "created");
    expect_sent(&s, (uint64_t[]){0, 2}, 2);
    answer(&s, 200, "{\"items\":[" ITEM(201) "," ITEM(201) "]}");
    expect_end(&s, 0, "created");
    expect_end(&s, 2, "created");
    assert_null(sender_blocked(s.sender, &since));
    expect_nothing_held(&s);
    end(&s);
}

static void an_answer_that_does_not_fit_is_not_believed(void **state)
{
    static const char *const answers[] = {"{\"items\":[" ITEM(201) "]}",
        "{\"items\":[" ITEM(201) "," ITEM(201) "," ITEM(201) "]}",
        "{\"items\":[" ITEM(201) "," ITEM(201) "]", "<html>", "",
        "{\"items\":[" ITEM(201) "," ITEM(20) "]}"};
    struct scene s;
    int64_t since;

    (void)state;
    begin(&s);
    submit(&s, 0, 2);
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        expect_sent(&s, (uint64_t[]){0, 1}, 2);
        answer(&s, 200, answers[i]);
        assert_int_equal(s.ends[0] + s.ends[1], 0);
        assert_non_null(strstr(
            sender_blocked(s.sender, &since), "not one for our 2 items"));
    }
    answer(&s, 200, "{\"items\":[" ITEM(201) "," ITEM(200) "]}");
    expect_end(&s, 0, "created");
    expect_end(&s, 1, "updated");
    expect_nothing_held(&s);
    end(&s);
}

/* Whoever answers so refuses us, not the records. */
static void what_holds_the_request_is_told_in_the_engines_words(void **state)
{
    static char longest[1000];
    static const struct {
        long status;
        const char *body, *says;
    } cases[] = {
        {0, "", "http://e:9200: no answer"},
        {401, "{\"error\":{\"type\":\"x\",\"reason\":\"who are you\"}}",
            "http://e:9200: HTTP 401: who are you"},
        {403, "{\"error\":{\"type\":\"x\"}}",
            "http://e:9200: HTTP 403: {\"type\":\"x\"}"},
        {403, "{\"error\":\"text\"}", "http://e:9200: HTTP 403: text"},
        {404, "{\"status\":404}", "http://e:9200: HTTP 404: {\"status\":404}"},
        {406, "<html>", "http://e:9200: HTTP 406: <html>"},
        {503, "", "http://e:9200: HTTP 503: "},
        {400, "unrecognized parameter: [x]",
            "http://e:9200: HTTP 400: unrecognized parameter: [x]"},
        {429, longest, NULL},
        {301, "{\"error\":{\"reason\":", /* cut short */
            "http://e:9200: HTTP 301: {\"error\":{\"reason\":"},
        {302, "{\"error\":{\"reason\" 1}}", /* no JSON */
            "http://e:9200: HTTP 302: {\"reason\" 1}"},
    };
    struct scene s;
    int64_t since;

    (void)state;
    memset(longest, 'x', sizeof(longest) - 1);
    begin(&s);
    submit(&s, 0, 3);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *says;

        expect_sent(&s, (uint64_t[]){0, 1, 2}, 3);
        answer(&s, cases[i].status, cases[i].body);
        says = sender_blocked(s.sender, &since);
        if (cases[i].says != NULL) {
            assert_string_equal(says, cases[i].says);
        } else {
            assert_int_equal(
                strlen(says), strlen("http://e:9200: HTTP 429: ") + 300);
        }
    }
    answer_as(&s, &(struct transport_answer){.status = 502, .host = "h"});
    assert_string_equal(sender_blocked(s.sender, &since), "h: HTTP 502: ");
    assert_int_equal(s.ends[0] + s.ends[1] + s.ends[2], 0);
    answer(&s, 200, "{\"items\":[" ITEM(201) "," ITEM(201) "," ITEM(201) "]}");
    expect_nothing_held(&s);
    end(&s);
}

/* Silence is load; a broken connection is not. Either way nothing is lost. */
static void a_request_without_an_answer_goes_again(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    submit(&s, 0, 1);
    answer_as(&s, &(struct transport_answer){
                      .is_late = true, .host = "a", .problem = "time is up"});
    expect_sent(&s, (uint64_t[]){0}, 1);
    answer_as(&s, &(struct transport_answer){.host = "a", .problem = "reset"});
    expect_sent(&s, (uint64_t[]){0}, 1);
    answer(&s, 200, "{\"items\":[" ITEM(201) "]}");
    expect_end(&s, 0, "created");
    expect_nothing_held(&s);
    end(&s);
}

static void who_does_not_ask_is_not_told_what_is_stored(void **state)
{
    static const struct sender_calls few = {
        NULL, on_ended, on_refused, on_roomier};
    struct scene s;
    struct error err;

    (void)state;
    begin(&s);
    sender_free(s.sender);
    s.sender = sender_new(s.base, &s.transport, &options, &few, &s, &err);
    assert_non_null(s.sender);
    submit(&s, 0, 1);
    answer(&s, 200, "{\"items\":[" ITEM(201) "]}");
    expect_end(&s, 0, "created");
    assert_int_equal(s.stored, 0);
    assert_int_equal(s.roomier, 1);
    end(&s);
}

static void another_host_gets_it_at_once(void **state)
{
    struct scene s;
    int64_t since;

    (void)state;
    begin(&s);
    submit(&s, 0, 1);
    answer_as(&s, &(struct transport_answer){
                      .elsewhere = true, .host = "a", .problem = "refused"});
    assert_null(sender_blocked(s.sender, &since));
    assert_int_equal(s.transport.n, 1); /* without a wait */
    answer(&s, 200, "{\"items\":[" ITEM(201) "]}");
    expect_nothing_held(&s);
    end(&s);
}

/* The one bad record of the batch, wherever it is, is found by halves. */
static void a_record_that_spoils_the_body_is_found(void **state)
{
    (void)state;
    for (uint64_t bad = 0; bad < 9; bad++) {
        char value[32];
        struct scene s;
        unsigned requests = 0;

        begin(&s);
        (void)snprintf(value, sizeof(value), "{\"n\":%d}\n", (int)bad);
        submit(&s, 0, 9);
        while (s.transport.n > 0 && requests++ < 99) {
            const char *body = s.transport.posts[0].body;
            char items[1024] = "{\"items\":[" ITEM(201);

            if (strstr(body, value) != NULL) {
                answer(&s, 400,
                    "{\"error\":{\"type\":\"p\",\"reason\":\"no line\"}}");
                continue;
            }
            for (body = strstr(body, "\n{\"i"); body != NULL;
                 body = strstr(body + 1, "\n{\"i")) {
                (void)strcat(items, "," ITEM(201));
            }
            (void)strcat(items, "]}");
            answer(&s, 200, items);
        }
        for (uint64_t t = 0; t < 9; t++) {
            expect_end(&s, t,
                t == bad ? "400 request_refused http://e:9200: HTTP 400: no "
                           "line"
                         : "created");
        }
        expect_nothing_held(&s);
        end(&s);
    }
}

static void a_body_that_is_too_large_is_halved_and_remembered(void **state)
{
    struct scene s;
    size_t before;

    (void)state;
    begin(&s);
    before = sender_batch_ceiling(s.sender);
    submit(&s, 0, 2);
    answer(&s, 413, "");
    assert_true(sender_batch_ceiling(s.sender) < before);
    before = sender_batch_ceiling(s.sender);
    expect_sent(&s, (uint64_t[]){0}, 1);
    answer(&s, 413, "too much");
    expect_end(&s, 0, "413 request_refused http://e:9200: HTTP 413: too much");
    expect_sent(&s, (uint64_t[]){1}, 1);
    answer(&s, 200, "{\"items\":[" ITEM(201) "]}");
    /* One that is larger than what was refused says nothing new. */
    submit(&s, 2, 8);
    answer(&s, 413, "");
    assert_int_equal(sender_batch_ceiling(s.sender), before);
    for (int i = 0; i < 2; i++) {
        answer(&s, 200,
            "{\"items\":[" ITEM(201) "," ITEM(201) "," ITEM(201) "," ITEM(
                201) "]}");
    }
    expect_nothing_held(&s);
    end(&s);
}

static void without_memory_for_halves_it_goes_again_whole(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    submit(&s, 0, 2);
    await_post(&s);
    failing_memory_begin(0); /* the other half's batch */
    answer(&s, 400, "{}");
    assert_true(failing_memory_end());
    expect_sent(&s, (uint64_t[]){0, 1}, 2);
    failing_memory_begin(2); /* its docs */
    answer(&s, 400, "{}");
    assert_true(failing_memory_end());
    expect_sent(&s, (uint64_t[]){0, 1}, 2);
    answer(&s, 200, "{\"items\":[" ITEM(201) "," ITEM(201) "]}");
    expect_nothing_held(&s);
    end(&s);
}

static void what_the_transport_has_no_room_for_waits(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    s.transport.refuse = 2;
    submit(&s, 0, 1);
    assert_int_equal(s.transport.n, 0);
    assert_false(sender_takes_now(s.sender));
    assert_true(sender_held_bytes(s.sender) > 0);
    answer(&s, 200, "{\"items\":[" ITEM(201) "]}");
    expect_end(&s, 0, "created");
    expect_nothing_held(&s);
    end(&s);
}

/* Batches that wait because all had to are filled up to one; up to max_docs,
 * and not with what was sent before. */
static void what_waits_together_goes_together(void **state)
{
    struct scene s;
    uint64_t want[20];

    (void)state;
    begin(&s);
    submit(&s, 0, 1);
    answer(&s, 503, ""); /* the gate is shut: all wait */
    submit(&s, 1, 8);
    submit(&s, 9, 12);
    submit(&s, 21, 1);
    for (size_t i = 0; i < 20; i++) {
        want[i] = i + 1;
    }
    expect_sent(&s, (uint64_t[]){0}, 1);
    answer(&s, 200, "{\"items\":[" ITEM(201) "]}");
    expect_sent(&s, want, 20);
    end(&s); /* with requests under way and batches waiting */
    assert_int_equal(s.ends[0], 1);
}

static void a_sender_without_memory_is_told(void **state)
{
    struct scene s = {.base = event_base_new()};

    (void)state;
    for (unsigned long n = 0; s.sender == NULL; n++) {
        struct error err = {""};

        failing_memory_begin(n);
        s.sender = sender_new(s.base, &s.transport, &options, &calls, &s, &err);
        assert_true(failing_memory_end() == (s.sender == NULL));
        assert_string_equal(err.text, s.sender == NULL ? "out of memory" : "");
    }
    failing_memory_begin(0);
    assert_null(sender_take_idle(s.sender));
    assert_true(failing_memory_end());
    sender_free(NULL);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_record_ends_as_its_item_says),
        cmocka_unit_test(an_index_that_is_missing_holds_all_and_loses_none),
        cmocka_unit_test(an_answer_that_does_not_fit_is_not_believed),
        cmocka_unit_test(what_holds_the_request_is_told_in_the_engines_words),
        cmocka_unit_test(a_request_without_an_answer_goes_again),
        cmocka_unit_test(who_does_not_ask_is_not_told_what_is_stored),
        cmocka_unit_test(another_host_gets_it_at_once),
        cmocka_unit_test(a_record_that_spoils_the_body_is_found),
        cmocka_unit_test(a_body_that_is_too_large_is_halved_and_remembered),
        cmocka_unit_test(without_memory_for_halves_it_goes_again_whole),
        cmocka_unit_test(what_the_transport_has_no_room_for_waits),
        cmocka_unit_test(what_waits_together_goes_together),
        cmocka_unit_test(a_sender_without_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
