/* naru.conf(5): every setting with its kind, range, default and variable, from
 * the tables that read them. */
#include "reference/manual.h"

#include "reference/roff.h"
#include "reference/setting.h"
#include "reference/texts.h"

#include <string.h>

static void put_setting(FILE *to, const struct config_key *key)
{
    char takes[SETTING_TAKES_BYTES], variable[SETTING_TAKES_BYTES];

    (void)fputs(".TP\n\\fB", to);
    roff_literal(to, slice_of(strchr(key->name, '.') + 1));
    (void)fputs("\\fR\n", to);
    roff_text(to, slice_of(key->help));
    (void)fputs("\n.br\n", to);
    setting_takes(key, takes);
    roff_literal(to, slice_of(takes));
    (void)fputs("; default: ", to);
    roff_literal(to, slice_of(key->fallback != NULL ? key->fallback : "none"));
    setting_variable(key, variable);
    (void)fprintf(to, "; \\fB%s\\fR%s%s\n", variable,
        (key->flags & CONFIG_SECRET) != 0 ? "; secret" : "",
        (key->flags & CONFIG_LIVE) != 0 ? "; reload" : "");
}

static void put_table(FILE *to, const struct config_table *t)
{
    char title[SETTING_SECTION_BYTES];

    for (size_t i = 0; i < t->n_keys; i++) {
        if (setting_begins_section(t, i, title)) {
            roff_subsection(to, title);
        }
        put_setting(to, &t->keys[i]);
    }
}

void manual_write_settings(const struct book *b, FILE *to)
{
    char source[64];

    (void)snprintf(source, sizeof(source), "naru %s", b->version);
    roff_head(to, "naru.conf", '5', b->date, source);
    roff_section(to, "NAME");
    (void)fputs("naru.conf \\- settings of naru\n", to);
    roff_section(to, "DESCRIPTION");
    roff_prose(to, slice_of(texts_form));
    roff_section(to, "SETTINGS");
    roff_subsection(to, "[kafka]");
    roff_prose(to, slice_of(texts_kafka));
    for (size_t i = 0; i < b->n_tables; i++) {
        put_table(to, &b->tables[i]);
    }
    roff_section(to, "EXAMPLE");
    roff_lines(to, slice_of(texts_example));
    roff_section(to, "SEE ALSO");
    (void)fputs(".BR naru (1),\n.BR naru\\-bridge (1)\n", to);
}
