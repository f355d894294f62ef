/*
 * The sources of saved objects, read from the executable or from a folder.
 * Both give a list of (path, JSON); what a path means and what its file may
 * hold is the same for them.
 */
#include "kibana/sources.h"

#include "common/suggest.h"
#include "kibana/embedded.h"
#include "kibana/source_rules.h"
#include "mappings/shape.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 1024

const char *sources_text(const json_t *object, const char *key)
{
    const char *text = shape_text(object, key);

    return text != NULL ? text : "";
}

const char *sources_dataset(const struct sources *s)
{
    const char *named = shape_text(s->data_view, "dataset");

    if (named != NULL) {
        return named;
    }
    return strcmp(s->name, "pipeline") == 0 ? "metrics" : s->name;
}

/* Take one parsed file over; path is relative to its set. */
static int take_file(
    struct sources *s, const char *path, json_t *file, struct error *err)
{
    const char *slash = strchr(path, '/');
    char name[PATH_BYTES];
    json_t *to;
    int rc;

    if (slash == NULL) {
        s->data_view = file;
        return source_rules_data_view(file, err);
    }
    to = strncmp(path, "panels/", 7) == 0 ? s->panels : s->dashboards;
    (void)snprintf(
        name, sizeof(name), "%.*s", (int)strcspn(slash + 1, "."), slash + 1);
    rc = to == s->panels ? source_rules_panel(file, err)
                         : source_rules_dashboard(file, err);
    if (json_object_set_new(to, name, file) != 0) {
        return error_set(err, "out of memory");
    }
    return rc;
}

/* ---- from the executable ---- */

static int take_embedded(
    struct sources *s, const struct embedded_file *file, struct error *err)
{
    json_error_t slip;
    json_t *json = json_loadb(
        (const char *)file->bytes, *file->len, JSON_REJECT_DUPLICATES, &slip);

    if (json == NULL) {
        (void)error_set(
            err, "line %d, column %d: %s", slip.line, slip.column, slip.text);
    } else if (take_file(s, file->path, json, err) == 0) {
        return 0;
    }
    return error_prefix(err, "built-in %s/%s: ", file->set, file->path);
}

const char *sources_builtin_name(size_t i)
{
    const char *last = "";

    for (const struct embedded_file *f = kibana_embedded_files; f->set != NULL;
         f++) {
        if (strcmp(f->set, last) != 0 && i-- == 0) {
            return f->set;
        }
        last = f->set;
    }
    return NULL;
}

static int no_such_set(const char *name, struct error *err)
{
    const char *known;
    struct suggest s;

    suggest_start(&s, name);
    for (size_t i = 0; (known = sources_builtin_name(i)) != NULL; i++) {
        suggest_offer(&s, known);
    }
    if (suggest_best(&s) != NULL) {
        return error_set(err, "no saved objects for '%s'; did you mean '%s'?",
            name, suggest_best(&s));
    }
    (void)error_set(err, "no saved objects for '%s'; built in are", name);
    for (size_t i = 0; (known = sources_builtin_name(i)) != NULL; i++) {
        (void)error_set(err, "%s%s %s", err->text, i > 0 ? "," : "", known);
    }
    return error_set(err,
        "%s; a path such as ./%s is read as a folder of sources", err->text,
        name);
}

static int load_builtin(struct sources *s, const char *name, struct error *err)
{
    const struct embedded_file *f = kibana_embedded_files;

    (void)snprintf(s->name, sizeof(s->name), "%s", name);
    while (f->set != NULL && strcmp(f->set, name) != 0) {
        f++;
    }
    if (f->set == NULL) {
        return no_such_set(name, err);
    }
    for (; f->set != NULL && strcmp(f->set, name) == 0; f++) {
        if (take_embedded(s, f, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- from a folder ---- */

static int take_path(
    struct sources *s, const char *folder, const char *path, struct error *err)
{
    char whole[PATH_BYTES];
    json_error_t slip;
    json_t *json;

    if ((size_t)snprintf(whole, sizeof(whole), "%s/%s", folder, path) >=
        sizeof(whole)) {
        return error_set(err, "%.80s...: the path is too long", folder);
    }
    json = json_load_file(whole, JSON_REJECT_DUPLICATES, &slip);
    if (json == NULL && json_error_code(&slip) == json_error_cannot_open_file) {
        return error_set(err, "%s", slip.text); /* names the file itself */
    }
    if (json == NULL) {
        return error_set(err, "%s: line %d, column %d: %s", whole, slip.line,
            slip.column, slip.text);
    }
    return take_file(s, path, json, err) == 0
               ? 0
               : error_prefix(err, "%s: ", whole);
}

static int is_json(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return entry->d_name[0] != '.' && n > 5 &&
           strcmp(entry->d_name + n - 5, ".json") == 0;
}

/* All of one kind, in the order of their names. */
static int take_folder(
    struct sources *s, const char *folder, const char *kind, struct error *err)
{
    char path[PATH_BYTES];
    struct dirent **entries;
    int n, rc = 0;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, kind);
    n = scandir(path, &entries, is_json, alphasort);
    if (n < 0) {
        return error_set(err, "%s: %s", path, strerror(errno));
    }
    for (int i = 0; i < n; i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", kind, entries[i]->d_name);
        rc = rc == 0 ? take_path(s, folder, path, err) : rc;
        free(entries[i]);
    }
    free(entries);
    return rc;
}

/* "./mine/" and "/some/where/mine" are both the set "mine". */
static int load_folder(struct sources *s, const char *path, struct error *err)
{
    size_t n = strlen(path);
    const char *base;

    while (n > 1 && path[n - 1] == '/') {
        n--;
    }
    base = memrchr(path, '/', n);
    base = base != NULL ? base + 1 : path;
    (void)snprintf(
        s->name, sizeof(s->name), "%.*s", (int)(path + n - base), base);
    return take_path(s, path, "data_view.json", err) == 0 &&
                   take_folder(s, path, "dashboards", err) == 0
               ? take_folder(s, path, "panels", err)
               : -1;
}

int sources_load(struct sources *s, const char *name_or_path, struct error *err)
{
    *s = (struct sources){.dashboards = json_object(), .panels = json_object()};
    if (s->dashboards == NULL || s->panels == NULL) {
        return error_set(err, "out of memory");
    }
    if ((strchr(name_or_path, '/') != NULL
                ? load_folder(s, name_or_path, err)
                : load_builtin(s, name_or_path, err)) != 0) {
        return -1;
    }
    return source_rules_whole(s, err) == 0
               ? 0
               : error_prefix(err, "%s: ", name_or_path);
}

void sources_fini(struct sources *s)
{
    json_decref(s->data_view);
    json_decref(s->dashboards);
    json_decref(s->panels);
    *s = (struct sources){.name = ""};
}
