/*
 * jansson as the reference that our own JSON is compared with. Its names of
 * kinds are those of common/json_scan.h, so they are renamed while it is read;
 * include this before json_scan.h.
 */
#ifndef NARU_TESTS_UNIT_REFERENCE_JSON_H
#define NARU_TESTS_UNIT_REFERENCE_JSON_H

#define JSON_STRING REFERENCE_STRING
#define JSON_TRUE REFERENCE_TRUE
#define JSON_FALSE REFERENCE_FALSE
#define JSON_NULL REFERENCE_NULL
#define JSON_OBJECT REFERENCE_OBJECT
#define JSON_ARRAY REFERENCE_ARRAY
#include <jansson.h>

/* o: object, a: array, s: string, n: number, t, f, 0: null. */
static inline char reference_kind(const json_t *j)
{
    switch (json_typeof(j)) {
    case JSON_OBJECT:
        return 'o';
    case JSON_ARRAY:
        return 'a';
    case JSON_STRING:
        return 's';
    case JSON_TRUE:
        return 't';
    case JSON_FALSE:
        return 'f';
    case JSON_NULL:
        return '0';
    default:
        return 'n';
    }
}

static inline double reference_number(const json_t *j)
{
    return json_number_value(j);
}

#undef JSON_STRING
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL
#undef JSON_OBJECT
#undef JSON_ARRAY

#endif
