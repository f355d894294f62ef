/* Compiler attributes, by the names our prototypes use. */
#ifndef NARU_COMMON_ATTR_H
#define NARU_COMMON_ATTR_H

/* The result tells of failure; ignoring it is a bug. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* printf-like: the format is argument f, the values start at argument a. */
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

#endif
