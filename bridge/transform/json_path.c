/* A place in a JSON text; see json_path.h. Compiled to a list of moves. */
#include "bridge/transform/json_path.h"

#include "bridge/transform/json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct move {
    bool is_index;
    long index;
    struct slice name;
};

struct json_path {
    char *text; /* owned; names point into it */
    struct move *moves;
    size_t n_moves;
    enum json_path_end end;
};

static int bad(const struct json_path *p, const char *at, const char *why,
    struct error *err)
{
    return error_set(err,
        "path '%s', byte %zu: %s; a path is $ and then .name, ['name'] or [0]",
        p->text, (size_t)(at - p->text) + 1, why);
}

/* From behind '[' to behind ']'. Returns NULL with err. */
static const char *read_bracket(
    struct json_path *p, const char *at, struct error *err)
{
    struct move *m = &p->moves[p->n_moves];
    char *end;

    if (at[0] == '*' && at[1] == ']') {
        p->end = JSON_PATH_ELEMENTS;
        return at + 2;
    }
    if (*at == '\'' || *at == '"') {
        const char *close = strchr(at + 1, *at);

        if (close == NULL || close[1] != ']' || close == at + 1) {
            (void)bad(p, at, "a name in quotes does not end in ']", err);
            return NULL;
        }
        m->name = (struct slice){at + 1, (size_t)(close - at - 1)};
        p->n_moves++;
        return close + 2;
    }
    m->is_index = true;
    m->index = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : -1;
    if (m->index < 0 || *end != ']') {
        (void)bad(p, at, "neither a place such as 0 nor a name in quotes", err);
        return NULL;
    }
    p->n_moves++;
    return end + 1;
}

/* From behind '.' to the next part. */
static const char *read_name(
    struct json_path *p, const char *at, struct error *err)
{
    size_t n = strcspn(at, ".[]*'\"()?@ ");

    if (at[0] == '*') {
        p->end = JSON_PATH_ALL;
        return at + 1;
    }
    if (n == 0) {
        (void)bad(p, at, "a name is missing", err);
        return NULL;
    }
    p->moves[p->n_moves++].name = (struct slice){at, n};
    return at + n;
}

static int compile(struct json_path *p, struct error *err)
{
    const char *at = p->text;

    if (*at != '$') {
        return bad(p, at, "it does not begin with $", err);
    }
    at++;
    while (*at != '\0') {
        if (p->end != JSON_PATH_ONE) {
            return bad(p, at, "[*] and .* can only stand at the end", err);
        }
        if (*at == '[') {
            at = read_bracket(p, at + 1, err);
        } else if (*at == '.') {
            at = read_name(p, at + 1, err);
        } else {
            return bad(p, at, "neither . nor [", err);
        }
        if (at == NULL) {
            return -1;
        }
    }
    return 0;
}

struct json_path *json_path_new(const char *text, struct error *err)
{
    struct json_path *p = calloc(1, sizeof(*p));

    if (p == NULL || (p->text = strdup(text)) == NULL ||
        (p->moves = calloc(strlen(text) + 1, sizeof(*p->moves))) == NULL) {
        (void)error_set(err, "out of memory");
        json_path_free(p);
        return NULL;
    }
    if (compile(p, err) != 0) {
        json_path_free(p);
        return NULL;
    }
    return p;
}

void json_path_free(struct json_path *p)
{
    if (p != NULL) {
        free(p->text);
        free(p->moves);
        free(p);
    }
}

enum json_path_end json_path_end(const struct json_path *p)
{
    return p->end;
}

/* Of a name given twice the last counts, as Jackson has it, which NiFi reads
 * JSON with. */
static bool find_member(
    struct json_cursor *c, struct slice name, struct json_value *value)
{
    struct slice key;
    bool found = false;

    while (json_next_key(c, &key) == 1) {
        struct json_value v;

        if (json_read(c, &v) != 0) {
            return false;
        }
        if (json_text_is(key, name)) {
            *value = v;
            found = true;
        }
    }
    return found;
}

static bool find_element(
    struct json_cursor *c, long index, struct json_value *value)
{
    while (json_next_element(c) == 1) {
        if (json_read(c, value) != 0) {
            return false;
        }
        if (index-- == 0) {
            return true;
        }
    }
    return false;
}

bool json_path_find(
    const struct json_path *p, struct slice text, struct json_value *value)
{
    struct json_cursor c = json_cursor_of(text);

    if (json_read(&c, value) != 0) {
        return false;
    }
    for (size_t i = 0; i < p->n_moves; i++) {
        const struct move *m = &p->moves[i];

        if (value->kind != (m->is_index ? JSON_ARRAY : JSON_OBJECT)) {
            return false;
        }
        c = json_cursor_of(value->raw);
        if (json_enter(&c, m->is_index ? '[' : '{') != 0 ||
            !(m->is_index ? find_element(&c, m->index, value)
                          : find_member(&c, m->name, value))) {
            return false;
        }
    }
    return true;
}
