/*
 * naru verify: CSV, topic and index compared row by row. Options in
 * verify_options.h, the comparison in verify/; here the keys are drawn, the
 * result is printed, and the exit code tells whether all agree.
 */
#include "cli/commands.h"

#include "cli/verify_options.h"
#include "common/clock.h"
#include "common/log.h"
#include "verify/verify_report.h"

#include <stdio.h>
#include <sys/random.h>

#define EXIT_WORK 1
#define EXIT_USAGE 2

static void complain(const struct error *err)
{
    (void)fprintf(stderr, "naru verify: %s\n", err->text);
}

/* New keys for each run, so that no collision is there to stay. */
static int draw_keys(struct verify_plan *plan, struct error *err)
{
    uint64_t words[4];

    if (getrandom(words, sizeof(words), 0) != (ssize_t)sizeof(words)) {
        return error_set(err, "the machine gives no random numbers");
    }
    plan->id_key = (struct sip_key){words[0], words[1]};
    plan->content_key = (struct sip_key){words[2], words[3]};
    return 0;
}

static int report(const struct verify_options *o,
    const struct verify_plan *plan, const struct verify_result *result,
    struct error *err)
{
    if (!o->quiet) {
        verify_report_print(plan, result, stdout);
        if (fflush(stdout) != 0) {
            return error_set(err, "cannot write to standard output");
        }
    }
    return o->report != NULL ? verify_report_write(plan, result, o->report, err)
                             : 0;
}

static int verify(const struct verify_options *o)
{
    struct verify_plan plan = verify_options_plan(o);
    struct verify_result result;
    struct progress progress;
    struct error err;
    int code = EXIT_WORK;

    if (!o->quiet) {
        progress_init(&progress, stderr, clock_mono_us());
        plan.progress = &progress;
    }
    if (draw_keys(&plan, &err) != 0) {
        complain(&err);
        return EXIT_WORK;
    }
    if (verify_run(&plan, &result, &err) != 0 ||
        report(o, &plan, &result, &err) != 0) {
        complain(&err);
    } else {
        code = result.differences == 0 ? 0 : EXIT_WORK;
    }
    verify_result_fini(&result);
    return code;
}

int cmd_verify(int argc, char **argv)
{
    struct verify_options o;
    struct error err;
    int code;

    if (verify_options_read(&o, argc, argv, &err) != 0) {
        complain(&err);
        code = EXIT_USAGE;
    } else {
        log_setup(LOG_ERROR, false); /* else one line an error is several */
        code = o.help ? 0 : verify(&o);
    }
    verify_options_fini(&o);
    return code;
}
