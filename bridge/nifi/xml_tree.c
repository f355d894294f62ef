/* See xml_tree.h. */
#include "bridge/nifi/xml_tree.h"

#include <string.h>

void xml_tree_init(struct xml_tree *t)
{
    *t = (struct xml_tree){0};
    arena_init(&t->arena, XML_TREE_MAX_BYTES);
    buf_init(&t->text, XML_TREE_MAX_BYTES);
}

void xml_tree_fini(struct xml_tree *t)
{
    arena_fini(&t->arena);
    buf_fini(&t->text);
}

void xml_tree_clear(struct xml_tree *t)
{
    arena_fini(&t->arena);
    arena_init(&t->arena, XML_TREE_MAX_BYTES);
    buf_clear(&t->text);
    t->root = t->open = NULL;
    t->depth = 0;
}

bool xml_tree_is_open(const struct xml_tree *t)
{
    return t->open != NULL;
}

const struct xml_node *xml_tree_root(const struct xml_tree *t)
{
    return t->root;
}

static int too_large(struct error *err)
{
    return error_set(err, "an element is larger than any of NiFi's");
}

static struct xml_node *new_node(struct xml_tree *t, const char *name)
{
    struct xml_node *n = arena_alloc(&t->arena, sizeof(*n));

    if (n != NULL) {
        n->name = arena_text(&t->arena, slice_of(name));
        n->text = "";
    }
    return n != NULL && n->name != NULL ? n : NULL;
}

static int add_attributes(
    struct xml_tree *t, struct xml_node *n, const char **attributes)
{
    for (; *attributes != NULL; attributes += 2) {
        struct xml_node *a = new_node(t, attributes[0]);

        if (a == NULL) {
            return -1;
        }
        a->text = arena_text(&t->arena, slice_of(attributes[1]));
        if (a->text == NULL) {
            return -1;
        }
        a->next = n->attributes;
        n->attributes = a;
    }
    return 0;
}

int xml_tree_start(struct xml_tree *t, const char *name,
    const char **attributes, struct error *err)
{
    struct xml_node *n = new_node(t, name);

    if (n == NULL || add_attributes(t, n, attributes) != 0) {
        return too_large(err);
    }
    if (++t->depth > XML_TREE_MAX_DEPTH) {
        return error_set(err, "its elements nest deeper than any flow's");
    }
    n->parent = t->open;
    if (t->open == NULL) {
        t->root = n;
    } else if (t->open->last == NULL) {
        t->open->first = t->open->last = n;
    } else {
        t->open->last->next = n;
        t->open->last = n;
    }
    t->open = n;
    buf_clear(&t->text);
    return 0;
}

int xml_tree_text(struct xml_tree *t, struct slice text, struct error *err)
{
    return buf_append_slice(&t->text, text) == 0 ? 0 : too_large(err);
}

void xml_tree_end(struct xml_tree *t)
{
    struct xml_node *n = t->open;

    if (n->first == NULL && t->text.len_bytes > 0) {
        const char *text = arena_text(&t->arena, buf_slice(&t->text));

        n->text = text != NULL ? text : "";
    }
    buf_clear(&t->text);
    t->open = n->parent;
    t->depth--;
}

const struct xml_node *xml_child(const struct xml_node *n, const char *name)
{
    const struct xml_node *child = n != NULL ? n->first : NULL;

    while (child != NULL && strcmp(child->name, name) != 0) {
        child = child->next;
    }
    return child;
}

const char *xml_child_text(const struct xml_node *n, const char *name)
{
    const struct xml_node *child = xml_child(n, name);

    return child != NULL ? child->text : NULL;
}

const char *xml_attribute(const struct xml_node *n, const char *name)
{
    const struct xml_node *a = n->attributes;

    while (a != NULL && strcmp(a->name, name) != 0) {
        a = a->next;
    }
    return a != NULL ? a->text : NULL;
}
