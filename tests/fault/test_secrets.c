/* A secret planted in each place that may hold one is nowhere to be seen: not
 * in the log, not in the settings shown, not at the admin port, not in the
 * process list, not in a core dump. */
#include "tests/fault/scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLANTED "hunter2" /* is part of each secret */
#define TOKEN "admin-" PLANTED "-token"

static char folder[] = "/tmp/naru-secrets-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[300];
    FILE *f;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* naru.conf stands in the working folder. */
static void plant(void)
{
    write_file("password", "es-" PLANTED "\n");
    write_file("naru.conf", "[kafka]\n"
                            "debug = all\n"
                            "sasl.username = me\n"
                            "sasl.password = kafka-" PLANTED "\n"
                            "[elasticsearch]\n"
                            "username = me\n"
                            "password_file = password\n"
                            "[kibana]\n"
                            "username = me\n"
                            "password = kibana-" PLANTED "\n");
    assert_int_equal(
        setenv("NARU_KAFKA_SSL_KEY_PASSWORD", "key-" PLANTED, 1), 0);
    assert_int_equal(
        setenv("NARU_KAFKA_SSL_KEYSTORE_PASSWORD", "o-" PLANTED, 1), 0);
    assert_int_equal(setenv("NARU_ADMIN_TOKEN", TOKEN, 1), 0);
    assert_int_equal(
        setenv("NARU_ELASTICSEARCH_CLIENT_KEY_PASSWORD", "ck-" PLANTED, 1), 0);
    assert_int_equal(setenv("NARU_KIBANA_PROXY_PASSWORD", "p-" PLANTED, 1), 0);
    assert_int_equal(setenv("NARU_KIBANA_PROXY_USERNAME", "me", 1), 0);
    assert_int_equal(setenv("NARU_KIBANA_PROXY", "http://p:1", 1), 0);
}

static int open_secrets(void **state)
{
    assert_non_null(mkdtemp(folder));
    plant();
    assert_int_equal(chdir(folder), 0);
    return scene_open_group(state);
}

static int close_secrets(void **state)
{
    char command[64];

    assert_int_equal(chdir("/"), 0);
    (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
    (void)!system(command);
    return scene_close_group(state);
}

static char *whole(const char *path)
{
    FILE *f = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;

    assert_non_null(f);
    if (getdelim(&text, &size, EOF, f) < 0) {
        text = strdup("");
    }
    (void)fclose(f);
    return text;
}

static void expect_unseen(const char *what, const char *text)
{
    const char *found = strstr(text, PLANTED);

    if (found != NULL) {
        fail_msg("%s shows a secret: %.80s", what,
            found - text > 40 ? found - 40 : text);
    }
}

static void expect_page_unseen(struct scene *s, const char *path)
{
    char *page = bridge_page(&s->bridge, path, "Authorization: Bearer " TOKEN);

    assert_non_null(page);
    assert_non_null(strstr(page, " 200 "));
    expect_unseen(path, page);
    free(page);
}

static void expect_arguments_unseen(const struct scene *s)
{
    char path[64], text[16384];
    size_t n;
    FILE *f;

    (void)snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)s->bridge.pid);
    f = fopen(path, "re");
    assert_non_null(f);
    n = fread(text, 1, sizeof(text), f);
    (void)fclose(f);
    assert_true(n > 0);
    assert_null(memmem(text, n, PLANTED, strlen(PLANTED)));
}

static void start(struct scene *s, const char *more)
{
    scene_produce(s, 50);
    scene_start(s, SCENE_FOR_EVER, "admin.log_level=debug",
        "admin.nifi_api=true", more, NULL);
    SCENE_AWAIT(scene_all_stored(s));
}

static void a_secret_is_nowhere_to_be_seen(void **state)
{
    struct scene *s = *state;
    char *log;

    start(s, NULL);
    expect_page_unseen(s, "/");
    expect_page_unseen(s, "/metrics");
    expect_page_unseen(s, "/status");
    expect_page_unseen(s, "/nifi-api/flow/status");
    expect_arguments_unseen(s);
    bridge_signal(&s->bridge, SIGHUP);
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "msg=\"reloaded;") > 0);
    scene_stop(s);
    log = whole(s->bridge.log_path);
    assert_non_null(strstr(log, "level=debug"));
    assert_non_null(strstr(log, "from=librdkafka"));
    expect_unseen("the log", log);
    free(log);
    scene_expect_done(s);
}

static char *output_of(const char *arguments)
{
    char command[1024], *text = NULL;
    size_t size = 0;
    FILE *f;

    (void)snprintf(command, sizeof(command), "%s bridge %s 2>&1",
        bridge_executable(), arguments);
    f = popen(command, "re");
    assert_non_null(f);
    if (getdelim(&text, &size, EOF, f) < 0) {
        text = strdup("");
    }
    (void)pclose(f);
    return text;
}

static void settings_are_shown_without_secrets(void **state)
{
    struct scene *s = *state;
    char *text = output_of("--print-config");

    expect_unseen("--print-config", text);
    assert_non_null(strstr(text, "\npassword_file = password "));
    assert_non_null(strstr(text, "\ntoken = (hidden) "));
    assert_non_null(strstr(text, "sasl.password = (hidden) "));
    free(text);
    text = output_of("--print-config "
                     "--set elasticsearch.hosts=http://me:" PLANTED "@h:1");
    expect_unseen("--print-config of an address", text);
    assert_non_null(strstr(text, "http://(hidden)@h:1"));
    free(text);
    s->open = false;
}

static void what_is_wrong_is_told_without_secrets(void **state)
{
    static const char *const cases[] = {
        "--set elasticsearch.hosts=http://me:" PLANTED "@h:1 "
        "--set bridge.topics=t --set bridge.index=i",
        "--set elasticsearch.proxy=http://me:" PLANTED "@h:1 "
        "--set bridge.topics=t --set bridge.index=i",
        "--set kafka.sasl.password=" PLANTED,
        "--set elasticsearch.password=" PLANTED,
        "--set elasticsearch.api_key=" PLANTED,
        "--set admin.token=" PLANTED,
    };
    struct scene *s = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = output_of(cases[i]);

        expect_unseen(cases[i], text);
        assert_non_null(strstr(text, "naru bridge: "));
        free(text);
    }
    s->open = false;
}

/* ---- the admin port ---- */

static void expect_status(
    struct scene *s, const char *path, const char *header, const char *status)
{
    char *page = bridge_page(&s->bridge, path, header);

    assert_non_null(page);
    if (strstr(page, status) == NULL) {
        fail_msg("%s, %s: %.200s", path, header, page);
    }
    free(page);
}

static void who_shows_no_token_sees_health_and_metrics_only(void **state)
{
    static const char *const open[] = {"/metrics", "/healthz", "/readyz"};
    static const char *const shut[] = {
        "/", "/status", "/events", "/nifi-api/flow/status"};
    struct scene *s = *state;
    char cookie[200] = "", *page, *set;

    start(s, NULL);
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        expect_status(s, open[i], NULL, " 200 ");
    }
    for (size_t i = 0; i < sizeof(shut) / sizeof(shut[0]); i++) {
        expect_status(s, shut[i], NULL, " 401 ");
        expect_status(s, shut[i], "Authorization: Bearer wrong", " 401 ");
        expect_status(s, shut[i], "Authorization: Basic " TOKEN, " 401 ");
    }
    expect_status(s, "/?token=wrong", NULL, " 401 ");
    page = bridge_page(&s->bridge, "/?token=" TOKEN, NULL);
    assert_non_null(strstr(page, " 303 "));
    assert_non_null(strstr(page, "Location: /\r\n"));
    set = strstr(page, "Set-Cookie: ");
    assert_non_null(set);
    assert_non_null(strstr(set, "HttpOnly; SameSite=Strict"));
    expect_unseen("the cookie", page);
    (void)snprintf(cookie, sizeof(cookie), "Cookie: a=b; %.*s",
        (int)strcspn(set + 12, ";"), set + 12);
    free(page);
    expect_status(s, "/status", cookie, " 200 ");
    cookie[strlen(cookie) - 1] ^= 1;
    expect_status(s, "/status", cookie, " 401 ");
    scene_stop(s);
    scene_expect_done(s);
}

/* ---- core dumps ---- */

static bool dies_with_core(struct scene *s, const char *more)
{
    start(s, more);
    bridge_signal(&s->bridge, SIGABRT);
    assert_int_equal(
        bridge_wait(&s->bridge, SCENE_LIMIT_MS), BRIDGE_KILLED_BY + SIGABRT);
    s->open = false;
    return s->bridge.dumped_core;
}

static void let_cores_be(void)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_CORE, &limit), 0);
}

static void a_crash_leaves_no_core_dump(void **state)
{
    let_cores_be();
    assert_false(dies_with_core(*state, NULL));
}

/* Which shows that the case before could have failed. */
static void a_crash_leaves_one_when_that_is_wanted(void **state)
{
    let_cores_be();
    if (!dies_with_core(*state, "admin.core_dumps=true")) {
        (void)printf("this machine makes no core dumps\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(a_secret_is_nowhere_to_be_seen),
        SCENE_CASE(settings_are_shown_without_secrets),
        SCENE_CASE(what_is_wrong_is_told_without_secrets),
        SCENE_CASE(who_shows_no_token_sees_health_and_metrics_only),
        SCENE_CASE(a_crash_leaves_no_core_dump),
        SCENE_CASE(a_crash_leaves_one_when_that_is_wanted),
    };

    scene_choose_cases();
    return cmocka_run_group_tests(cases, open_secrets, close_secrets);
}
