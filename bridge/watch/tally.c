/* How often each word came; see tally.h. */
#include "bridge/watch/tally.h"

#include <string.h>

static void copy_cut(char *to, size_t size, const char *from)
{
    size_t n = strlen(from);

    if (n >= size) {
        n = size - 1;
        /* A character that began before the cut ends behind it. */
        while (n > 0 && ((unsigned char)from[n] & 0xc0) == 0x80) {
            n--;
        }
    }
    memcpy(to, from, n);
    to[n] = '\0';
}

static struct tally_row *row_of(struct tally *t, const char *word)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->rows[i].word, word) == 0) {
            return &t->rows[i];
        }
    }
    if (t->n < TALLY_MOST - 1) {
        copy_cut(t->rows[t->n].word, TALLY_WORD_BYTES, word);
        return &t->rows[t->n++];
    }
    if (t->n < TALLY_MOST) {
        copy_cut(t->rows[t->n++].word, TALLY_WORD_BYTES, "others");
    }
    return &t->rows[TALLY_MOST - 1];
}

void tally_add(struct tally *t, const char *word, const char *note)
{
    char cut[TALLY_WORD_BYTES];
    struct tally_row *row;

    copy_cut(cut, sizeof(cut), word);
    row = row_of(t, cut);
    row->count++;
    if (note != NULL) {
        copy_cut(row->note, TALLY_NOTE_BYTES, note);
    }
}
