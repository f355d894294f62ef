/*
 * The pages of naru and of its commands, from the tables of options. A table's
 * `after` is cut at its paragraphs: examples and exit codes have sections of
 * their own on a man page, what else it says are notes.
 */
#include "reference/manual.h"

#include "reference/roff.h"
#include "reference/usage.h"

#include <ctype.h>
#include <string.h>

#define CONF_PAGE "naru.conf"

static const char *const flow =
    "Replays historical market data as a live stream and ferries it into\n"
    "Elasticsearch or OpenSearch: CSV files become JSON records in Kafka, a\n"
    "trading day each second or as fast as it goes; a bridge batches records\n"
    "from Kafka into bulk requests, under index mappings that keep every\n"
    "digit. Each row arrives once: an offset is committed only when its\n"
    "record is stored, and sending again is harmless.";

static const char *const exit_codes =
    "0 done, 1 the work found a failure, 2 unusable arguments or\n"
    "configuration, 3 the bridge stopped because records were refused; other\n"
    "than 0 with one line on standard error that says what is wrong, where,\n"
    "and what to do.";

static void head(const struct book *b, FILE *to, const char *page, char section)
{
    char source[64];

    (void)snprintf(source, sizeof(source), "naru %s", b->version);
    roff_head(to, page, section, b->date, source);
}

static void name(FILE *to, const char *page, const char *what)
{
    roff_section(to, "NAME");
    roff_literal(to, slice_of(page));
    (void)fputs(" \\- ", to);
    roff_text(to, slice_of(what));
    (void)fputc('\n', to);
}

static void see(const struct book *b, FILE *to, const char *but)
{
    const char *comma = "";
    char page[MANUAL_NAME_BYTES], section;

    roff_section(to, "SEE ALSO");
    for (size_t i = 0; manual_name(b, i, page, &section); i++) {
        if (strcmp(page, but) == 0) {
            continue;
        }
        (void)fprintf(to, "%s.BR ", comma);
        roff_literal(to, slice_of(page));
        (void)fprintf(to, " (%c)", section);
        comma = " ,\n";
    }
    (void)fputc('\n', to);
}

/* ---- a command ---- */

static void synopsis(FILE *to, const struct option_table *t)
{
    roff_section(to, "SYNOPSIS");
    roff_lines(to, slice_of(t->usage));
}

/* Help with columns, or a list in it, keeps its lines. */
static void help(FILE *to, const char *text)
{
    if (strstr(text, "  ") != NULL) {
        roff_lines(to, slice_of(text));
    } else {
        roff_prose(to, slice_of(text));
    }
}

static void option(FILE *to, const struct option_row *row)
{
    (void)fputs(".TP\n\\fB", to);
    if (row->letter != '\0') {
        (void)fprintf(to, "\\-%c\\fR, \\fB", row->letter);
    }
    (void)fputs("\\-\\-", to);
    roff_literal(to, slice_of(row->name));
    (void)fputs("\\fR", to);
    if (row->arg != NULL) {
        (void)fputs(row->arg[0] == '[' ? "\\fI" : " \\fI", to);
        roff_literal(to, slice_of(row->arg));
        (void)fputs("\\fR", to);
    }
    (void)fputc('\n', to);
    help(to, row->help);
}

/* The next paragraph of *rest: up to an empty line. */
static bool take_paragraph(struct slice *rest, struct slice *paragraph)
{
    const char *end;

    while (rest->len > 0 && rest->p[0] == '\n') {
        (void)slice_take(rest, 1);
    }
    for (size_t i = 0; i + 1 < rest->len; i++) {
        end = rest->p + i;
        if (end[0] == '\n' && end[1] == '\n') {
            *paragraph = slice_take(rest, i);
            return true;
        }
    }
    *paragraph = slice_take(rest, rest->len);
    return paragraph->len > 0;
}

enum part { PART_NOTES, PART_EXAMPLES, PART_EXIT, N_PARTS };

static bool begins(struct slice s, const char *with)
{
    size_t n = strlen(with);

    return s.len >= n && memcmp(s.p, with, n) == 0;
}

/* Paragraphs that go on with lines of examples belong to them. */
static enum part part_of(struct slice paragraph, enum part before)
{
    if (begins(paragraph, "Example")) {
        return PART_EXAMPLES;
    }
    if (begins(paragraph, "Exit codes:")) {
        return PART_EXIT;
    }
    return before == PART_EXAMPLES && paragraph.p[0] == ' ' ? PART_EXAMPLES
                                                            : PART_NOTES;
}

static struct slice without_heading(struct slice paragraph, enum part part)
{
    static const char *const headings[N_PARTS] = {
        "", "Examples:\n", "Exit codes: "};

    if (begins(paragraph, headings[part])) {
        (void)slice_take(&paragraph, strlen(headings[part]));
    }
    return paragraph;
}

static void put_part(FILE *to, const char *after, enum part wanted)
{
    static const char *const titles[N_PARTS] = {
        "NOTES", "EXAMPLES", "EXIT STATUS"};
    struct slice rest = slice_of(after), paragraph;
    enum part part = PART_NOTES;
    bool is_first = true;

    while (take_paragraph(&rest, &paragraph)) {
        part = part_of(paragraph, part);
        if (part != wanted) {
            continue;
        }
        if (is_first) {
            roff_section(to, titles[part]);
        } else {
            (void)fputs(".PP\n", to);
        }
        is_first = false;
        roff_prose(to, without_heading(paragraph, part));
    }
}

static void options(FILE *to, const struct option_table *t)
{
    roff_section(to, "OPTIONS");
    for (size_t i = 0; i < t->n_rows; i++) {
        option(to, &t->rows[i]);
    }
}

/* An action with a table of its own is a section; what is a section on the
 * page of a command is a paragraph here. */
static void action_part(FILE *to, const struct option_table *t)
{
    char title[MANUAL_NAME_BYTES];

    for (size_t i = 0; i < sizeof(title); i++) {
        title[i] = (char)toupper((unsigned char)t->command[i]);
        if (title[i] == '\0') {
            break;
        }
    }
    title[sizeof(title) - 1] = '\0';
    roff_section(to, title);
    roff_lines(to, slice_of(t->usage));
    (void)fputs(".PP\n", to);
    roff_prose(to, slice_of(t->about));
    for (size_t i = 0; i < t->n_rows; i++) {
        option(to, &t->rows[i]);
    }
    if (t->after != NULL) {
        (void)fputs(".PP\n", to);
        roff_prose(to, slice_of(t->after));
    }
}

static void command_page(
    const struct book *b, const struct book_command *c, FILE *to)
{
    const struct option_table *t = c->options;
    char page[MANUAL_NAME_BYTES];

    (void)snprintf(page, sizeof(page), "naru-%s", c->name);
    head(b, to, page, '1');
    name(to, page, c->help);
    synopsis(to, t);
    roff_section(to, "DESCRIPTION");
    roff_prose(to, slice_of(t->about));
    options(to, t);
    for (size_t i = 0; c->actions != NULL && c->actions[i] != NULL; i++) {
        action_part(to, c->actions[i]);
    }
    if (t->after != NULL) {
        for (int part = 0; part < N_PARTS; part++) {
            put_part(to, t->after, (enum part)part);
        }
    }
    see(b, to, page);
}

/* ---- naru ---- */

static void naru_page(const struct book *b, FILE *to)
{
    head(b, to, "naru", '1');
    name(to, "naru",
        "replay market history into Kafka and ferry it into "
        "Elasticsearch");
    roff_section(to, "SYNOPSIS");
    (void)fputs("\\fBnaru\\fR \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]\n", to);
    roff_section(to, "DESCRIPTION");
    roff_prose(to, slice_of(flow));
    roff_section(to, "COMMANDS");
    for (size_t i = 0; i < b->n_commands; i++) {
        if (b->commands[i].help != NULL) {
            (void)fprintf(
                to, ".TP\n\\fBnaru\\-%s\\fR(1)\n", b->commands[i].name);
            roff_text(to, slice_of(b->commands[i].help));
            (void)fputc('\n', to);
        }
    }
    roff_section(to, "EXIT STATUS");
    roff_prose(to, slice_of(exit_codes));
    see(b, to, "naru");
}

/* ---- all ---- */

bool manual_name(
    const struct book *b, size_t i, char out[MANUAL_NAME_BYTES], char *section)
{
    *section = '1';
    if (i == 0) {
        (void)snprintf(out, MANUAL_NAME_BYTES, "naru");
        return true;
    }
    for (size_t k = 0; k < b->n_commands; k++) {
        if (b->commands[k].help != NULL && --i == 0) {
            (void)snprintf(
                out, MANUAL_NAME_BYTES, "naru-%s", b->commands[k].name);
            return true;
        }
    }
    *section = '5';
    (void)snprintf(out, MANUAL_NAME_BYTES, CONF_PAGE);
    return i == 1;
}

int manual_write(const struct book *b, const char *page, FILE *to)
{
    const struct book_command *c;

    if (strcmp(page, "naru") == 0) {
        naru_page(b, to);
        return 0;
    }
    if (strcmp(page, CONF_PAGE) == 0) {
        manual_write_settings(b, to);
        return 0;
    }
    c = book_find(b, strncmp(page, "naru-", 5) == 0 ? page + 5 : page);
    if (c == NULL) {
        return -1;
    }
    command_page(b, c, to);
    return 0;
}
