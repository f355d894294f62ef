/*
 * struct examples: the first few findings of each kind, with the texts that the
 * audit does not keep: id, place, and which fields differ.
 */
#ifndef NARU_VERIFY_EXAMPLES_H
#define NARU_VERIFY_EXAMPLES_H

#include "common/attr.h"
#include "common/slice.h"
#include "verify/audit.h"
#include "verify/content.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL: that side has no such field. Owned. */
struct example_field {
    char *name, *wanted, *found;
};

struct example {
    uint64_t hash; /* of the id */
    char *id;
    char *place;             /* "marcap-2022.csv:17", "partition 3 offset 9" */
    char *why;               /* a reason in words, or NULL */
    struct content *content; /* what was found there, or NULL */
    struct example_field *fields;
    size_t n_fields;
};

struct example_list {
    struct example *items;
    size_t n;
};

struct examples {
    size_t most; /* of each kind */
    struct example_list lists[FINDINGS];
};

void examples_init(struct examples *e, size_t most);
void examples_fini(struct examples *e);

/*
 * examples_add(e, finding, hash, id, place, why, content):
 * Keep one, unless there are enough of its kind or it is there already. All is
 * copied; why and content may be NULL. Returns 0, or -1 without memory.
 */
int examples_add(struct examples *e, enum finding finding, uint64_t hash,
    struct slice id, const char *place, const char *why,
    const struct content *content) MUST_CHECK;

/* examples_want(e, finding): Is there room for another of that kind? */
bool examples_want(const struct examples *e, enum finding finding);

/*
 * examples_prune(e, audit): Forget those that came right later on: a record
 * that differed and was then replaced, say.
 */
void examples_prune(struct examples *e, const struct audit *audit);

/*
 * examples_explain(e, hash, reference):
 * Wherever an example of that id has content: note in which fields it differs
 * from reference. Returns 0, or -1 without memory.
 */
int examples_explain(struct examples *e, uint64_t hash,
    const struct content *reference) MUST_CHECK;

#endif
