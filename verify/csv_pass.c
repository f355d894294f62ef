/* Reading the CSV once; see csv_pass.h. The rows come as replay chooses them.
 */
#include "verify/csv_pass.h"

#include "verify/csv_content.h"

struct pass {
    const struct csv_choice *choice;
    struct content content;
    csv_pass_fn each;
    void *arg;
    uint64_t *bad_rows;
};

static int take_bad(struct pass *p)
{
    ++*p->bad_rows;
    return p->choice->skip_bad_rows ? 0 : -1;
}

static int take_row(
    struct pass *p, const struct source_row *row, struct error *err)
{
    struct origin origin = {.has_key = true,
        .key = row->fields[row->map->key_slot],
        .file = row->path,
        .line = row->line};

    if (csv_content(row->map, row->fields, &p->content, err) != 0) {
        (void)error_prefix(err, "%s:%lld: ", row->path, (long long)row->line);
        return take_bad(p);
    }
    return p->each(p->arg, &p->content, &origin, err);
}

static int read_all(
    struct pass *p, struct row_source *source, struct error *err)
{
    struct source_row row;
    int rc = 0;

    while (rc == 0) {
        switch (row_source_next(source, &row, err)) {
        case ROW_SOURCE_ROW:
            rc = take_row(p, &row, err);
            break;
        case ROW_SOURCE_BAD_ROW:
            rc = take_bad(p);
            break;
        case ROW_SOURCE_END:
            return 0;
        case ROW_SOURCE_FAILED:
            return -1;
        }
    }
    return rc;
}

int csv_pass_run(const struct csv_choice *choice, csv_pass_fn each, void *arg,
    uint64_t *bad_rows, struct error *err)
{
    struct pass p = {
        .choice = choice, .each = each, .arg = arg, .bad_rows = bad_rows};
    struct row_source *source;
    int rc = -1;

    *bad_rows = 0;
    source = row_source_open(&choice->input, err);
    if (source != NULL) {
        content_init(&p.content);
        rc = read_all(&p, source, err);
        content_fini(&p.content);
    }
    row_source_free(source);
    return rc;
}
