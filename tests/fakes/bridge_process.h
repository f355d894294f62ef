/*
 * struct bridge_process: the real `naru bridge` as a child process, its log in
 * a file. Failures end the running test case. A child does not outlive the
 * test's process.
 */
#ifndef NARU_TESTS_FAKES_BRIDGE_PROCESS_H
#define NARU_TESTS_FAKES_BRIDGE_PROCESS_H

#include "common/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define BRIDGE_STILL_RUNS (-1)
#define BRIDGE_KILLED_BY 1000 /* plus the signal's number */
#define BRIDGE_ARGS_MOST 64

struct bridge_process {
    pid_t pid; /* 0: not running */
    int admin_port;
    int exit_code;
    bool dumped_core;
    char log_path[256];
};

/*
 * bridge_start(b, args):
 * Run `naru bridge` with args (NULL ends them) and an admin port of its own.
 * The executable is $NARU_BIN, or the one built with the tests.
 */
void bridge_start(struct bridge_process *b, const char *const *args);

/* bridge_executable(): Its path. */
const char *bridge_executable(void);

void bridge_signal(const struct bridge_process *b, int signal_number);

/*
 * bridge_wait(b, limit_ms):
 * Wait for its end: the exit code, BRIDGE_KILLED_BY + signal, or
 * BRIDGE_STILL_RUNS after the limit.
 */
int bridge_wait(struct bridge_process *b, int limit_ms);

/* bridge_end(b): Kill it if it runs, remove the log. */
void bridge_end(struct bridge_process *b);

/* bridge_log_lines(b, text): Lines of its log that contain text. */
unsigned bridge_log_lines(const struct bridge_process *b, const char *text);

/* bridge_show_log(b): The log's last lines, on the test's output. */
void bridge_show_log(const struct bridge_process *b);

/* bridge_memory_bytes(b): Its resident memory now. */
size_t bridge_memory_bytes(const struct bridge_process *b);

/* What became of all records, summed over partitions. */
struct bridge_ledger {
    int64_t consumed;
    int64_t created;
    int64_t updated;
    int64_t duplicate;
    int64_t deleted;
    int64_t dead_lettered;
    int64_t skipped;
    int64_t released;
    int64_t pending;
};

/* bridge_page(b, path, header): What the admin port answers, headers included,
 * to be freed; header is one more of the request's, or NULL. NULL: nothing. */
char *bridge_page(const struct bridge_process *b, const char *path,
    const char *header) MUST_CHECK;

/* bridge_metrics(b): The page /metrics, to be freed; NULL: no answer. */
char *bridge_metrics(const struct bridge_process *b) MUST_CHECK;

/* bridge_metric(page, name): A sample without labels, -1 if absent. */
double bridge_metric(const char *page, const char *name);

/* bridge_ledger_now(b, out): From /metrics; false when it does not answer. */
bool bridge_ledger_now(
    const struct bridge_process *b, struct bridge_ledger *out) MUST_CHECK;

/* bridge_ledger_at_end(b): From the log's last line of a bridge that ended. */
struct bridge_ledger bridge_ledger_at_end(const struct bridge_process *b);

/* bridge_ledger_check(l): consumed is the sum of the rest. */
void bridge_ledger_check(const struct bridge_ledger *l);

#endif
