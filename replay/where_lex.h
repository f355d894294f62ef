/* The words of a condition; for where_parse.c alone. */
#ifndef NARU_REPLAY_WHERE_LEX_H
#define NARU_REPLAY_WHERE_LEX_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

#include <stddef.h>

enum where_word {
    WORD_END,
    WORD_NAME,   /* of a column; text is the name */
    WORD_TEXT,   /* in quotes; text is what is inside */
    WORD_NUMBER, /* text is the number */
    WORD_AND,
    WORD_OR,
    WORD_NOT,
    WORD_IN,
    WORD_OPEN,
    WORD_CLOSE,
    WORD_COMMA,
    WORD_EQ, /* the comparisons, in the order of enum where_op */
    WORD_NE,
    WORD_LT,
    WORD_LE,
    WORD_GT,
    WORD_GE
};

struct where_lex {
    const char *text; /* all of it */
    const char *at;   /* behind the word */
    enum where_word word;
    struct slice value;
    size_t place; /* of the word, from 1 */
};

/* where_lex_next(l, err): Go to the next word. 0, or -1 with err. */
int where_lex_next(struct where_lex *l, struct error *err) MUST_CHECK;

#endif
