/* Words out of a condition's text; see where_lex.h. */
#include "replay/where_lex.h"

#include "common/ascii.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Letters of any script: what is not ASCII is one. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           ((unsigned char)c & 0x80) != 0;
}

static int take(struct where_lex *l, enum where_word word, size_t n)
{
    l->word = word;
    l->value = (struct slice){l->at, n};
    l->at += n;
    return 0;
}

/* 'text', "text" or `name`; what holds one quote stands in the other. */
static int take_quoted(struct where_lex *l, struct error *err)
{
    char quote = *l->at;
    const char *p = strchr(l->at + 1, quote);

    if (p == NULL) {
        return error_set(err,
            "--where, column %zu: the quote opened here is not closed",
            l->place);
    }
    l->word = quote == '`' ? WORD_NAME : WORD_TEXT;
    l->value = (struct slice){l->at + 1, (size_t)(p - l->at - 1)};
    l->at = p + 1;
    return 0;
}

static int take_number(struct where_lex *l)
{
    const char *p = l->at + (*l->at == '-' ? 1 : 0);

    while (ascii_is_digit(*p) || *p == '.' || *p == 'e' || *p == 'E' ||
           ((*p == '-' || *p == '+') && (p[-1] == 'e' || p[-1] == 'E'))) {
        p++;
    }
    return take(l, WORD_NUMBER, (size_t)(p - l->at));
}

static int take_name(struct where_lex *l)
{
    static const struct {
        const char *text;
        enum where_word word;
    } words[] = {
        {"and", WORD_AND}, {"or", WORD_OR}, {"not", WORD_NOT}, {"in", WORD_IN}};
    size_t n = 1;

    while (is_letter(l->at[n]) || ascii_is_digit(l->at[n])) {
        n++;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strlen(words[i].text) == n &&
            strncasecmp(words[i].text, l->at, n) == 0) {
            return take(l, words[i].word, n);
        }
    }
    return take(l, WORD_NAME, n);
}

static int take_sign(struct where_lex *l, struct error *err)
{
    static const struct {
        const char *text; /* longer ones first */
        enum where_word word;
    } signs[] = {{"==", WORD_EQ}, {"!=", WORD_NE}, {"<>", WORD_NE},
        {"<=", WORD_LE}, {">=", WORD_GE}, {"=", WORD_EQ}, {"<", WORD_LT},
        {">", WORD_GT}, {"(", WORD_OPEN}, {")", WORD_CLOSE}, {",", WORD_COMMA}};

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t n = strlen(signs[i].text);

        if (strncmp(l->at, signs[i].text, n) == 0) {
            return take(l, signs[i].word, n);
        }
    }
    return error_set(err,
        "--where, column %zu: '%c' means nothing here; there are = != < <= > "
        ">= and or not in ( )",
        l->place, *l->at);
}

int where_lex_next(struct where_lex *l, struct error *err)
{
    l->at += strspn(l->at, " \t\r\n");
    l->place = (size_t)(l->at - l->text) + 1;
    if (*l->at == '\0') {
        return take(l, WORD_END, 0);
    }
    if (strchr("'\"`", *l->at) != NULL) {
        return take_quoted(l, err);
    }
    if (ascii_is_digit(*l->at) ||
        (*l->at == '-' && (ascii_is_digit(l->at[1]) || l->at[1] == '.'))) {
        return take_number(l);
    }
    return is_letter(*l->at) ? take_name(l) : take_sign(l, err);
}
