/* Hosts and credentials from [elasticsearch]. */
#include "common/endpoint.h"

#include "scratch_file.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define MOST_SETTINGS 4

/* "name=value" without the section; NULL ends them. */
static struct config *config_of(const char *const *settings)
{
    struct config *c = config_new(&endpoint_settings, 1);
    struct error err;

    assert_non_null(c);
    for (; *settings != NULL; settings++) {
        char line[600];

        (void)snprintf(line, sizeof(line), "elasticsearch.%s", *settings);
        if (config_set(c, line, &err) != 0) {
            fail_msg("%s", err.text);
        }
    }
    return c;
}

static struct endpoint *endpoint_of(
    const char *const *settings, struct error *err)
{
    struct config *c = config_of(settings);
    struct endpoint *e;

    err->text[0] = '\0';
    e = endpoint_new(c, err);
    config_free(c);
    return e;
}

static struct endpoint *endpoint_at(const char *hosts, struct error *err)
{
    char line[512];
    const char *settings[] = {line, NULL};

    (void)snprintf(line, sizeof(line), "hosts=%s", hosts);
    return endpoint_of(settings, err);
}

static void hosts_are_read_from_a_list(void **state)
{
    static const struct {
        const char *list;
        size_t n;
        const char *hosts[3];
    } cases[] = {
        {"http://a:9200", 1, {"http://a:9200"}},
        {"http://a:9200/", 1, {"http://a:9200"}},
        {"http://a:9200//,", 1, {"http://a:9200"}},
        {" http://a:1 ,\thttps://b:2/ , http://c:3", 3,
            {"http://a:1", "https://b:2", "http://c:3"}},
        {",http://a:1,,http://b:2,", 2, {"http://a:1", "http://b:2"}},
        {"http://[::1]:9200", 1, {"http://[::1]:9200"}},
        {"https://proxy/es", 1, {"https://proxy/es"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err;
        struct endpoint *e = endpoint_at(cases[i].list, &err);

        if (e == NULL) {
            fail_msg("%s: %s", cases[i].list, err.text);
        }
        assert_int_equal(endpoint_host_count(e), cases[i].n);
        for (size_t k = 0; k < cases[i].n; k++) {
            assert_string_equal(endpoint_host(e, k), cases[i].hosts[k]);
        }
        endpoint_free(e);
    }
}

static void the_default_is_one_local_host(void **state)
{
    const char *none[] = {NULL};
    struct error err;
    struct endpoint *e = endpoint_of(none, &err);

    (void)state;
    assert_non_null(e);
    assert_int_equal(endpoint_host_count(e), 1);
    assert_string_equal(endpoint_host(e, 0), "http://127.0.0.1:19200");
    endpoint_free(e);
    endpoint_free(NULL);
}

static void what_is_no_address_is_refused_with_its_origin(void **state)
{
    static const char *const cases[] = {"a:9200", "ftp://a:9200", "http:/a",
        "http://", "http://a b:1", "http://a:99999", "http://a:x",
        "http://a:1,b:2", "http://a:1?pretty", "http://a:1/#top"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err;
        struct endpoint *e = endpoint_at(cases[i], &err);

        if (e != NULL ||
            strncmp(err.text, "--set: elasticsearch.hosts: '", 29) != 0 ||
            strstr(err.text, "http://host:port") == NULL) {
            endpoint_free(e);
            fail_msg("%s: %s", cases[i], err.text);
        }
    }
}

static void a_list_without_a_host_is_refused(void **state)
{
    static const char *const cases[] = {"", " ", ",", " , "};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err;

        assert_null(endpoint_at(cases[i], &err));
        assert_string_equal(err.text,
            "--set: elasticsearch.hosts is empty; give http://host:port");
    }
}

static void a_user_in_an_address_is_refused_and_not_repeated(void **state)
{
    static const char *const cases[] = {"http://me:hunter2@a:9200",
        "http://me@a:9200", "http://:hunter2@a:9200", "http://@a:9200",
        "http://a:1,https://me:hunter2@b:2", "htp://me:hunter2@a:9200",
        "me:hunter2@a:9200", "http://me:hunter2@a:99999"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err;
        struct endpoint *e = endpoint_at(cases[i], &err);

        if (e != NULL || strstr(err.text, "hunter2") != NULL ||
            strstr(err.text, "password_file") == NULL) {
            endpoint_free(e);
            fail_msg("%s: %s", cases[i], err.text);
        }
    }
}

/* ---- logging in ---- */

static void credentials_that_do_not_fit_together_are_refused(void **state)
{
    static const struct {
        const char *settings[MOST_SETTINGS];
        const char *says;
    } cases[] = {
        {{"username=u", "password_file=p", "api_key_file=k", NULL},
            "--set: elasticsearch.username and elasticsearch.api_key_file are "
            "two ways to log in; keep one"},
        {{"username=u", "api_key_file=k", NULL},
            "--set: elasticsearch.username needs elasticsearch.password_file"},
        {{"username=u", NULL}, "--set: elasticsearch.username needs "
                               "elasticsearch.password_file"},
        {{"password_file=p", NULL}, "--set: elasticsearch.password_file needs "
                                    "elasticsearch.username"},
        {{"password_file=p", "api_key_file=k", NULL},
            "--set: elasticsearch.password_file needs elasticsearch.username"},
        {{"username=u", "password_file=no/such/file", NULL},
            "--set: elasticsearch.password_file: no/such/file: No such file "
            "or directory"},
        {{"api_key_file=k", "bearer_token_file=t", NULL},
            "--set: elasticsearch.api_key_file and "
            "elasticsearch.bearer_token_file are two ways to log in; keep one"},
        {{"proxy=http://p:1", "proxy_username=u", NULL},
            "--set: elasticsearch.proxy_username needs "
            "elasticsearch.proxy_password_file"},
        {{"proxy=http://me:pw@p:1", NULL},
            "--set: elasticsearch.proxy: leave the user and password out of "
            "the address; use elasticsearch.proxy_username and "
            "elasticsearch.proxy_password_file"},
        {{"hosts=http://a:1,https://b:2",
             "fingerprint=0123456789abcdef0123456789abcdef0123456789abcdef"
             "0123456789abcdef",
             NULL},
            "--set: elasticsearch.fingerprint says nothing of http://a:1: "
            "without TLS there is no certificate; is it https://?"},
        {{"api_key_file=no/such/file", NULL},
            "--set: elasticsearch.api_key_file: no/such/file: No such file or "
            "directory"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err;
        struct endpoint *e = endpoint_of(cases[i].settings, &err);

        if (e != NULL || strcmp(err.text, cases[i].says) != 0) {
            endpoint_free(e);
            fail_msg("case %zu: %s", i, err.text);
        }
    }
}

/* An endpoint whose user or API key is in a file of that text. */
static struct endpoint *with_secret(
    const char *text, bool is_key, struct error *err)
{
    char line[512];
    const char *settings[] = {line, is_key ? NULL : "username=u", NULL};
    struct scratch_file f;
    struct endpoint *e;

    scratch_file_write(&f, text, strlen(text));
    (void)snprintf(line, sizeof(line), "%s=%s",
        is_key ? "api_key_file" : "password_file", f.path);
    e = endpoint_of(settings, err);
    scratch_file_remove(&f);
    return e;
}

static void expect_headers(
    struct endpoint *e, const char *type, const char *const *want)
{
    struct curl_slist *list = endpoint_headers(e, type);

    assert_non_null(list);
    for (struct curl_slist *h = list; h != NULL; h = h->next) {
        assert_non_null(*want);
        assert_string_equal(h->data, *want++);
    }
    assert_null(*want);
    curl_slist_free_all(list);
}

static void an_api_key_is_the_first_line_of_its_file(void **state)
{
    static const char *const files[] = {
        "c2VjcmV0", "c2VjcmV0\n", "c2VjcmV0\r\nmore\n"};
    static const char *const bare[] = {
        "Expect:", "Authorization: ApiKey c2VjcmV0", NULL};
    static const char *const typed[] = {"Content-Type: application/json",
        "Expect:", "Authorization: ApiKey c2VjcmV0", NULL};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct error err;
        struct endpoint *e = with_secret(files[i], true, &err);

        assert_non_null(e);
        expect_headers(e, NULL, bare);
        expect_headers(e, "application/json", typed);
        endpoint_free(e);
    }
}

static void expect_key(struct endpoint *e, const char *key)
{
    char line[128];
    const char *const want[] = {"Expect:", line, NULL};

    (void)snprintf(line, sizeof(line), "Authorization: ApiKey %s", key);
    expect_headers(e, NULL, want);
}

static void write_over(const struct scratch_file *f, const char *text)
{
    FILE *to = fopen(f->path, "w");

    assert_non_null(to);
    assert_true(fputs(text, to) >= 0);
    assert_int_equal(fclose(to), 0);
}

static void a_refused_login_reads_its_file_again_but_not_at_once(void **state)
{
    char line[512];
    const char *settings[] = {line, NULL};
    struct scratch_file f;
    struct endpoint *e;
    struct error err;

    (void)state;
    scratch_file_write(&f, "first\n", 6);
    (void)snprintf(line, sizeof(line), "api_key_file=%s", f.path);
    e = endpoint_of(settings, &err);
    assert_non_null(e);
    write_over(&f, "second\n");
    assert_false(endpoint_refused(e, 200));
    assert_false(endpoint_refused(e, 403));
    expect_key(e, "first");
    assert_true(endpoint_refused(e, 401));
    expect_key(e, "second");
    write_over(&f, "third\n");
    assert_false(endpoint_refused(e, 401)); /* not long ago */
    expect_key(e, "second");
    endpoint_free(e);
    scratch_file_remove(&f);
}

static void a_reload_takes_all_anew_or_leaves_all_as_it_was(void **state)
{
    char line[512];
    const char *settings[] = {line, NULL};
    const char *bad_settings[] = {line, "ca_file=no/such/file", NULL};
    struct scratch_file f;
    struct config *c, *bad;
    struct endpoint *e;
    struct error err;

    (void)state;
    scratch_file_write(&f, "first\n", 6);
    (void)snprintf(line, sizeof(line), "api_key_file=%s", f.path);
    e = endpoint_of(settings, &err);
    c = config_of(settings);
    bad = config_of(bad_settings);
    write_over(&f, "second\n");
    assert_int_equal(endpoint_renew(e, bad, &err), -1);
    assert_non_null(strstr(err.text, "no/such/file"));
    expect_key(e, "first");
    assert_int_equal(endpoint_renew(e, c, &err), 0);
    expect_key(e, "second");
    endpoint_free(e);
    config_free(c);
    config_free(bad);
    scratch_file_remove(&f);
}

static void without_credentials_no_header_tells_of_any(void **state)
{
    static const char *const want[] = {
        "Content-Type: application/x-ndjson", "Expect:", NULL};
    struct error err;
    struct endpoint *e = endpoint_at("http://a:1", &err);

    (void)state;
    assert_non_null(e);
    expect_headers(e, "application/x-ndjson", want);
    endpoint_free(e);
}

static void a_secret_file_without_a_secret_is_refused(void **state)
{
    static const char *const files[] = {"", "\n", "\r\n", "\nsecond line\n"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        for (int is_key = 0; is_key < 2; is_key++) {
            struct error err;
            struct endpoint *e = with_secret(files[i], is_key != 0, &err);

            assert_null(e);
            assert_non_null(
                strstr(err.text, "the first line of the file is empty"));
        }
    }
}

static void a_secret_longer_than_can_be_read_is_refused(void **state)
{
    static char text[20000];
    struct error err;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    assert_null(with_secret(text, true, &err));
    assert_non_null(strstr(err.text, "longer than"));
    assert_null(strstr(err.text, "xxx"));
}

static void a_handle_gets_the_host_and_the_path(void **state)
{
    struct error err;
    struct endpoint *e = endpoint_at("http://a:1,http://b:2/es/", &err);
    CURL *easy = curl_easy_init();
    char path[5000];
    const char *url = NULL;

    (void)state;
    assert_non_null(e);
    assert_non_null(easy);
    assert_int_equal(endpoint_prepare(e, easy, 1, "/_bulk?x=1"), 0);
    assert_int_equal(
        curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url), CURLE_OK);
    assert_string_equal(url, "http://b:2/es/_bulk?x=1");
    memset(path, 'x', sizeof(path));
    path[0] = '/';
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(endpoint_prepare(e, easy, 0, path), -1);
    curl_easy_cleanup(easy);
    endpoint_free(e);
}

static void kibana_has_a_section_of_its_own(void **state)
{
    const struct config_table tables[] = {
        endpoint_settings, endpoint_kibana_settings};
    struct config *c = config_new(tables, COUNT_OF(tables));
    struct error err;
    struct endpoint *e;

    (void)state;
    assert_int_equal(
        config_set(c, "kibana.hosts=https://k:5601/base/", &err), 0);
    e = endpoint_new_of(c, "kibana", &err);
    assert_non_null(e);
    assert_string_equal(endpoint_host(e, 0), "https://k:5601/base");
    endpoint_free(e);
    e = endpoint_new(c, &err);
    assert_non_null(e);
    assert_string_equal(endpoint_host(e, 0), "http://127.0.0.1:19200");
    endpoint_free(e);
    assert_int_equal(config_set(c, "kibana.username=kim", &err), 0);
    assert_null(endpoint_new_of(c, "kibana", &err));
    assert_string_equal(
        err.text, "--set: kibana.username needs kibana.password_file");
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_read_from_a_list),
        cmocka_unit_test(the_default_is_one_local_host),
        cmocka_unit_test(what_is_no_address_is_refused_with_its_origin),
        cmocka_unit_test(a_list_without_a_host_is_refused),
        cmocka_unit_test(a_user_in_an_address_is_refused_and_not_repeated),
        cmocka_unit_test(credentials_that_do_not_fit_together_are_refused),
        cmocka_unit_test(an_api_key_is_the_first_line_of_its_file),
        cmocka_unit_test(without_credentials_no_header_tells_of_any),
        cmocka_unit_test(a_secret_file_without_a_secret_is_refused),
        cmocka_unit_test(a_secret_longer_than_can_be_read_is_refused),
        cmocka_unit_test(a_refused_login_reads_its_file_again_but_not_at_once),
        cmocka_unit_test(a_reload_takes_all_anew_or_leaves_all_as_it_was),
        cmocka_unit_test(a_handle_gets_the_host_and_the_path),
        cmocka_unit_test(kibana_has_a_section_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
