/* The processors between: into steps of [transform]. */
#include "bridge/nifi/expression.h"
#include "bridge/nifi/plan_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words of a step, gathered; what is too long is a finding at its end. */
struct words {
    struct plan *p;
    struct buf text;
};

static void words_start(struct words *w, struct plan *p, const char *kind)
{
    w->p = p;
    buf_init(&w->text, (size_t)1 << 20);
    p->failed |= buf_append_str(&w->text, kind) != 0;
}

static void words_add(struct words *w, const char *word)
{
    w->p->failed |= buf_append_char(&w->text, ' ') != 0 ||
                    buf_append_str(&w->text, plan_word(w->p, word)) != 0;
}

static const char *words_end(struct words *w)
{
    const char *text = arena_text(&w->p->arena, buf_slice(&w->text));

    w->p->failed |= text == NULL;
    buf_fini(&w->text);
    return text != NULL ? text : "";
}

/* Can it be written before the = of a step? */
static bool is_name(struct plan *p, const char *name)
{
    if (name[0] != '\0' && strpbrk(name, "=,\r\n") == NULL) {
        return true;
    }
    plan_find(p, PLAN_CANNOT,
        "the name '%s' has a '=', a comma or a line break, or is empty", name);
    return false;
}

/* Properties of the component's own that change nothing here. */
static void pass(struct plan *p, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        (void)plan_take(p, names[i], NULL, PLAN_PLAIN);
    }
}

static struct plan_value dynamic(struct plan *p, const struct flow_property *f)
{
    struct plan_value v = plan_resolve(p, f->name, f->value, PLAN_RECORD);

    if (plan_is_secret(f) || v.is_secret) {
        plan_find(p, PLAN_CANNOT, "the property '%s' is secret", f->name);
        v.text = "";
        v.is_secret = true;
    }
    return v;
}

/* ---- UpdateAttribute ---- */

static void make_update(struct plan *p, const struct flow_component *c)
{
    static const char *const passed[] = {"Stateful Variables Initial Value",
        "Cache Value Lookup Cache Size", "canonical-value-lookup-cache-size"};
    struct plan_value removed =
        plan_take(p, "Delete Attributes Expression", NULL, PLAN_RECORD);
    struct plan_value state =
        plan_take(p, "Store State", "Do not store state", PLAN_PLAIN);
    const struct flow_property *f;
    struct words w;
    size_t n = 0;

    pass(p, passed, 3);
    if (removed.text[0] != '\0') {
        plan_find(
            p, PLAN_CANNOT, "%s: naru removes no attributes", removed.property);
    }
    if (!plan_is(state.text, "Do not store state")) {
        plan_find(p, PLAN_CANNOT,
            "%s: naru keeps no state from record to record", state.property);
    }
    if (c->has_advanced_rules) {
        plan_find(p, PLAN_CANNOT,
            "it has rules of its 'Advanced' dialog, which naru does not read");
    }
    words_start(&w, p, "update-attribute");
    for (size_t i = 0; (f = plan_untaken(p, &i)) != NULL;) {
        struct plan_value v = dynamic(p, f);

        if (v.is_secret || !is_name(p, f->name) || !plan_expression(p, &v)) {
            continue;
        }
        words_add(&w, plan_text(p, "%s=%s", f->name, v.text));
        plan_row(p, &v, "the same, as %%{attr:%s} in patterns", f->name);
        n++;
    }
    if (n > 0) {
        plan_step(p, words_end(&w));
    } else {
        (void)words_end(&w);
    }
    /* All at once: its expressions do not see each other's values. */
    for (size_t i = 0; i < c->properties.n; i++) {
        plan_attribute(p, c->properties.items[i].name);
    }
}

/* ---- JSON ---- */

/* $.a.b[0] and $['a']; for splits also [*] and .* at the end. */
static bool is_simple_path(const char *path, bool is_split)
{
    const char *at = path;

    if (*at++ != '$') {
        return false;
    }
    while (*at != '\0') {
        size_t n;

        if (is_split && (strcmp(at, "[*]") == 0 || strcmp(at, ".*") == 0)) {
            return true;
        }
        if (*at == '.') {
            n = strcspn(++at, ".[]()?*@'\" ");
            if (n == 0) {
                return false;
            }
            at += n;
        } else if (at[0] == '[' && (at[1] == '\'' || at[1] == '"')) {
            char quote = at[1];

            at = strchr(at + 2, quote);
            if (at == NULL || at[1] != ']') {
                return false;
            }
            at += 2;
        } else if (*at == '[') {
            n = strspn(at + 1, "0123456789");
            if (n == 0 || n > 9 || at[1 + n] != ']') {
                return false;
            }
            at += n + 2;
        } else {
            return false;
        }
    }
    return true;
}

static bool check_path(
    struct plan *p, const struct plan_value *v, bool is_split)
{
    if (is_simple_path(v->text, is_split)) {
        return true;
    }
    plan_find(p, PLAN_CANNOT,
        "%s: the JSON path '%s' is more than naru reads: $.a.b[0]%s",
        v->property, v->text, is_split ? ", with [*] or .* at its end" : "");
    return false;
}

static const char *not_found_word(struct plan *p)
{
    struct plan_value v =
        plan_take(p, "Path Not Found Behavior", "ignore", PLAN_PLAIN);
    bool is_skip = plan_is(v.text, "skip");

    plan_row(p, &v,
        is_skip ? "not_found=skip: no attribute"
                : "not_found=ignore: an empty attribute");
    return is_skip ? "not_found=skip" : "not_found=ignore";
}

static const char *return_word(struct plan *p, bool to_content)
{
    struct plan_value v =
        plan_take(p, "Return Type", "auto-detect", PLAN_PLAIN);
    struct plan_value null = plan_take(
        p, "Null Value Default Representation", "empty string", PLAN_PLAIN);
    const char *word = plan_is(v.text, "json")     ? "return=json"
                       : plan_is(v.text, "scalar") ? "return=scalar"
                       : to_content                ? "return=json"
                                                   : "return=scalar";

    if (!plan_is(null.text, "empty string")) {
        plan_find(p, PLAN_CANNOT, "%s is '%s': naru gives an empty text",
            null.property, null.text);
    }
    plan_row(p, &v, "%s", word);
    return word;
}

static void make_evaluate(struct plan *p)
{
    struct plan_value destination =
        plan_take(p, "Destination", "flowfile-content", PLAN_PLAIN);
    bool to_content = plan_is(destination.text, "flowfile-content");
    const struct flow_property *f;
    struct words w;
    size_t n = 0;

    (void)plan_take(p, "Max String Length", NULL, PLAN_PLAIN);
    words_start(&w, p, "evaluate-json");
    words_add(&w, not_found_word(p));
    words_add(&w, return_word(p, to_content));
    if (to_content) {
        words_add(&w, "to=content");
    }
    plan_row(p, &destination,
        to_content ? "to=content: the value is replaced" : "attributes");
    for (size_t i = 0; (f = plan_untaken(p, &i)) != NULL;) {
        struct plan_value v = dynamic(p, f);

        if (v.is_secret || !is_name(p, f->name) || !check_path(p, &v, false)) {
            continue;
        }
        words_add(&w, plan_text(p, "%s=%s", f->name, v.text));
        plan_row(p, &v, "the same");
        plan_attribute(p, f->name);
        n++;
    }
    if (n == 0) {
        plan_find(p, PLAN_CANNOT, "it has no JSON path");
    } else if (to_content && n > 1) {
        plan_find(p, PLAN_CANNOT,
            "flowfile-content takes one JSON path; it has %zu", n);
    }
    plan_step(p, words_end(&w));
}

static void make_split(struct plan *p)
{
    struct plan_value v = plan_take(
        p, "JsonPath Expression|JSONPath Expression", NULL, PLAN_RECORD);
    struct plan_value null =
        plan_take(p, "Null Value Representation", "empty string", PLAN_PLAIN);
    struct words w;

    (void)plan_take(p, "Max String Length", NULL, PLAN_PLAIN);
    if (!plan_is(null.text, "empty string")) {
        plan_row(p, &null, "elements that are null are refused");
    }
    p->splits = true;
    if (v.text[0] == '\0') {
        plan_find(p, PLAN_CANNOT, "%s is not set", v.property);
        return;
    }
    if (!check_path(p, &v, true)) {
        return;
    }
    words_start(&w, p, "split-json");
    words_add(&w, v.text);
    plan_step(p, words_end(&w));
    plan_row(p, &v, "the same: a document each, ids end in %%{_split}");
    plan_attribute(p, "fragment.index");
    plan_attribute(p, "fragment.count");
}

static void make_convert(struct plan *p)
{
    bool drops = false;
    struct plan_value reader =
        plan_take(p, "record-reader|Record Reader", NULL, PLAN_PLAIN);
    struct plan_value writer =
        plan_take(p, "record-writer|Record Writer", NULL, PLAN_PLAIN);

    (void)plan_take(p,
        "include-zero-record-flowfiles|Include Zero Record FlowFiles", NULL,
        PLAN_PLAIN);
    plan_take_reader(p, &reader);
    plan_take_json_writer(p, &writer, &drops);
    plan_convert(p, drops);
    p->splits = true;
}

/* ---- MergeContent ---- */

static void make_merge(struct plan *p)
{
    static const char *const passed[] = {"Merge Strategy", "Merge Format",
        "Attribute Strategy", "merge-uncompressed-size",
        "Correlation Attribute Name", "mergecontent-metadata-strategy",
        "Minimum Number of Entries", "Minimum Group Size", "Maximum Group Size",
        "Maximum number of Bins", "Delimiter Strategy", "Header", "Header File",
        "Footer", "Footer File", "Demarcator", "Demarcator File",
        "Compression Level", "Keep Path", "Tar Modified Time",
        "Metadata Strategy", "Max Bin Count"};
    struct plan_value format =
        plan_take(p, "Merge Format", "Binary Concatenation", PLAN_PLAIN);
    struct plan_value most =
        plan_take(p, "Maximum Number of Entries", "1000", PLAN_PLAIN);
    struct plan_value age = plan_take(p, "Max Bin Age", NULL, PLAN_PLAIN);
    char *end;
    long n = strtol(most.text, &end, 10);
    int64_t ms;

    pass(p, passed, sizeof(passed) / sizeof(passed[0]));
    if (!plan_is(format.text, "Binary Concatenation")) {
        plan_find(p, PLAN_CANNOT,
            "%s is %s: naru takes MergeContent for a hint how large bulk "
            "requests are, not for a maker of files",
            format.property, format.text);
        return;
    }
    if (most.is_given && *end == '\0' && n >= 1 && n <= 1000000) {
        plan_set(p, "bridge.batch_docs", plan_text(p, "%ld", n), &most);
        plan_row(p, &most, "bridge.batch_docs = %ld at most", n);
    }
    if (age.text[0] != '\0' && plan_duration_ms(age.text, &ms) == 0) {
        ms = ms > 60000 ? 60000 : ms;
        plan_set(
            p, "bridge.linger_ms", plan_text(p, "%lld", (long long)ms), &age);
        plan_row(
            p, &age, "bridge.linger_ms = %lld (60 s at most)", (long long)ms);
    }
    plan_step(p, "merge");
    plan_find(p, PLAN_NOTE,
        "messages are not joined into one document: naru batches them in "
        "bulk requests itself");
}

/* ---- RouteOnAttribute ---- */

/* All of text is one ${...}: its inside, to be put in another. */
static const char *inside_of(struct plan *p, const char *text)
{
    size_t n = strlen(text);
    struct expression *e;
    const char *inside;
    bool is_whole;

    if (n < 4 || strncmp(text, "${", 2) != 0 || text[n - 1] != '}') {
        return NULL;
    }
    inside = plan_text(p, "%.*s", (int)n - 3, text + 2);
    /* "${a}-${b}" would also begin and end so: it has no sense inside. */
    e = expression_new(plan_text(p, "${%s:isEmpty()}", inside), NULL);
    is_whole = e != NULL;
    expression_free(e);
    return is_whole ? inside : NULL;
}

/* "matched" when all are true: one expression of all. */
static const char *all_of(
    struct plan *p, const char *so_far, const struct plan_value *v)
{
    const char *inside = inside_of(p, v->text);

    if (inside == NULL) {
        plan_find(p, PLAN_CANNOT,
            "%s: '%s' is no single expression, so that it cannot be joined "
            "with the others",
            v->property, v->text);
        return so_far;
    }
    return so_far == NULL ? inside
                          : plan_text(p, "%s:and(${%s})", so_far, inside);
}

static const char *kept_names(struct plan *p, const struct flow_hop *next,
    bool any_match, const struct flow_component *c)
{
    struct buf names;
    const char *text;

    buf_init(&names, 65536);
    for (size_t i = 0; i < next->in->relationships.n; i++) {
        const char *name = next->in->relationships.items[i];

        if (any_match && strcmp(name, "matched") == 0) {
            continue;
        }
        p->failed |= buf_printf(&names, "%s%s", names.len_bytes > 0 ? "," : "",
                         name) != 0;
    }
    if (any_match && flow_names_have(&next->in->relationships, "matched")) {
        for (size_t i = 0; i < c->properties.n; i++) {
            const char *name = c->properties.items[i].name;

            if (strcmp(name, "Routing Strategy") != 0 &&
                c->properties.items[i].value != NULL) {
                p->failed |= buf_printf(&names, "%s%s",
                                 names.len_bytes > 0 ? "," : "", name) != 0;
            }
        }
    }
    text = plan_text(p, "keep=%s", buf_str(&names));
    buf_fini(&names);
    return text;
}

static void make_route(
    struct plan *p, const struct flow_component *c, const struct flow_hop *next)
{
    struct plan_value strategy =
        plan_take(p, "Routing Strategy", "Route to Property name", PLAN_PLAIN);
    bool all = plan_is(strategy.text, "Route to 'match' if all match") ||
               plan_is(strategy.text, "Route to 'matched' if all match");
    bool any = plan_is(strategy.text, "Route to 'match' if any matches") ||
               plan_is(strategy.text, "Route to 'matched' if any matches");
    const char *joined = NULL;
    const struct flow_property *f;
    struct words w;

    words_start(&w, p, "route");
    words_add(&w, kept_names(p, next, any, c));
    for (size_t i = 0; (f = plan_untaken(p, &i)) != NULL;) {
        struct plan_value v = dynamic(p, f);

        if (v.is_secret || !is_name(p, f->name) || !plan_expression(p, &v)) {
            continue;
        }
        if (all) {
            joined = all_of(p, joined, &v);
        } else {
            words_add(&w, plan_text(p, "%s=%s", f->name, v.text));
        }
        plan_row(p, &v, "the same");
    }
    if (joined != NULL) {
        words_add(&w, plan_text(p, "matched=${%s}", joined));
    }
    plan_row(
        p, &strategy, "records that go elsewhere are skipped, and counted");
    plan_step(p, words_end(&w));
}

/* ---- what follows which relationship ---- */

static const char *good_relationship(enum catalog_class class)
{
    switch (class) {
    case CATALOG_EVALUATE_JSON:
        return "matched";
    case CATALOG_SPLIT_JSON:
        return "split";
    case CATALOG_MERGE:
        return "merged";
    default:
        return "success";
    }
}

/* By 'unmatched' NiFi sends what the paths find nothing in; naru sends on what
 * has no value as an attribute, along with the rest. */
static bool takes_unmatched(
    const struct flow_hop *hop, const struct flow_component *c)
{
    const struct flow_property *to =
        flow_list_find(&c->properties, "Destination");

    return flow_names_have(&hop->in->relationships, "matched") && to != NULL &&
           to->value != NULL && plan_is(to->value, "flowfile-attribute");
}

static void check_relationship(
    struct plan *p, const struct flow_hop *hop, const struct flow_component *c)
{
    enum catalog_class class = catalog_class_of(c);
    const char *good = good_relationship(class);

    if (class == CATALOG_ROUTE || class == CATALOG_OTHER || hop == NULL ||
        hop->in->from != c) {
        return;
    }
    for (size_t i = 0; i < hop->in->relationships.n; i++) {
        const char *name = hop->in->relationships.items[i];

        if (strcmp(name, good) != 0 &&
            !(class == CATALOG_EVALUATE_JSON &&
                strcmp(name, "unmatched") == 0 && takes_unmatched(hop, c))) {
            plan_find(p, PLAN_CANNOT,
                "the path goes on by its relationship '%s'; naru goes on by "
                "'%s' alone",
                name, good);
        }
    }
}

static void reject(struct plan *p, const struct flow_component *c)
{
    if (c->kind == FLOW_REMOTE) {
        plan_find(p, PLAN_CANNOT,
            "the path goes to another NiFi by a remote process group");
        return;
    }
    plan_find(p, PLAN_CANNOT,
        "naru does not know what a %s does (%s); the path goes through it",
        flow_class(c), c->type[0] != '\0' ? c->type : "no class");
}

void plan_make_step(
    struct plan *p, const struct flow_hop *hop, const struct flow_hop *next)
{
    const struct flow_component *c = hop->at;

    plan_begin(p, c);
    check_relationship(p, next, c);
    switch (catalog_class_of(c)) {
    case CATALOG_UPDATE_ATTRIBUTE:
        make_update(p, c);
        break;
    case CATALOG_EVALUATE_JSON:
        make_evaluate(p);
        break;
    case CATALOG_SPLIT_JSON:
        make_split(p);
        break;
    case CATALOG_CONVERT_RECORD:
        make_convert(p);
        break;
    case CATALOG_MERGE:
        make_merge(p);
        break;
    case CATALOG_ROUTE:
        make_route(p, c, next);
        break;
    case CATALOG_LOG_ATTRIBUTE:
    case CATALOG_LOG_MESSAGE:
        plan_make_log(p, c, false);
        break;
    default:
        reject(p, c);
        break;
    }
}
