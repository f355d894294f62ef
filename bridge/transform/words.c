/* A step's value taken apart; see words.h. The words are written over the text
 * they are read from: they are never longer. */
#include "bridge/transform/words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n';
}

/* What stands behind a backslash; 0: nothing that may. */
static char unescaped(char ch)
{
    switch (ch) {
    case '"':
    case '\\':
    case ';':
    case ' ':
        return ch;
    case 'n':
        return '\n';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

/* One word from *at to *to; *at is left behind it. */
static int take_word(const char **at, char **to, struct error *err)
{
    bool quoted = false;

    for (; **at != '\0' && (quoted || !is_blank(**at)); (*at)++) {
        if (**at == '"') {
            quoted = !quoted;
        } else if (**at == '\\') {
            char ch = unescaped((*at)[1]);

            if (ch == 0) {
                return error_set(err,
                    "a backslash stands before '%.1s'; it may stand before "
                    "\", \\, ;, a blank, n and t (\\\\ is a backslash)",
                    *at + 1);
            }
            *(*to)++ = ch;
            (*at)++;
        } else {
            *(*to)++ = **at;
        }
    }
    if (quoted) {
        return error_set(err, "a quote has no end");
    }
    *(*to)++ = '\0';
    return 0;
}

int words_read(const char *text, struct words *words, struct error *err)
{
    const char *at = text;
    char *to;

    *words = (struct words){
        .text = malloc(strlen(text) + 2),
        .all = calloc(strlen(text) / 2 + 2, sizeof(char *)),
    };
    if (words->text == NULL || words->all == NULL) {
        return error_set(err, "out of memory");
    }
    to = words->text;
    for (;;) {
        while (is_blank(*at)) {
            at++;
        }
        if (*at == '\0') {
            return 0;
        }
        words->all[words->n++] = to;
        if (take_word(&at, &to, err) != 0) {
            return -1;
        }
    }
}

void words_fini(struct words *words)
{
    free(words->text);
    free(words->all);
    *words = (struct words){0};
}
