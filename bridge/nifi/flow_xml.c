/*
 * Flows as XML: templates and flow.xml. expat's events build a small tree of
 * one component at a time (xml_tree), which is taken over (flow_xml_take) and
 * forgotten at its end; groups are not built but entered. A declaration of an
 * entity, or of any document type, ends the reading: NiFi writes none.
 *
 * A name says whether an element is entered, built, or passed over:
 *
 *   entered   what holds components: the root, groups, their lists
 *   built     a component, or a plain text of the group
 *   passed    the rest: labels, positions, reporting tasks
 */
#include "bridge/nifi/flow_file.h"
#include "bridge/nifi/flow_xml_take.h"
#include "bridge/nifi/xml_tree.h"

#include <expat.h>
#include <string.h>

#define MAX_DEPTH 300

struct level { /* an element that was entered */
    struct flow_group *group;
};

struct reading {
    struct flow *f;
    XML_Parser parser;
    struct level levels[MAX_DEPTH];
    int depth;   /* levels in use */
    int passing; /* depth within an element that is passed over */
    struct xml_tree tree;
    bool failed;
    struct error *err;
};

static void stop(struct reading *r)
{
    if (!r->failed) {
        r->failed = true;
        (void)error_prefix(r->err,
            "line %lu: ", (unsigned long)XML_GetCurrentLineNumber(r->parser));
    }
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static bool is_one_of(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(name, names)                                                 \
    is_one_of(name, names, sizeof(names) / sizeof((names)[0]))

static bool is_group(const struct reading *r, const char *name)
{
    static const char *const of_xml[] = {"rootGroup", "processGroup"};
    static const char *const of_template[] = {"snippet", "processGroups"};

    return r->f->format == FLOW_XML ? IS_ONE_OF(name, of_xml)
                                    : IS_ONE_OF(name, of_template);
}

/* Elements that only hold others. */
static bool is_shelf(const struct reading *r, const char *name)
{
    static const char *const of_xml[] = {
        "controllerServices", "parameterContexts"};
    static const char *const of_template[] = {"contents"};

    return r->f->format == FLOW_XML ? IS_ONE_OF(name, of_xml)
                                    : IS_ONE_OF(name, of_template);
}

static void enter(struct reading *r, struct flow_group *group)
{
    if (r->depth == MAX_DEPTH) {
        (void)error_set(r->err, "its elements nest deeper than any flow's");
        stop(r);
        return;
    }
    r->levels[r->depth++].group = group;
}

static void enter_group(struct reading *r, struct flow_group *parent)
{
    struct flow_group *g = flow_add_group(r->f, parent, r->err);

    if (g == NULL) {
        stop(r);
    } else {
        enter(r, g);
    }
}

static void take_root(
    struct reading *r, const char *name, const char **attributes)
{
    if (strcmp(name, "template") == 0) {
        r->f->format = FLOW_TEMPLATE;
    } else if (strcmp(name, "flowController") == 0) {
        r->f->format = FLOW_XML;
    } else {
        (void)error_set(r->err,
            "it is XML, but no flow of NiFi's: the root is <%.60s>, neither "
            "<template> nor <flowController>",
            name);
        stop(r);
        return;
    }
    for (; *attributes != NULL; attributes += 2) {
        if (strcmp(attributes[0], "encoding-version") == 0) {
            r->f->encoding = flow_text(r->f, slice_of(attributes[1]), r->err);
        }
    }
    enter(r, NULL);
}

static void XMLCALL on_start(
    void *user, const char *name, const char **attributes)
{
    struct reading *r = user;

    if (r->failed) {
        return;
    }
    if (r->passing > 0) {
        r->passing++;
    } else if (xml_tree_is_open(&r->tree)) {
        if (xml_tree_start(&r->tree, name, attributes, r->err) != 0) {
            stop(r);
        }
    } else if (r->depth == 0) {
        take_root(r, name, attributes);
    } else if (is_group(r, name)) {
        enter_group(r, r->levels[r->depth - 1].group);
    } else if (is_shelf(r, name)) {
        enter(r, r->levels[r->depth - 1].group);
    } else if (!flow_xml_is_wanted(name)) {
        r->passing = 1;
    } else if (xml_tree_start(&r->tree, name, attributes, r->err) != 0) {
        stop(r);
    }
}

static void XMLCALL on_end(void *user, const char *name)
{
    struct reading *r = user;

    (void)name;
    if (r->failed) {
        return;
    }
    if (r->passing > 0) {
        r->passing--;
        return;
    }
    if (!xml_tree_is_open(&r->tree)) {
        r->depth--;
        return;
    }
    xml_tree_end(&r->tree);
    if (!xml_tree_is_open(&r->tree)) {
        if (flow_xml_take(r->f, r->levels[r->depth - 1].group,
                xml_tree_root(&r->tree), r->err) != 0) {
            stop(r);
        }
        xml_tree_clear(&r->tree);
    }
}

static void XMLCALL on_text(void *user, const char *text, int n)
{
    struct reading *r = user;

    if (!r->failed && r->passing == 0 && xml_tree_is_open(&r->tree) &&
        xml_tree_text(&r->tree, (struct slice){text, (size_t)n}, r->err) != 0) {
        stop(r);
    }
}

static void XMLCALL on_doctype(void *user, const XML_Char *name,
    const XML_Char *system_id, const XML_Char *public_id, int has_subset)
{
    struct reading *r = user;

    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_subset;
    if (!r->failed) {
        (void)error_set(r->err,
            "a document type is declared (<!DOCTYPE); NiFi writes none, and "
            "naru reads no entities");
        stop(r);
    }
}

static int parse(struct reading *r, struct slice text)
{
    if (XML_Parse(r->parser, text.p, (int)text.len, 1) == XML_STATUS_OK ||
        r->failed) {
        return r->failed ? -1 : 0;
    }
    return error_set(r->err, "line %lu, column %lu: %s",
        (unsigned long)XML_GetCurrentLineNumber(r->parser),
        (unsigned long)XML_GetCurrentColumnNumber(r->parser) + 1,
        XML_ErrorString(XML_GetErrorCode(r->parser)));
}

int flow_xml_read(struct flow *f, struct slice text, struct error *err)
{
    struct reading r = {.f = f, .err = err};
    int rc;

    r.parser = XML_ParserCreate(NULL);
    if (r.parser == NULL) {
        return error_set(err, "out of memory");
    }
    xml_tree_init(&r.tree);
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    rc = parse(&r, text);
    if (rc == 0 && f->n_groups == 0) {
        rc = error_set(err, "it has no %s",
            f->format == FLOW_XML ? "<rootGroup>" : "<snippet>");
    }
    if (rc == 0 && f->groups[0]->name[0] == '\0' && f->title != NULL) {
        f->groups[0]->name = f->title;
    }
    xml_tree_fini(&r.tree);
    XML_ParserFree(r.parser);
    return rc;
}
