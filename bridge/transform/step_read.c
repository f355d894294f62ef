/* A step compiled from its setting; see step.h and README.md. */
#include "bridge/transform/step.h"

#include "bridge/transform/words.h"
#include "common/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const step_kind_names[STEP_KINDS] = {"update-attribute",
    "evaluate-json", "split-json", "route", "convert-json", "merge", "log",
    "log-message"};

/* The words of a step from the second on, and how far they are read. */
struct reader {
    struct step *step;
    const struct words *words;
    size_t at;
    struct error *err;
};

/* ---- options: NAME=VALUE in front ---- */

struct choice {
    const char *word;
    int value;
};

static const struct choice booleans[] = {{"true", 1}, {"false", 0}, {NULL, 0}};

/* Is the next word NAME=...? Then *value is what stands behind and it is
 * taken. */
static bool take_option(struct reader *r, const char *name, const char **value)
{
    size_t n = strlen(name);
    const char *word;

    if (r->at == r->words->n) {
        return false;
    }
    word = r->words->all[r->at];
    if (strncmp(word, name, n) != 0 || word[n] != '=') {
        return false;
    }
    *value = word + n + 1;
    r->at++;
    return true;
}

static int choose(struct reader *r, const char *name, const char *value,
    const struct choice *choices, int *out)
{
    char all[160] = "";

    for (const struct choice *c = choices; c->word != NULL; c++) {
        if (strcmp(value, c->word) == 0) {
            *out = c->value;
            return 0;
        }
        (void)snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
            c == choices ? "" : ", ", c->word);
    }
    return error_set(r->err, "%s=%s: it is none of %s", name, value, all);
}

static int keep_text(struct reader *r, char **to, const char *value)
{
    free(*to);
    *to = strdup(value);
    return *to != NULL ? 0 : error_set(r->err, "out of memory");
}

/* ---- assignments ---- */

static int read_assignment(struct reader *r, bool is_path)
{
    const char *word = r->words->all[r->at];
    const char *equals = strchr(word, '=');
    struct assignment *a = &r->step->assignments[r->step->n_assignments];

    if (equals == NULL || equals == word) {
        return error_set(r->err, "'%s' is not of the form NAME=%s", word,
            is_path ? "PATH" : "EXPRESSION");
    }
    r->step->n_assignments++;
    a->name = strndup(word, (size_t)(equals - word));
    if (a->name == NULL) {
        return error_set(r->err, "out of memory");
    }
    if (is_path) {
        a->path = json_path_new(equals + 1, r->err);
        if (a->path != NULL && json_path_end(a->path) != JSON_PATH_ONE) {
            return error_set(r->err,
                "%s: a path to one value cannot end in [*] or .*; split-json "
                "takes those",
                word);
        }
    } else {
        a->expression = expression_new(equals + 1, r->err);
    }
    return a->path != NULL || a->expression != NULL
               ? 0
               : error_prefix(r->err, "%s: ", a->name);
}

static int read_assignments(struct reader *r, bool is_path)
{
    r->step->assignments = calloc(r->words->n, sizeof(*r->step->assignments));
    if (r->step->assignments == NULL) {
        return error_set(r->err, "out of memory");
    }
    if (r->at == r->words->n) {
        return error_set(
            r->err, "it has no NAME=%s", is_path ? "PATH" : "EXPRESSION");
    }
    for (; r->at < r->words->n; r->at++) {
        if (read_assignment(r, is_path) != 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- the kinds ---- */

static int read_evaluate(struct reader *r)
{
    static const struct choice not_founds[] = {{"ignore", NOT_FOUND_IGNORE},
        {"skip", NOT_FOUND_SKIP}, {"error", NOT_FOUND_ERROR}, {NULL, 0}};
    static const struct choice returns[] = {{"auto", RETURN_AUTO},
        {"scalar", RETURN_SCALAR}, {"json", RETURN_JSON}, {NULL, 0}};
    static const struct choice tos[] = {
        {"attribute", 0}, {"content", 1}, {NULL, 0}};
    const char *value;
    int chosen = 0, to = 0, rc = 0;

    for (;;) {
        /* A value that begins with $ is a path: an attribute's name may be
         * that of an option. */
        if (r->at < r->words->n && strstr(r->words->all[r->at], "=$") != NULL) {
            break;
        }
        if (take_option(r, "not_found", &value)) {
            rc = choose(r, "not_found", value, not_founds, &chosen);
            r->step->not_found = (enum not_found)chosen;
        } else if (take_option(r, "return", &value)) {
            rc = choose(r, "return", value, returns, &chosen);
            r->step->returns = (enum return_type)chosen;
        } else if (take_option(r, "to", &value)) {
            rc = choose(r, "to", value, tos, &to);
            r->step->to_content = to != 0;
        } else {
            break;
        }
        if (rc != 0) {
            return -1;
        }
    }
    if (read_assignments(r, true) != 0) {
        return -1;
    }
    return r->step->to_content && r->step->n_assignments != 1
               ? error_set(r->err, "to=content takes one NAME=PATH")
               : 0;
}

static int read_split(struct reader *r)
{
    if (r->words->n - r->at != 1) {
        return error_set(r->err, "it takes one path, such as $.rows[*]");
    }
    r->step->path = json_path_new(r->words->all[r->at++], r->err);
    return r->step->path != NULL ? 0 : -1;
}

bool step_keeps(const char *keep, const char *name)
{
    size_t n = strlen(name);

    for (const char *at = keep;; at += strcspn(at, ",") + 1) {
        if (strcspn(at, ",") == n && strncmp(at, name, n) == 0) {
            return true;
        }
        if (at[strcspn(at, ",")] == '\0') {
            return false;
        }
    }
}

/* Each name that is kept must be that of an expression, or unmatched. */
static int check_keep(struct reader *r)
{
    const struct step *s = r->step;
    const char *at = s->keep;
    size_t known = step_keeps(s->keep, "unmatched"), names = 1;

    for (size_t i = 0; i < s->n_assignments; i++) {
        known += step_keeps(s->keep, s->assignments[i].name);
    }
    for (; *at != '\0'; at++) {
        names += *at == ',';
    }
    return known == names
               ? 0
               : error_set(r->err,
                     "keep=%s: each must be the name of an expression behind "
                     "it, or unmatched",
                     s->keep);
}

static int read_route(struct reader *r)
{
    const char *value;

    if (!take_option(r, "keep", &value)) {
        return error_set(r->err,
            "keep=NAME[,NAME...] must come first: which of the routes go on");
    }
    return keep_text(r, &r->step->keep, value) == 0 &&
                   read_assignments(r, false) == 0
               ? check_keep(r)
               : -1;
}

static int read_convert(struct reader *r)
{
    static const struct choice nulls[] = {{"keep", 0}, {"drop", 1}, {NULL, 0}};
    const char *value;
    int drop = 0;

    if (take_option(r, "nulls", &value) &&
        choose(r, "nulls", value, nulls, &drop) != 0) {
        return -1;
    }
    r->step->drop_nulls = drop != 0;
    return 0;
}

static int read_level(struct reader *r, const char *value)
{
    static const struct choice levels[] = {{"trace", LOG_DEBUG},
        {"debug", LOG_DEBUG}, {"info", LOG_INFO}, {"warn", LOG_WARN},
        {"error", LOG_ERROR}, {NULL, 0}};
    int level = LOG_INFO;
    int rc = choose(r, "level", value, levels, &level);

    r->step->level = (enum log_level)level;
    return rc;
}

/* As Java's matches(): the whole name. */
static int read_regex(
    struct reader *r, const char *value, regex_t *regex, bool *is_set)
{
    char whole[1024];
    int rc;

    if (snprintf(whole, sizeof(whole), "^(%s)$", value) >= (int)sizeof(whole)) {
        return error_set(r->err, "'%.40s...' is too long", value);
    }
    rc = regcomp(regex, whole, REG_EXTENDED | REG_NOSUB);
    if (rc != 0) {
        char why[128];

        (void)regerror(rc, regex, why, sizeof(why));
        return error_set(
            r->err, "'%s' is no extended regular expression: %s", value, why);
    }
    *is_set = true;
    return 0;
}

static int read_expression(
    struct reader *r, const char *value, struct expression **to)
{
    expression_free(*to);
    *to = expression_new(value, r->err);
    return *to != NULL ? 0 : -1;
}

static int read_log(struct reader *r)
{
    struct step *s = r->step;
    const char *value;
    int payload = 0;

    for (;;) {
        int rc = 0;

        if (take_option(r, "level", &value)) {
            rc = read_level(r, value);
        } else if (take_option(r, "prefix", &value)) {
            rc = read_expression(r, value, &s->prefix);
        } else if (take_option(r, "id", &value)) {
            rc = keep_text(r, &s->id, value);
        } else if (take_option(r, "payload", &value)) {
            rc = choose(r, "payload", value, booleans, &payload);
            s->with_payload = payload != 0;
        } else if (!s->has_wanted && take_option(r, "attributes", &value)) {
            rc = read_regex(r, value, &s->wanted, &s->has_wanted);
        } else if (!s->has_ignored && take_option(r, "ignore", &value)) {
            rc = read_regex(r, value, &s->ignored, &s->has_ignored);
        } else {
            return 0;
        }
        if (rc != 0) {
            return -1;
        }
    }
}

static int read_log_message(struct reader *r)
{
    struct step *s = r->step;
    const char *value;
    int rc = 0;

    while (rc == 0) {
        if (take_option(r, "level", &value)) {
            rc = read_level(r, value);
        } else if (take_option(r, "id", &value)) {
            rc = keep_text(r, &s->id, value);
        } else if (take_option(r, "prefix", &value)) {
            rc = read_expression(r, value, &s->prefix);
        } else if (take_option(r, "message", &value)) {
            rc = read_expression(r, value, &s->message);
        } else {
            break;
        }
    }
    return rc == 0 && s->message == NULL
               ? error_set(r->err, "message=EXPRESSION is missing")
               : rc;
}

static int read_nothing(struct reader *r)
{
    (void)r;
    return 0;
}

static int read_update(struct reader *r)
{
    return read_assignments(r, false);
}

static int (*const readers[STEP_KINDS])(struct reader *r) = {read_update,
    read_evaluate, read_split, read_route, read_convert, read_nothing, read_log,
    read_log_message};

static int unknown_kind(const char *word, struct error *err)
{
    struct suggest near;
    char all[200] = "";

    suggest_start(&near, word);
    for (size_t i = 0; i < STEP_KINDS; i++) {
        suggest_offer(&near, step_kind_names[i]);
        (void)snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
            i > 0 ? ", " : "", step_kind_names[i]);
    }
    if (suggest_best(&near) != NULL) {
        return error_set(err, "unknown step '%s'; did you mean '%s'?", word,
            suggest_best(&near));
    }
    return error_set(err, "unknown step '%s'; there are %s", word, all);
}

static int read_words(
    struct step *s, const struct words *words, struct error *err)
{
    struct reader r = {s, words, 1, err};

    if (words->n == 0) {
        return error_set(err, "it is empty");
    }
    for (size_t i = 0; i < STEP_KINDS; i++) {
        if (strcmp(words->all[0], step_kind_names[i]) != 0) {
            continue;
        }
        s->kind = (enum step_kind)i;
        if (readers[i](&r) != 0) {
            return error_prefix(err, "%s: ", step_kind_names[i]);
        }
        return r.at == words->n ? 0
                                : error_set(err,
                                      "%s: '%s' is no option of it, or stands "
                                      "a second time",
                                      step_kind_names[i], words->all[r.at]);
    }
    return unknown_kind(words->all[0], err);
}

int step_read(struct step *s, const char *text, struct error *err)
{
    struct words words;
    int rc;

    *s = (struct step){.level = LOG_INFO};
    rc = words_read(text, &words, err);
    rc = rc == 0 ? read_words(s, &words, err) : rc;
    words_fini(&words);
    return rc;
}

void step_fini(struct step *s)
{
    for (size_t i = 0; i < s->n_assignments; i++) {
        free(s->assignments[i].name);
        expression_free(s->assignments[i].expression);
        json_path_free(s->assignments[i].path);
    }
    free(s->assignments);
    json_path_free(s->path);
    free(s->keep);
    free(s->id);
    expression_free(s->message);
    expression_free(s->prefix);
    if (s->has_wanted) {
        regfree(&s->wanted);
    }
    if (s->has_ignored) {
        regfree(&s->ignored);
    }
    *s = (struct step){0};
}
