/* Reading a table of options as people wrote it; see usage.h. */
#include "reference/usage.h"

#include "common/ascii.h"

static bool is_small(char c)
{
    return (c >= 'a' && c <= 'z') || c == '-' || ascii_is_digit(c);
}

static bool is_capital(char c)
{
    return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* The next line of *rest, or false. */
static bool take_line(struct slice *rest, struct slice *line)
{
    size_t n = 0;

    if (rest->len == 0) {
        return false;
    }
    while (n < rest->len && rest->p[n] != '\n') {
        n++;
    }
    *line = slice_take(rest, n);
    if (rest->len > 0) {
        (void)slice_take(rest, 1);
    }
    return true;
}

/* The next word between spaces of *rest, or false. */
static bool take_word(struct slice *rest, struct slice *word)
{
    size_t n = 0;

    *rest = slice_trim(*rest);
    while (n < rest->len && rest->p[n] != ' ') {
        n++;
    }
    *word = slice_take(rest, n);
    return n > 0;
}

/* Is it a, or a|b|c, of small letters that begin with a letter? */
static bool is_choices(struct slice s)
{
    if (s.len == 0 || s.p[0] == '|' || s.p[0] == '-' || s.p[s.len - 1] == '|') {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!is_small(s.p[i]) && s.p[i] != '|') {
            return false;
        }
    }
    return true;
}

static bool ends_with(struct slice s, const char *tail)
{
    size_t n = strlen(tail);

    return s.len >= n && memcmp(s.p + s.len - n, tail, n) == 0;
}

static enum value_kind kind_of(struct slice name)
{
    static const struct {
        const char *name;
        enum value_kind kind;
    } kinds[] = {{"FILE", VALUE_FILE}, {"PATH", VALUE_FILE},
        {"CSV", VALUE_FILE}, {"FLOW", VALUE_FILE}, {"DIR", VALUE_FOLDER},
        {"FOLDER", VALUE_FOLDER}, {"DATASET", VALUE_DATASET},
        {"COMMAND", VALUE_COMMAND}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (slice_is(name, kinds[i].name)) {
            return kinds[i].kind;
        }
    }
    if (ends_with(name, ".KEY=VALUE")) {
        return VALUE_SETTING;
    }
    return memchr(name.p, '|', name.len) != NULL && is_choices(name)
               ? VALUE_WORDS
               : VALUE_ANY;
}

enum value_kind usage_value_kind(const char *arg)
{
    return arg == NULL ? VALUE_NONE : kind_of(slice_of(arg));
}

bool usage_word(const char *choices, size_t i, struct slice *out)
{
    for (;; i--) {
        size_t n = strcspn(choices, "|");

        if (i == 0) {
            *out = (struct slice){choices, n};
            return n > 0;
        }
        if (choices[n] == '\0') {
            return false;
        }
        choices += n + 1;
    }
}

/* `naru command` is read off; then the action, if there is one. */
static bool take_action(struct slice *line, struct slice *action)
{
    struct slice word, rest;

    if (line->len > 0 && line->p[0] == ' ') {
        return false; /* it goes on with the line before */
    }
    (void)take_word(line, &word);
    (void)take_word(line, &word);
    rest = *line;
    if (!take_word(&rest, &word) || !is_choices(word)) {
        return false;
    }
    *action = word;
    *line = rest;
    return true;
}

static size_t add_action(
    struct slice out[USAGE_MOST_ACTIONS], size_t n, struct slice action)
{
    for (size_t i = 0; i < n; i++) {
        if (slice_eq(out[i], action)) {
            return n;
        }
    }
    if (n < USAGE_MOST_ACTIONS) {
        out[n++] = action;
    }
    return n;
}

size_t usage_actions(
    const struct option_table *t, struct slice out[USAGE_MOST_ACTIONS])
{
    struct slice rest = slice_of(t->usage), line, words;
    size_t n = 0;

    while (take_line(&rest, &line)) {
        if (!take_action(&line, &words)) {
            continue;
        }
        while (words.len > 0) { /* bash|zsh: each is one */
            const char *bar = memchr(words.p, '|', words.len);
            size_t len = bar != NULL ? (size_t)(bar - words.p) : words.len;

            n = add_action(out, n, slice_take(&words, len));
            if (words.len > 0) {
                (void)slice_take(&words, 1);
            }
        }
    }
    return n;
}

/* What stands around a word of a usage: [--topic, FILE...] */
static struct slice bare(struct slice word)
{
    while (word.len > 0 && (word.p[0] == '[' || word.p[0] == '(')) {
        (void)slice_take(&word, 1);
    }
    while (word.len > 0 && strchr("]).", word.p[word.len - 1]) != NULL) {
        word.len--;
    }
    return word;
}

/* Does the option --name or -n, as it stands in a usage, take a value? */
static bool takes_value(const struct option_table *t, struct slice option)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        const struct option_row *row = &t->rows[i];
        struct slice name = {option.p + 2, option.len - 2};

        if (row->arg != NULL && row->arg[0] != '[' &&
            ((option.len > 2 && slice_is(name, row->name)) ||
                (option.len == 2 && option.p[1] == row->letter))) {
            return true;
        }
    }
    return false;
}

/* Is that word an operand's name, and not one that stands for options? */
static bool is_operand(struct slice word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (!is_capital(word.p[i])) {
            return false;
        }
    }
    return word.len > 0 && word.p[0] != '-' && !slice_is(word, "OPTIONS") &&
           !slice_is(word, "FILTERS");
}

static bool line_takes(
    const struct option_table *t, struct slice line, enum value_kind kind)
{
    struct slice word, action;
    bool is_value = false;

    (void)take_action(&line, &action);
    while (take_word(&line, &word)) {
        struct slice name = bare(word);

        line = slice_trim(line);
        if (slice_is(word, "|") && line.len > 0 && line.p[0] != '-') {
            return false; /* a pipe: what follows is another command */
        }
        if (name.len > 1 && name.p[0] == '-') {
            is_value = takes_value(t, name);
            continue;
        }
        if (!is_value && is_operand(name)) {
            if (kind_of(name) == kind) {
                return true;
            }
        }
        is_value = false;
    }
    return false;
}

bool usage_takes(const struct option_table *t, enum value_kind kind)
{
    struct slice rest = slice_of(t->usage), line;

    while (take_line(&rest, &line)) {
        if (line_takes(t, line, kind)) {
            return true;
        }
    }
    return false;
}

bool usage_is_for(const struct option_table *t, const struct option_row *row,
    struct slice action)
{
    struct slice actions[USAGE_MOST_ACTIONS];
    size_t n = usage_actions(t, actions);
    size_t len = strcspn(row->help, ":\n");
    struct slice names = {row->help, len}, name;
    bool named = false;

    if (row->help[len] != ':') {
        return true;
    }
    while (take_word(&names, &name)) {
        bool is_action = false;

        if (name.p[name.len - 1] == ',') {
            name.len--;
        }
        if (slice_is(name, "and")) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            is_action = is_action || slice_eq(actions[i], name);
        }
        if (!is_action) {
            return true; /* a sentence with a colon, of no action */
        }
        named = named || slice_eq(action, name);
    }
    return named;
}
