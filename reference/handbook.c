/* The pages of docs/reference; see handbook.h. */
#include "reference/handbook.h"

#include "reference/markdown.h"
#include "reference/notes.h"
#include "reference/setting.h"
#include "reference/texts.h"
#include "reference/usage.h"

#include <string.h>

#define INDEX "README"
#define SETTINGS "settings"
#define METRICS "metrics"

/* Seen by who edits a page, not by who reads it. */
static void head(FILE *to, const char *title)
{
    (void)fputs(
        "<!-- Written by `naru manual --markdown --out docs/reference`"
        " from the tables in the source; unit.reference compares. -->\n",
        to);
    markdown_heading(to, 1, title);
}

/* ---- a command ---- */

static void option(FILE *to, const struct option_row *row)
{
    char text[160];

    (void)snprintf(text, sizeof(text), "%s%.1s%s--%s%s%s",
        row->letter != '\0' ? "-" : "", &row->letter,
        row->letter != '\0' ? ", " : "", row->name,
        row->arg == NULL || row->arg[0] == '[' ? "" : " ",
        row->arg != NULL ? row->arg : "");
    (void)fputs("- ", to);
    markdown_code(to, slice_of(text));
    markdown_item(to, slice_of(row->help));
}

static void options(FILE *to, const struct option_table *t)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        option(to, &t->rows[i]);
    }
}

static void put_part(FILE *to, const char *after, enum notes_part wanted)
{
    static const char *const titles[NOTES_PARTS] = {
        "Notes", "Examples", "Exit codes"};
    struct slice rest = slice_of(after), paragraph;
    enum notes_part part = NOTES_TEXT;
    bool is_first = true;

    while (notes_next(&rest, &part, &paragraph)) {
        if (part != wanted) {
            continue;
        }
        if (is_first) {
            markdown_heading(to, 2, titles[part]);
        } else {
            (void)fputc('\n', to);
        }
        is_first = false;
        markdown_prose(to, paragraph);
    }
}

/* An action with a table of its own: what are sections on the page of a
 * command are paragraphs here. */
static void action_part(FILE *to, const struct option_table *t)
{
    markdown_heading(to, 2, t->command);
    markdown_lines(to, slice_of(t->usage));
    (void)fputc('\n', to);
    markdown_prose(to, slice_of(t->about));
    (void)fputc('\n', to);
    options(to, t);
    if (t->after != NULL) {
        (void)fputc('\n', to);
        markdown_prose(to, slice_of(t->after));
    }
}

static void command_page(const struct book_command *c, FILE *to)
{
    const struct option_table *t = c->options;

    head(to, t->command);
    (void)fputs("[Reference](" INDEX ".md): ", to);
    markdown_text(to, slice_of(c->help));
    (void)fputs("\n\n", to);
    markdown_lines(to, slice_of(t->usage));
    (void)fputc('\n', to);
    markdown_prose(to, slice_of(t->about));
    markdown_heading(to, 2, "Options");
    options(to, t);
    for (size_t i = 0; c->actions != NULL && c->actions[i] != NULL; i++) {
        action_part(to, c->actions[i]);
    }
    if (t->after != NULL) {
        for (int part = 0; part < NOTES_PARTS; part++) {
            put_part(to, t->after, (enum notes_part)part);
        }
    }
}

/* ---- settings ---- */

static void put_setting(FILE *to, const struct config_key *key)
{
    char takes[SETTING_TAKES_BYTES], variable[SETTING_TAKES_BYTES];

    setting_takes(key, takes);
    setting_variable(key, variable);
    (void)fputs("| ", to);
    markdown_cell_code(to, slice_of(strchr(key->name, '.') + 1));
    (void)fputs(" | ", to);
    markdown_cell(to, slice_of(key->help));
    (void)fputs(" | ", to);
    markdown_cell(to, slice_of(takes));
    (void)fputs((key->flags & CONFIG_SECRET) != 0 ? "; secret" : "", to);
    (void)fputs((key->flags & CONFIG_LIVE) != 0 ? "; reload | " : " | ", to);
    if (key->fallback != NULL && key->fallback[0] != '\0') {
        markdown_cell_code(to, slice_of(key->fallback));
    }
    (void)fputs(" | ", to);
    markdown_cell_code(to, slice_of(variable));
    (void)fputs(" |\n", to);
}

static void put_table(FILE *to, const struct config_table *t)
{
    char title[SETTING_SECTION_BYTES];

    for (size_t i = 0; i < t->n_keys; i++) {
        if (setting_begins_section(t, i, title)) {
            markdown_heading(to, 2, title);
            (void)fputs("| key | what it is | takes | default | variable |\n"
                        "|---|---|---|---|---|\n",
                to);
        }
        put_setting(to, &t->keys[i]);
    }
}

static void settings_page(const struct book *b, FILE *to)
{
    head(to, "naru.conf");
    markdown_prose(to, slice_of(texts_form));
    markdown_heading(to, 2, "Example");
    markdown_lines(to, slice_of(texts_example));
    markdown_heading(to, 2, "[kafka]");
    markdown_prose(to, slice_of(texts_kafka));
    for (size_t i = 0; i < b->n_tables; i++) {
        put_table(to, &b->tables[i]);
    }
}

/* ---- metrics ---- */

static void metrics_page(const struct book *b, FILE *to)
{
    head(to, "Metrics");
    markdown_prose(to, slice_of(texts_metrics));
    (void)fputs(
        "\n| metric | type | labels | what it is |\n|---|---|---|---|\n", to);
    for (size_t i = 0; i < b->n_metrics; i++) {
        const struct metric_row *row = &b->metrics[i];

        (void)fputs("| ", to);
        markdown_cell_code(to, slice_of(row->name));
        (void)fprintf(to, " | %s | %s | ", row->type, row->labels);
        markdown_cell(to, slice_of(row->help));
        (void)fputs(" |\n", to);
    }
}

/* ---- all ---- */

static void index_page(const struct book *b, FILE *to)
{
    head(to, "Reference");
    markdown_prose(to, slice_of(texts_flow));
    markdown_heading(to, 2, "Commands");
    (void)fputs("| command | what it does |\n|---|---|\n", to);
    for (size_t i = 0; i < b->n_commands; i++) {
        const struct book_command *c = &b->commands[i];

        if (c->help != NULL) {
            (void)fprintf(to, "| [naru %s](%s.md) | ", c->name, c->name);
            markdown_cell(to, slice_of(c->help));
            (void)fputs(" |\n", to);
        }
    }
    markdown_heading(to, 2, "Exit codes");
    markdown_prose(to, slice_of(texts_exit_codes));
    markdown_heading(to, 2, "Settings, metrics");
    (void)fputs("- [naru.conf](" SETTINGS ".md): each setting with its range, "
                "default and variable\n- [Metrics](" METRICS
                ".md): what `/metrics` of a bridge tells\n",
        to);
}

bool handbook_name(
    const struct book *b, size_t i, char out[HANDBOOK_NAME_BYTES])
{
    static const char *const others[] = {INDEX, SETTINGS, METRICS};

    if (i < sizeof(others) / sizeof(others[0])) {
        (void)snprintf(out, HANDBOOK_NAME_BYTES, "%s", others[i]);
        return true;
    }
    i -= sizeof(others) / sizeof(others[0]);
    for (size_t k = 0; k < b->n_commands; k++) {
        if (b->commands[k].help != NULL && i-- == 0) {
            (void)snprintf(out, HANDBOOK_NAME_BYTES, "%s", b->commands[k].name);
            return true;
        }
    }
    return false;
}

int handbook_write(const struct book *b, const char *name, FILE *to)
{
    const struct book_command *c = book_find(b, name);

    if (strcmp(name, INDEX) == 0) {
        index_page(b, to);
    } else if (strcmp(name, SETTINGS) == 0) {
        settings_page(b, to);
    } else if (strcmp(name, METRICS) == 0) {
        metrics_page(b, to);
    } else if (c != NULL) {
        command_page(c, to);
    } else {
        return -1;
    }
    return 0;
}
