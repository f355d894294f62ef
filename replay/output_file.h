/*
 * struct output_file: a file that appears under its name only when whole, or
 * standard output; as it is, or packed with gzip. The gzip header carries
 * neither name nor time, so that the same bytes in give the same bytes out
 * (from the same zlib).
 */
#ifndef NARU_REPLAY_OUTPUT_FILE_H
#define NARU_REPLAY_OUTPUT_FILE_H

#include "common/attr.h"
#include "common/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output_file; /* opaque */

/*
 * output_file_open(path, gzip, err):
 * Start writing to path with ".part" appended, or to standard output for "-".
 * What a run before left under that name is overwritten. Behind a link the file
 * that it leads to is meant; a device or a pipe is written to as it is, and has
 * at once what is written. NULL with err, which names the file.
 */
struct output_file *output_file_open(
    const char *path, bool gzip, struct error *err) MUST_CHECK;

/*
 * output_file_write(f, data, n, err):
 * Write n bytes. Returns 0 or -1 with err, e.g. when the disk is full; then f
 * may only be discarded.
 */
int output_file_write(struct output_file *f, const void *data, size_t n,
    struct error *err) MUST_CHECK;

/*
 * output_file_finish(f, err):
 * Write what is held back, close, and give the file its name, replacing one
 * that has it. Returns 0 or -1 with err; then f may only be discarded.
 */
int output_file_finish(struct output_file *f, struct error *err) MUST_CHECK;

/*
 * output_file_free(f):
 * Free it. If it has not been finished its bytes are thrown away; standard
 * output keeps what it got. NULL is fine.
 */
void output_file_free(struct output_file *f);

/* output_file_bytes(f): What has been written out so far, packed. */
uint64_t output_file_bytes(const struct output_file *f);

/*
 * output_file_reader_gone(f):
 * Did a write fail because nobody reads the pipe any more? SIGPIPE must be
 * ignored for this to be seen.
 */
bool output_file_reader_gone(const struct output_file *f);

#endif
