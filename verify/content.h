/*
 * struct content: what a row says, wherever it was read: its fields by name,
 * each with its value in canonical form. Two contents are equal when they have
 * the same fields with the same values; order and the spelling of numbers do
 * not count, and a field that is null or empty in the CSV is simply not there.
 */
#ifndef NARU_VERIFY_CONTENT_H
#define NARU_VERIFY_CONTENT_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"
#include "verify/sip_hash.h"

#include <stddef.h>
#include <stdint.h>

#define CONTENT_MAX_BYTES ((size_t)256 << 20)
#define CONTENT_NONE SIZE_MAX

/* Values of different kinds are never equal: "5" is not 5. */
enum content_kind {
    CONTENT_STRING, /* canon is the text */
    CONTENT_NUMBER, /* canon is decimal's */
    CONTENT_OTHER   /* canon is compact JSON: true, an array, an object */
};

struct content_field {
    struct slice name;
    enum content_kind kind;
    struct slice text;  /* as it was written, for people and for ids */
    struct slice canon; /* decides */
};

struct content {
    struct buf bytes;          /* what the places point into */
    struct content_slot *list; /* owned */
    size_t n, room;
    struct buf scratch;
};

void content_init(struct content *c);
void content_fini(struct content *c);

/* content_clear(c): No fields; the memory is kept. */
void content_clear(struct content *c);

/*
 * Add a field: a string, a number that must be one (-1 if it is not), or a
 * value of another kind by its canonical JSON. The bytes are copied. Returns
 * 0, or -1 when there is no memory.
 */
int content_add_string(
    struct content *c, struct slice name, struct slice text) MUST_CHECK;
int content_add_number(
    struct content *c, struct slice name, struct slice text) MUST_CHECK;
int content_add_other(
    struct content *c, struct slice name, struct slice json) MUST_CHECK;

/* content_at(c, i): Field i below c->n; valid until c changes. */
struct content_field content_at(const struct content *c, size_t i);

/* content_find(c, name): The field of that name, or CONTENT_NONE. */
size_t content_find(const struct content *c, struct slice name);

/* content_copy(to, from): Make to equal to from. 0 or -1. */
int content_copy(struct content *to, const struct content *from) MUST_CHECK;

/*
 * content_hash(c, key, hash):
 * 64 bits over the fields, the same for equal contents: the sum of a keyed
 * hash of each field, so that order does not count. Two contents that differ
 * have the same with odds of 1 in 2^64. Returns 0 or -1.
 */
int content_hash(
    struct content *c, struct sip_key key, uint64_t *hash) MUST_CHECK;

/* Called for each field that differs; NULL where one side has none. */
typedef int (*content_difference_fn)(void *arg, struct slice name,
    const struct content_field *a, const struct content_field *b);

/*
 * content_differences(a, b, each, arg):
 * Name the fields in which a and b differ, a's first, in its order. Stops when
 * each returns other than 0, and returns that.
 */
int content_differences(const struct content *a, const struct content *b,
    content_difference_fn each, void *arg);

#endif
