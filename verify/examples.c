/* Findings in words; see examples.h. */
#include "verify/examples.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_BYTES 200 /* of a value */

void examples_init(struct examples *e, size_t most)
{
    memset(e, 0, sizeof(*e));
    e->most = most;
}

static void free_fields(struct example *x)
{
    for (size_t i = 0; i < x->n_fields; i++) {
        free(x->fields[i].name);
        free(x->fields[i].wanted);
        free(x->fields[i].found);
    }
    free(x->fields);
    x->fields = NULL;
    x->n_fields = 0;
}

static void fini(struct example *x)
{
    free_fields(x);
    free(x->id);
    free(x->place);
    free(x->why);
    if (x->content != NULL) {
        content_fini(x->content);
        free(x->content);
    }
}

void examples_fini(struct examples *e)
{
    for (int f = 0; f < FINDINGS; f++) {
        for (size_t i = 0; i < e->lists[f].n; i++) {
            fini(&e->lists[f].items[i]);
        }
        free(e->lists[f].items);
    }
    memset(e, 0, sizeof(*e));
}

bool examples_want(const struct examples *e, enum finding finding)
{
    return e->lists[finding].n < e->most;
}

static bool is_there(const struct example_list *list, uint64_t hash)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].hash == hash) {
            return true;
        }
    }
    return false;
}

static char *copy(struct slice s)
{
    char *text = malloc(s.len + 1);

    if (text != NULL) {
        if (s.len > 0) {
            memcpy(text, s.p, s.len);
        }
        text[s.len] = '\0';
    }
    return text;
}

static int fill(struct example *x, struct slice id, const char *place,
    const char *why, const struct content *content)
{
    x->id = copy(id);
    x->place = strdup(place);
    x->why = why != NULL ? strdup(why) : NULL;
    if (x->id == NULL || x->place == NULL || (why != NULL && x->why == NULL)) {
        return -1;
    }
    if (content == NULL) {
        return 0;
    }
    x->content = malloc(sizeof(*x->content));
    if (x->content == NULL) {
        return -1;
    }
    content_init(x->content);
    return content_copy(x->content, content);
}

int examples_add(struct examples *e, enum finding finding, uint64_t hash,
    struct slice id, const char *place, const char *why,
    const struct content *content)
{
    struct example_list *list = &e->lists[finding];

    if (!examples_want(e, finding) || is_there(list, hash)) {
        return 0;
    }
    if (list->items == NULL) {
        list->items = calloc(e->most, sizeof(*list->items));
        if (list->items == NULL) {
            return -1;
        }
    }
    list->items[list->n] = (struct example){.hash = hash};
    return fill(&list->items[list->n++], id, place, why, content);
}

void examples_prune(struct examples *e, const struct audit *audit)
{
    for (int f = FINDING_NONE + 1; f < FINDINGS; f++) {
        struct example_list *list = &e->lists[f];
        size_t kept = 0;

        for (size_t i = 0; i < list->n; i++) {
            struct example *x = &list->items[i];

            if (audit_has(
                    audit, audit_flags(audit, x->hash), (enum finding)f)) {
                list->items[kept++] = *x;
            } else {
                fini(x);
            }
        }
        list->n = kept;
    }
}

static char *shown(const struct content_field *f)
{
    struct slice text = f->text;

    if (text.len > SHOWN_BYTES) {
        text.len = SHOWN_BYTES;
    }
    return copy(text);
}

static int note_field(void *arg, struct slice name,
    const struct content_field *wanted, const struct content_field *found)
{
    struct example *x = arg;
    struct example_field *grown =
        realloc(x->fields, (x->n_fields + 1) * sizeof(*grown));
    struct example_field *f;

    if (grown == NULL) {
        return -1;
    }
    x->fields = grown;
    f = &x->fields[x->n_fields++];
    *f = (struct example_field){.name = copy(name),
        .wanted = wanted != NULL ? shown(wanted) : NULL,
        .found = found != NULL ? shown(found) : NULL};
    return f->name != NULL && (wanted == NULL || f->wanted != NULL) &&
                   (found == NULL || f->found != NULL)
               ? 0
               : -1;
}

static int explain(struct example *x, const struct content *reference)
{
    struct example fresh = {0};

    if (content_differences(reference, x->content, note_field, &fresh) != 0) {
        free_fields(&fresh);
        return -1;
    }
    if (fresh.n_fields > 0) { /* else it was compared with itself */
        free_fields(x);
        x->fields = fresh.fields;
        x->n_fields = fresh.n_fields;
    }
    return 0;
}

int examples_explain(
    struct examples *e, uint64_t hash, const struct content *reference)
{
    for (int f = 0; f < FINDINGS; f++) {
        for (size_t i = 0; i < e->lists[f].n; i++) {
            struct example *x = &e->lists[f].items[i];

            if (x->hash == hash && x->content != NULL &&
                explain(x, reference) != 0) {
                return -1;
            }
        }
    }
    return 0;
}
