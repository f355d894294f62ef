/*
 * Man pages as the macros of man(7) write them: any text becomes paragraphs,
 * and no byte of it is taken for a request. Written to a stream; whoever made
 * it asks ferror() in the end. What comes out is ASCII.
 */
#ifndef NARU_REFERENCE_ROFF_H
#define NARU_REFERENCE_ROFF_H

#include "common/slice.h"

#include <stdio.h>

/* roff_head(to, page, section, date, source): "naru-replay", '1', ... */
void roff_head(FILE *to, const char *page, char section, const char *date,
    const char *source);

/* roff_section(to, title), roff_subsection: A heading. */
void roff_section(FILE *to, const char *title);
void roff_subsection(FILE *to, const char *title);

/* roff_text(to, s): In the line, hyphens as hyphens unless they begin an
 * option. */
void roff_text(FILE *to, struct slice s);

/* roff_literal(to, s): In the line, as it is typed. */
void roff_literal(FILE *to, struct slice s);

/*
 * roff_prose(to, s):
 * Lines as --help shows them: an empty line ends a paragraph, lines that begin
 * with a space, or have columns, stay as they are.
 */
void roff_prose(FILE *to, struct slice s);

/* roff_lines(to, s): All lines stay as they are. */
void roff_lines(FILE *to, struct slice s);

#endif
