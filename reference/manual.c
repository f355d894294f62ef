/*
 * The pages of naru and of its commands, from the tables of options.
 */
#include "reference/manual.h"

#include "reference/notes.h"
#include "reference/roff.h"
#include "reference/texts.h"

#include <ctype.h>
#include <string.h>

#define CONF_PAGE "naru.conf"

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

static void put_part(FILE *to, const char *after, enum notes_part wanted)
{
    static const char *const titles[NOTES_PARTS] = {
        "NOTES", "EXAMPLES", "EXIT STATUS"};
    struct slice rest = slice_of(after), paragraph;
    enum notes_part part = NOTES_TEXT;
    bool is_first = true;

    while (notes_next(&rest, &part, &paragraph)) {
        if (part != wanted) {
            continue;
        }
        if (is_first) {
            roff_section(to, titles[part]);
        } else {
            (void)fputs(".PP\n", to);
        }
        is_first = false;
        roff_prose(to, paragraph);
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
        for (int part = 0; part < NOTES_PARTS; part++) {
            put_part(to, t->after, (enum notes_part)part);
        }
    }
    see(b, to, page);
}

/* ---- naru ---- */

static void naru_page(const struct book *b, FILE *to)
{
    head(b, to, "naru", '1');
    name(to, "naru", texts_what);
    roff_section(to, "SYNOPSIS");
    (void)fputs("\\fBnaru\\fR \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]\n", to);
    roff_section(to, "DESCRIPTION");
    roff_prose(to, slice_of(texts_flow));
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
    roff_prose(to, slice_of(texts_exit_codes));
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
