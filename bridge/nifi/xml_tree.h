/* struct xml_tree: one element of an XML file with all that is in it, bounded
 * in size and depth. Pure; fed by a parser's events. */
#ifndef NARU_BRIDGE_NIFI_XML_TREE_H
#define NARU_BRIDGE_NIFI_XML_TREE_H

#include "bridge/nifi/arena.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>

#define XML_TREE_MAX_BYTES ((size_t)16 << 20)
#define XML_TREE_MAX_DEPTH 64

struct xml_node {
    const char *name;
    const char *text; /* directly in it; "" when there is none. An element
                       * with children has no text of interest */
    struct xml_node *parent, *first, *last, *next;
    struct xml_node *attributes; /* in the same form, by next */
};

struct xml_tree {
    struct arena arena;
    struct xml_node *root, *open;
    struct buf text; /* of the element that is open */
    int depth;
};

void xml_tree_init(struct xml_tree *t);
void xml_tree_fini(struct xml_tree *t);

/* xml_tree_clear(t): Forget it all, to begin anew. */
void xml_tree_clear(struct xml_tree *t);

/* xml_tree_is_open(t): Has its root begun and not ended? */
bool xml_tree_is_open(const struct xml_tree *t);
const struct xml_node *xml_tree_root(const struct xml_tree *t);

/*
 * An element begins, with names and values in turn, NULL at the end; text
 * comes; an element ends. 0, or -1 with err when a bound is passed.
 */
int xml_tree_start(struct xml_tree *t, const char *name,
    const char **attributes, struct error *err) MUST_CHECK;
int xml_tree_text(
    struct xml_tree *t, struct slice text, struct error *err) MUST_CHECK;
void xml_tree_end(struct xml_tree *t);

/* xml_child(n, name): The first child of that name, or NULL; n may be NULL.
 * xml_child_text(n, name): Its text, or NULL. */
const struct xml_node *xml_child(const struct xml_node *n, const char *name);
const char *xml_child_text(const struct xml_node *n, const char *name);
const char *xml_attribute(const struct xml_node *n, const char *name);

#endif
