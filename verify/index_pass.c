/* Documents as contents; see index_pass.h. */
#include "verify/index_pass.h"

#include "verify/json_content.h"

struct pass {
    struct content content;
    index_pass_fn each;
    void *arg;
};

static int take(
    void *arg, const struct index_document *document, struct error *err)
{
    struct pass *p = arg;

    if (json_content(document->source, &p->content) != 0) {
        return error_set(err,
            "index " SLICE_FMT ": document " SLICE_FMT
            " comes without a readable _source; verify compares by it",
            SLICE_ARG(document->index), SLICE_ARG(document->id));
    }
    return p->each(p->arg, document, &p->content, err);
}

int index_pass_run(struct index_reader *reader, index_pass_fn each, void *arg,
    struct error *err)
{
    struct pass p = {.each = each, .arg = arg};
    int rc;

    content_init(&p.content);
    rc = index_reader_read(reader, take, &p, err);
    content_fini(&p.content);
    return rc;
}
