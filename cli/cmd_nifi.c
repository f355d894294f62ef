/* naru nifi: a NiFi flow judged (check) and translated (import). */
#include "cli/commands.h"

#include "bridge/nifi/expression.h"
#include "bridge/nifi/nifi_import.h"
#include "bridge/nifi/zone.h"
#include "common/options.h"
#include "common/suggest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_PATH = 1, OPT_OUT, OPT_JSON, OPT_ZONE, OPT_NAMES, OPT_HELP };

static const struct option_row rows[] = {
    {OPT_PATH, "path", 0, "N",
        "only the Nth way from Kafka to Elasticsearch, as check\n"
        "numbers them; import needs it when there are several"},
    {OPT_OUT, "out", 'o', "FILE",
        "import: where to write the configuration; default:\n"
        "standard output. A file that is there is not replaced"},
    {OPT_JSON, "json", 0, NULL, "check: as JSON"},
    {OPT_ZONE, "zone", 0, "NAME",
        "time zone of dates that the flow makes without naming\n"
        "one, such as Asia/Seoul: NiFi takes its host's, which the\n"
        "file does not tell; default: UTC"},
    {OPT_NAMES, "names", 0, NULL,
        "import: with section [nifi], the ids and names under which\n"
        "the bridge shows NiFi's numbers"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table nifi_option_table = {
    .command = "naru nifi",
    .usage = "naru nifi check FLOW [--path N] [--json] [--zone NAME]\n"
             "naru nifi import FLOW [--path N] [--out FILE] [--zone NAME]\n"
             "                       [--names]",
    .about =
        "Reads a flow of Apache NiFi and finds each way in it from a\n"
        "ConsumeKafka to an Elasticsearch writer.\n\n"
        "check prints for each, property by property, what NiFi does and what\n"
        "naru does; then all that naru cannot do, and what the flow as drawn\n"
        "loses, stores twice or retries for ever.\n"
        "import writes the configuration that does the same, with a comment "
        "on\n"
        "each setting that says where it came from. Passwords are never read\n"
        "or shown; it says which to supply, and how.\n\n"
        "FLOW is a template (XML), flow.xml or flow.json (also .gz) of NiFi's\n"
        "conf folder, a flow definition downloaded from a process group, or a\n"
        "snapshot of NiFi Registry, from NiFi 1.0 to 2.x; - is standard input.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "On the way there may stand UpdateAttribute, EvaluateJsonPath,\n"
        "SplitJson, RouteOnAttribute, ConvertRecord (JSON to JSON),\n"
        "MergeContent (as a hint how large batches are), LogAttribute and\n"
        "LogMessage, ports, funnels and nested groups.\n\n"
        "Examples:\n"
        "  naru nifi check /opt/nifi/conf/flow.xml.gz\n"
        "  naru nifi import kafka2es.json --zone Asia/Seoul --out naru.conf\n"
        "  naru bridge -c naru.conf --check\n"
        "  naru bridge --nifi kafka2es.json    # import and run at once\n\n"
        "Exit codes: 0 done, and naru can do it all; 1 it cannot, or the flow\n"
        "has no such way; 2 unusable arguments, or no flow of NiFi's.",
};

struct nifi_args {
    const char *action, *file, *out;
    struct plan_options plan;
    int64_t path;
    bool json, help;
};

static int complain(const struct error *err, int code)
{
    (void)fprintf(stderr, "naru nifi: %s\n", err->text);
    return code;
}

static int take_option(
    struct nifi_args *a, int id, const char *value, struct error *err)
{
    struct zone *zone;

    switch (id) {
    case OPT_PATH:
        return options_number(
            "--path", value, 1, FLOW_MAX_PATHS, &a->path, err);
    case OPT_OUT:
        a->out = value;
        return 0;
    case OPT_JSON:
        a->json = true;
        return 0;
    case OPT_NAMES:
        a->plan.names = true;
        return 0;
    case OPT_ZONE:
        zone = zone_new(value, err);
        if (zone == NULL) {
            return error_prefix(err, "--zone: ");
        }
        zone_free(zone);
        a->plan.zone = value;
        return 0;
    default:
        a->help = true;
        return 0;
    }
}

static int take_operands(
    struct nifi_args *a, int n, char *const *operands, struct error *err)
{
    if (n == 0) {
        return error_set(
            err, "check or import? see %s --help", nifi_option_table.command);
    }
    a->action = operands[0];
    if (strcmp(a->action, "check") != 0 && strcmp(a->action, "import") != 0) {
        return error_set(err,
            "unknown action '%s'; check or import? see %s --help", a->action,
            nifi_option_table.command);
    }
    if (n == 1) {
        return error_set(err,
            "%s what? name the flow's file, e.g. /opt/nifi/conf/flow.xml.gz",
            a->action);
    }
    if (n > 2) {
        return error_set(err, "unexpected argument '%s'; see %s --help",
            operands[2], nifi_option_table.command);
    }
    a->file = operands[1];
    if (a->out != NULL && strcmp(a->action, "check") == 0) {
        return error_set(err, "--out belongs to import");
    }
    if (a->json && strcmp(a->action, "import") == 0) {
        return error_set(err, "--json belongs to check");
    }
    return 0;
}

static int read_args(
    struct nifi_args *a, int argc, char **argv, struct error *err)
{
    struct options *o = options_new(&nifi_option_table, argc, argv);
    const char *value;
    int id = OPTIONS_END, rc = 0;

    if (o == NULL) {
        return error_set(err, "out of memory");
    }
    while (rc == 0 && !a->help && (id = options_next(o, &value, err)) > 0) {
        rc = take_option(a, id, value, err);
    }
    if (rc == 0 && !a->help) {
        rc = id == OPTIONS_BAD ? -1
                               : take_operands(a, options_operand_count(o),
                                     options_operands(o), err);
    }
    options_free(o);
    return rc;
}

static int check(
    const struct nifi_args *a, const struct nifi_import *i, struct error *err)
{
    bool none = false;
    int rc;

    if (a->path != 0 && i->paths.n > 0 &&
        nifi_import_choose(i, (size_t)a->path, err) == NULL) {
        return complain(err, 2);
    }
    if (a->json) {
        if (nifi_import_print_json(i, (size_t)a->path, stdout) != 0) {
            (void)error_set(err, "cannot write to standard output");
            return complain(err, 1);
        }
    } else {
        nifi_import_print(i, (size_t)a->path, stdout);
    }
    rc = nifi_import_is_fine(i, (size_t)a->path) ? 0 : 1;
    none = i->paths.n == 0 && nifi_import_choose(i, 0, err) == NULL;
    if (fflush(stdout) != 0) {
        (void)error_set(err, "cannot write to standard output");
        return complain(err, 1);
    }
    return none ? complain(err, 1) : rc;
}

static int write_out(
    const struct nifi_args *a, struct buf *text, struct error *err)
{
    FILE *to = a->out != NULL ? fopen(a->out, "wx") : stdout;
    int rc;

    if (to == NULL) {
        return error_set(err, "--out %s: %s", a->out,
            errno == EEXIST ? "the file is there already; remove it or name "
                              "another"
                            : strerror(errno));
    }
    rc = fwrite(text->data, 1, text->len_bytes, to) == text->len_bytes ? 0 : -1;
    rc |= to == stdout ? fflush(to) : fclose(to);
    return rc == 0 ? 0
                   : error_set(err, "cannot write to %s",
                         a->out != NULL ? a->out : "standard output");
}

/* Beside the configuration: what its user must know, on standard error. */
static void tell(const struct nifi_args *a, const struct plan *p, size_t number)
{
    (void)fprintf(stderr, "naru nifi: path %zu is imported%s%s\n", number,
        a->out != NULL ? " as " : "", a->out != NULL ? a->out : "");
    nifi_import_print_findings(p, stderr);
}

static int import(
    const struct nifi_args *a, const struct nifi_import *i, struct error *err)
{
    const struct plan *p = nifi_import_choose(i, (size_t)a->path, err);
    size_t number = a->path > 0 ? (size_t)a->path : 1;
    struct buf text;
    int rc = 0;

    if (p == NULL) {
        return complain(err, i->paths.n == 0 ? 1 : 2);
    }
    if (nifi_import_check_plan(p, err) != 0) {
        return complain(err, 1);
    }
    buf_init(&text, (size_t)16 << 20);
    if (plan_write_config(p, number, i->source, &text) != 0) {
        (void)error_set(err, "out of memory");
        rc = complain(err, 1);
    } else if (write_out(a, &text, err) != 0) {
        rc = complain(err, 2);
    } else {
        tell(a, p, number);
    }
    buf_fini(&text);
    return rc;
}

int cmd_nifi(int argc, char **argv)
{
    struct nifi_args a = {0};
    struct nifi_import i;
    struct error err;
    int rc;

    if (read_args(&a, argc, argv, &err) != 0) {
        return complain(&err, 2);
    }
    if (a.help) {
        options_print_help(&nifi_option_table);
        return 0;
    }
    if (nifi_import_open(&i, a.file, &a.plan, &err) != 0) {
        rc = complain(&err, 2);
    } else if (strcmp(a.action, "check") == 0) {
        rc = check(&a, &i, &err);
    } else {
        rc = import(&a, &i, &err);
    }
    nifi_import_close(&i);
    return rc;
}
