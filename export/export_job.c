/* The export itself; see export_job.h. */
#include "export/export_job.h"

#include "common/clock.h"
#include "export/export_query.h"
#include "index/index_reader.h"
#include "replay/output_file.h"

#include <inttypes.h>

#define PIECE_BYTES (256 * 1024) /* rows are written out in about this much */
#define QUERY_MAX_BYTES ((size_t)16 << 20)
#define SORT_MAX_BYTES ((size_t)64 << 10)
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define PROGRESS_EVERY 512

struct job {
    const struct export_plan *plan;
    struct export_row *row;
    struct export_result *result;
    struct index_reader *reader;
    struct output_file *file;
    struct buf piece;
    int64_t expected; /* documents; 0: not known */
};

static void tick(struct job *job)
{
    struct progress *p = job->plan->progress;

    if (p == NULL || !p->on_terminal ||
        job->result->documents % PROGRESS_EVERY != 0 ||
        !progress_due(p, clock_mono_us())) {
        return;
    }
    progress_show(p,
        "naru export: %" PRIu64 " of %" PRId64 " documents, %" PRIu64 " rows",
        job->result->documents, job->expected, job->result->rows);
}

static int write_piece(struct job *job, struct error *err)
{
    struct slice s = buf_slice(&job->piece);
    int rc = output_file_write(job->file, s.p, s.len, err);

    buf_clear(&job->piece);
    return rc;
}

static int no_room(const struct index_document *document, struct error *err)
{
    return error_set(err, "document " SLICE_FMT ": too large, or out of memory",
        SLICE_ARG(document->id));
}

/* Is the document one of those wanted? Marks its code as met. */
static int choose(struct job *job, const struct index_document *document,
    bool *wanted, struct error *err)
{
    const struct row_choice *choice = job->plan->choice;
    int holds = 1;

    if (choice->codes != NULL) {
        (void)code_set_meet(choice->codes,
            export_row_field(job->row, job->plan->dataset->key_column));
    }
    if (choice->where != NULL) {
        holds = export_row_holds(job->row, choice->where, err);
    }
    *wanted = holds == 1;
    return holds >= 0 ? 0
                      : error_prefix(err, "--where: document " SLICE_FMT ": ",
                            SLICE_ARG(document->id));
}

static int take(
    void *arg, const struct index_document *document, struct error *err)
{
    struct job *job = arg;
    bool wanted;

    if (*job->plan->stop != 0) {
        return error_set(err, "stopped before the end");
    }
    job->result->documents++;
    tick(job);
    if (export_row_take(job->row, document->source) != 0) {
        return no_room(document, err);
    }
    if (choose(job, document, &wanted, err) != 0) {
        return -1;
    }
    if (!wanted) {
        return 0;
    }
    if (export_row_write(job->row, &job->piece) != 0) {
        return no_room(document, err);
    }
    job->result->rows++;
    return job->piece.len_bytes >= PIECE_BYTES ? write_piece(job, err) : 0;
}

static int open_reader(struct job *job, struct error *err)
{
    const struct export_plan *plan = job->plan;
    struct index_question question = {.index = plan->index};
    struct buf query, sort;
    int rc = -1;

    buf_init(&query, QUERY_MAX_BYTES);
    buf_init(&sort, SORT_MAX_BYTES);
    if (export_query_write(plan->dataset, plan->choice, &query, err) != 0) {
        goto out;
    }
    if (export_query_sort(plan->dataset, &sort) != 0) {
        (void)error_set(err, "out of memory");
        goto out;
    }
    question.query = query.len_bytes > 0 ? buf_str(&query) : NULL;
    question.sort = buf_str(&sort);
    job->reader = index_reader_open(plan->config, &question, err);
    if (job->reader != NULL &&
        index_reader_count(job->reader, &job->expected, err) == 0) {
        rc = 0;
    }
out:
    buf_fini(&query);
    buf_fini(&sort);
    return rc;
}

static int write_all(struct job *job, struct error *err)
{
    if ((job->plan->byte_order_mark &&
            buf_append_str(&job->piece, BYTE_ORDER_MARK) != 0) ||
        export_row_header(job->row, &job->piece) != 0) {
        return error_set(err, "out of memory");
    }
    if (index_reader_read(job->reader, take, job, err) != 0 ||
        write_piece(job, err) != 0) {
        return -1;
    }
    return output_file_finish(job->file, err);
}

int export_run(const struct export_plan *plan, struct export_row *row,
    struct export_result *result, struct error *err)
{
    struct job job = {.plan = plan, .row = row, .result = result};
    int rc = -1;

    *result = (struct export_result){0};
    buf_init(&job.piece, PIECE_BYTES + EXPORT_ROW_MAX_BYTES);
    if (open_reader(&job, err) == 0) {
        job.file = output_file_open(plan->out, plan->gzip, err);
    }
    if (job.file != NULL) {
        rc = write_all(&job, err);
        result->bytes = output_file_bytes(job.file);
        result->reader_gone = output_file_reader_gone(job.file);
    }
    if (plan->progress != NULL) {
        progress_clear(plan->progress);
    }
    output_file_free(job.file);
    index_reader_free(job.reader);
    buf_fini(&job.piece);
    return rc;
}
