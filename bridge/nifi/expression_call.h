/* The functions of expressions, and what they share. */
#ifndef NARU_BRIDGE_NIFI_EXPRESSION_CALL_H
#define NARU_BRIDGE_NIFI_EXPRESSION_CALL_H

#include "bridge/nifi/expression_tree.h"

/* An el_function_fn of that name. */
#define EL_CALL(name)                                                          \
    int name(struct el_run *run, struct el_value subject,                      \
        const struct el_value *args, size_t n, struct el_value *out)
#define EL_UNUSED_ARGS                                                         \
    (void)run;                                                                 \
    (void)subject;                                                             \
    (void)args;                                                                \
    (void)n

static inline struct el_value el_text_value(struct slice s)
{
    return (struct el_value){.kind = EL_TEXT, .text = s};
}

static inline struct el_value el_truth_value(bool truth)
{
    return (struct el_value){.kind = EL_BOOL, .truth = truth};
}

static inline struct el_value el_whole_value(int64_t n)
{
    return (struct el_value){.kind = EL_WHOLE, .whole = n};
}

static const struct el_value el_null_value = {.kind = EL_NULL};

/* el_joined(run, a, b, out): a and b as one text. 0, or -1 with run->err. */
int el_joined(struct el_run *run, struct slice a, struct slice b,
    struct el_value *out) MUST_CHECK;

/* el_find(in, what, last): Where what begins in it, or NULL. */
const char *el_find(struct slice in, struct slice what, bool last);

/* el_is_blank(v): Nothing, or text of blanks alone. */
bool el_is_blank(struct el_value v);

EL_CALL(el_call_append);
EL_CALL(el_call_prepend);
EL_CALL(el_call_to_lower);
EL_CALL(el_call_to_upper);
EL_CALL(el_call_trim);
EL_CALL(el_call_to_string);
EL_CALL(el_call_replace);
EL_CALL(el_call_substring);
EL_CALL(el_call_substring_before);
EL_CALL(el_call_substring_before_last);
EL_CALL(el_call_substring_after);
EL_CALL(el_call_substring_after_last);
EL_CALL(el_call_length);
EL_CALL(el_call_is_empty);
EL_CALL(el_call_is_null);
EL_CALL(el_call_not_null);
EL_CALL(el_call_replace_null);
EL_CALL(el_call_replace_empty);
EL_CALL(el_call_literal);
EL_CALL(el_call_equals);
EL_CALL(el_call_equals_ignore_case);
EL_CALL(el_call_starts_with);
EL_CALL(el_call_ends_with);
EL_CALL(el_call_contains);
EL_CALL(el_call_in);
EL_CALL(el_call_and);
EL_CALL(el_call_or);
EL_CALL(el_call_not);
EL_CALL(el_call_if_else);
EL_CALL(el_call_now);
EL_CALL(el_call_to_date);
EL_CALL(el_call_format);
EL_CALL(el_call_to_number);
EL_CALL(el_call_to_decimal);
EL_CALL(el_call_plus);
EL_CALL(el_call_minus);
EL_CALL(el_call_multiply);
EL_CALL(el_call_divide);
EL_CALL(el_call_mod);
EL_CALL(el_call_gt);
EL_CALL(el_call_ge);
EL_CALL(el_call_lt);
EL_CALL(el_call_le);

#endif
