/*
 * struct dead_letter_file: dead letters in a file, one JSON object a line (see
 * letter.h). A record ends when its line is on the disk; what the disk does
 * not take (it is full, say) waits and is tried again.
 */
#ifndef NARU_BRIDGE_DEAD_LETTER_FILE_H
#define NARU_BRIDGE_DEAD_LETTER_FILE_H

#include "bridge/dead_letter.h"

struct dead_letter_file;

/*
 * dead_letter_file_new(base, path, done, arg, err):
 * The file is made if need be, and a torn last line, which a crash left, is
 * cut off and told of. NULL with err when the file cannot be written.
 */
struct dead_letter_file *dead_letter_file_new(struct event_base *base,
    const char *path, dead_letter_done_fn done, void *arg,
    struct error *err) MUST_CHECK;

/* The others are as those of dead_letter.h. The lines of one turn of the event
 * loop share one sync. */
void dead_letter_file_free(struct dead_letter_file *d);
int dead_letter_file_take(struct dead_letter_file *d, const struct doc *doc,
    const struct record *record, const struct refusal *why) MUST_CHECK;
size_t dead_letter_file_pending(const struct dead_letter_file *d);
size_t dead_letter_file_pending_bytes(const struct dead_letter_file *d);
const char *dead_letter_file_problem(
    const struct dead_letter_file *d, int64_t *since_us);

#endif
