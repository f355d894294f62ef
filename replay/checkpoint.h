/*
 * struct checkpoint: a resume point in a file, replaced whole and on the disk
 * before it counts. While it is open no other replay can open it.
 */
#ifndef NARU_REPLAY_CHECKPOINT_H
#define NARU_REPLAY_CHECKPOINT_H

#include "common/attr.h"
#include "common/error.h"
#include "replay/resume_point.h"

struct checkpoint; /* opaque */

/*
 * checkpoint_open(name, err):
 * The checkpoint of that name: NAME.checkpoint in $XDG_STATE_HOME/naru, else
 * in ~/.local/state/naru, which is made if need be. NULL with err, also when
 * another replay has it.
 */
struct checkpoint *checkpoint_open(
    const char *name, struct error *err) MUST_CHECK;
void checkpoint_free(struct checkpoint *c);

/* checkpoint_path(c): The file. */
const char *checkpoint_path(const struct checkpoint *c);

/* checkpoint_load(c, point, err): 1 with *point, 0 when there is none yet, or
 * -1 with err. */
int checkpoint_load(struct checkpoint *c, struct resume_point *point,
    struct error *err) MUST_CHECK;

/* checkpoint_store(c, point, err): Replace it. 0, or -1 with err. */
int checkpoint_store(struct checkpoint *c, const struct resume_point *point,
    struct error *err) MUST_CHECK;

#endif
