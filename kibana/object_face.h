/*
 * What of a saved object matters to the people who look at it: its face. Two
 * objects with the same face look and act alike, whatever a server's
 * migrations did to the rest (versions, reference names, added settings).
 * Pure.
 */
#ifndef NARU_KIBANA_OBJECT_FACE_H
#define NARU_KIBANA_OBJECT_FACE_H

#include "common/attr.h"

#include <jansson.h>
#include <stddef.h>

#define OBJECT_FACE_SUM_BYTES 17 /* 16 hex digits and a NUL */
#define OBJECT_FACE_WHERE_BYTES 256

/* object_face(object): Its face, to be released; NULL out of memory. Of a
 * portable or a legacy object, ours or one that a server gave. */
json_t *object_face(const json_t *object) MUST_CHECK;

/* object_face_sum(object, sum): A checksum of the face. 0, -1: no memory. */
int object_face_sum(
    const json_t *object, char sum[OBJECT_FACE_SUM_BYTES]) MUST_CHECK;

enum object_standing {
    OBJECT_SAME,
    OBJECT_MISSING,
    OBJECT_OTHER_RELEASE, /* another naru's, and nobody touched it */
    OBJECT_CHANGED        /* by hand */
};

/*
 * object_face_compare(ours, standing, where):
 * How what stands (NULL: nothing) relates to ours. where gets the first
 * difference in words, "panels[2].w: 24, ours 12"; "" when there is none.
 */
enum object_standing object_face_compare(const json_t *ours,
    const json_t *standing, char where[OBJECT_FACE_WHERE_BYTES]);

#endif
