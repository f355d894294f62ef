/*
 * Markdown as GitHub reads it: text of --help becomes paragraphs, lists and
 * tables, and no byte of it is taken for a mark. Words that are typed, such as
 * options, settings, paths and patterns, are told from others by their
 * characters and set as code. Written to a stream; whoever made it asks
 * ferror() in the end.
 */
#ifndef NARU_REFERENCE_MARKDOWN_H
#define NARU_REFERENCE_MARKDOWN_H

#include "common/slice.h"

#include <stdio.h>

/* markdown_heading(to, level, text): "## text", with its empty lines. */
void markdown_heading(FILE *to, int level, const char *text);

/* markdown_text(to, s): In the line; an end of a line is a space. */
void markdown_text(FILE *to, struct slice s);

/* markdown_code(to, s): In the line, as it is typed. */
void markdown_code(FILE *to, struct slice s);

/*
 * markdown_prose(to, s):
 * Lines as --help shows them: an empty line ends a paragraph, lines that
 * lines_keep stay as they are.
 */
void markdown_prose(FILE *to, struct slice s);

/* markdown_lines(to, s): All lines stay as they are. */
void markdown_lines(FILE *to, struct slice s);

/* markdown_item(to, s): What a list's item goes on with, on lines of its own
 * behind what stands on the first; with columns in it they stay as they are. */
void markdown_item(FILE *to, struct slice s);

/* markdown_cell(to, s), markdown_cell_code: Text, code in a table's cell. */
void markdown_cell(FILE *to, struct slice s);
void markdown_cell_code(FILE *to, struct slice s);

#endif
