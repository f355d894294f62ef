/*
 * The audit's account for people; see verify_report.h. A column for each of
 * CSV, topic and index that was read, a line for each thing counted.
 */
#include "verify/verify_report.h"

#include "verify/finding_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 32
#define CELL_WIDTH 12

/* "80,918" into out. */
static const char *grouped(uint64_t n, char out[NUMBER_BYTES])
{
    char digits[NUMBER_BYTES];
    int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);
    int at = 0;

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

static void print_cells(const struct verify_plan *plan, const char *name,
    const char *const cells[SOURCE_COLUMNS], FILE *to)
{
    (void)fprintf(to, "  %-16s", name);
    for (int c = 0; c < SOURCE_COLUMNS; c++) {
        if (finding_has_column(plan, (enum source_column)c)) {
            (void)fprintf(to, "%*s", CELL_WIDTH, cells[c]);
        }
    }
    (void)fputc('\n', to);
}

static void print_counts(const struct verify_plan *plan, const char *name,
    uint64_t csv, uint64_t topic, uint64_t index, FILE *to)
{
    char a[NUMBER_BYTES], b[NUMBER_BYTES], c[NUMBER_BYTES];
    const char *const cells[SOURCE_COLUMNS] = {
        grouped(csv, a), grouped(topic, b), grouped(index, c)};

    print_cells(plan, name, cells, to);
}

static void print_finding_row(const struct verify_plan *plan,
    const struct verify_result *r, const struct finding_row *row, FILE *to)
{
    char texts[SOURCE_COLUMNS][NUMBER_BYTES];
    const char *cells[SOURCE_COLUMNS];
    bool any = false;

    for (int c = 0; c < SOURCE_COLUMNS; c++) {
        enum finding f = row->in[c];

        cells[c] = "-";
        if (finding_applies(plan, f)) {
            cells[c] = grouped(r->tally.findings[f], texts[c]);
            any = true;
        }
    }
    if (any) {
        print_cells(plan, row->name, cells, to);
    }
}

static void print_table(
    const struct verify_plan *plan, const struct verify_result *r, FILE *to)
{
    const char *const head[SOURCE_COLUMNS] = {"CSV", "topic", "index"};

    print_cells(plan, "", head, to);
    print_counts(plan, "read", r->rows, r->records, r->documents, to);
    print_counts(plan, "distinct ids", r->tally.ids[0], r->tally.ids[1],
        r->tally.ids[2], to);
    for (size_t i = 0; i < finding_rows_count; i++) {
        print_finding_row(plan, r, &finding_rows[i], to);
    }
}

/* Why a number is no difference, or what to know about it. */
static void print_notes(
    const struct verify_plan *plan, const struct verify_result *r, FILE *to)
{
    char n[NUMBER_BYTES];

    if (r->tally.findings[FINDING_TOPIC_REPEATED] > 0 ||
        r->tally.findings[FINDING_CSV_REPEATED] > 0) {
        (void)fputs("note: duplicates with the same content are no difference: "
                    "the same id makes them one document\n",
            to);
    }
    if (r->tally.findings[FINDING_DEAD_LETTER] > 0) {
        (void)fputs("note: dead-lettered rows are accounted for; naru's dead "
                    "letter topic tells why\n",
            to);
    }
    if (plan->group != NULL && plan->index != NULL && r->pending > 0) {
        (void)fprintf(to,
            "note: %s records are behind what group %s has committed\n",
            grouped(r->pending, n), plan->group);
    }
    if (r->expired > 0) {
        (void)fprintf(to,
            "note: the topic's oldest %s offsets are deleted already\n",
            grouped(r->expired, n));
    }
    if (r->tombstones > 0) {
        (void)fprintf(to, "note: %s records have no value (tombstones); %s\n",
            grouped(r->tombstones, n),
            plan->tombstones_delete ? "they delete" : "they are passed over");
    }
    if (r->bad_rows > 0) {
        (void)fprintf(to, "note: %s bad rows of the CSV were left out\n",
            grouped(r->bad_rows, n));
    }
}

static const char *or_none(const char *value)
{
    return value != NULL ? value : "(none)";
}

static void print_example(const struct verify_plan *plan,
    const struct example *x, const char *found_in, FILE *to)
{
    (void)fprintf(to, "  %s  (%s)%s%s\n", x->id, x->place,
        x->why != NULL ? "  " : "", x->why != NULL ? x->why : "");
    for (size_t i = 0; i < x->n_fields; i++) {
        (void)fprintf(to, "      %s: %s %s, %s %s\n", x->fields[i].name,
            plan->csv.input.n_paths > 0 ? "CSV" : "topic",
            or_none(x->fields[i].wanted), found_in,
            or_none(x->fields[i].found));
    }
}

static const char *found_in(enum finding f)
{
    return f == FINDING_INDEX_DIFFERENT || f == FINDING_INDEX_EXTRA ? "index"
           : f == FINDING_CSV_CONTRADICTS ? "another row"
                                          : "record";
}

static void print_examples(
    const struct verify_plan *plan, const struct verify_result *r, FILE *to)
{
    char n[NUMBER_BYTES];

    for (int f = FINDING_NONE + 1; f < FINDINGS; f++) {
        const struct example_list *list = &r->examples.lists[f];

        if (list->n == 0) {
            continue;
        }
        (void)fprintf(to, "%s: %s%s\n", finding_title((enum finding)f),
            grouped(r->tally.findings[f], n),
            r->tally.findings[f] > list->n ? ", the first of them" : "");
        for (size_t i = 0; i < list->n; i++) {
            print_example(plan, &list->items[i], found_in((enum finding)f), to);
        }
    }
}

void verify_report_print(
    const struct verify_plan *plan, const struct verify_result *r, FILE *to)
{
    char n[NUMBER_BYTES];
    uint64_t left_out = r->tally.findings[FINDING_DEAD_LETTER];

    print_table(plan, r, to);
    print_notes(plan, r, to);
    print_examples(plan, r, to);
    if (r->differences > 0) {
        (void)fprintf(to, "%s difference%s\n", grouped(r->differences, n),
            r->differences == 1 ? "" : "s");
    } else {
        (void)fprintf(to, "all agree%s\n",
            left_out > 0 ? ", but for what is dead-lettered" : "");
    }
}
