/*
 * struct tally: how often each of some words came: the reasons for which
 * records were refused, or left out. Bounded: words beyond the first
 * TALLY_MOST - 1 are counted together as "others", because they may come from
 * the engine. Pure.
 */
#ifndef NARU_BRIDGE_WATCH_TALLY_H
#define NARU_BRIDGE_WATCH_TALLY_H

#include <stddef.h>
#include <stdint.h>

#define TALLY_MOST 16
#define TALLY_WORD_BYTES 64
#define TALLY_NOTE_BYTES 200

struct tally_row {
    char word[TALLY_WORD_BYTES];
    char note[TALLY_NOTE_BYTES]; /* what was last said with it */
    uint64_t count;
};

struct tally {
    struct tally_row rows[TALLY_MOST]; /* by first appearance */
    size_t n;
};

/* tally_add(t, word, note): One more; both are cut when too long, never within
 * a character. note may be NULL. {0} is an empty tally. */
void tally_add(struct tally *t, const char *word, const char *note);

#endif
