/* What pages say that no table does: of the whole program, of the form of its
 * configuration, and an example of one. Written as --help is. */
#ifndef NARU_REFERENCE_TEXTS_H
#define NARU_REFERENCE_TEXTS_H

extern const char *const texts_what;       /* it is, half a sentence */
extern const char *const texts_flow;       /* what it does */
extern const char *const texts_exit_codes; /* of all commands */
extern const char *const texts_form;       /* of naru.conf */
extern const char *const texts_kafka;      /* its section [kafka] */
extern const char *const texts_example;    /* of a naru.conf */
extern const char *const texts_metrics;    /* where they are */

#endif
