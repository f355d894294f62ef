/*
 * The functions of NiFi's expression language that naru knows. What a null
 * subject (a missing attribute) gives follows NiFi's own evaluators: append
 * and prepend take it for empty text, tests are false, the rest is null.
 */
#include "bridge/nifi/expression_call.h"

/* By name, for the search. */
static const struct el_function functions[] = {
    {"and", 1, 1, true, el_call_and},
    {"append", 1, 1, true, el_call_append},
    {"contains", 1, 1, true, el_call_contains},
    {"divide", 1, 1, true, el_call_divide},
    {"endsWith", 1, 1, true, el_call_ends_with},
    {"equals", 1, 1, true, el_call_equals},
    {"equalsIgnoreCase", 1, 1, true, el_call_equals_ignore_case},
    {"format", 1, 2, true, el_call_format},
    {"ge", 1, 1, true, el_call_ge},
    {"gt", 1, 1, true, el_call_gt},
    {"ifElse", 2, 2, true, el_call_if_else},
    {"in", 1, EL_MAX_ARGS, true, el_call_in},
    {"isEmpty", 0, 0, true, el_call_is_empty},
    {"isNull", 0, 0, true, el_call_is_null},
    {"le", 1, 1, true, el_call_le},
    {"length", 0, 0, true, el_call_length},
    {"literal", 1, 1, false, el_call_literal},
    {"lt", 1, 1, true, el_call_lt},
    {"minus", 1, 1, true, el_call_minus},
    {"mod", 1, 1, true, el_call_mod},
    {"multiply", 1, 1, true, el_call_multiply},
    {"not", 0, 0, true, el_call_not},
    {"notNull", 0, 0, true, el_call_not_null},
    {"now", 0, 0, false, el_call_now},
    {"or", 1, 1, true, el_call_or},
    {"plus", 1, 1, true, el_call_plus},
    {"prepend", 1, 1, true, el_call_prepend},
    {"replace", 2, 2, true, el_call_replace},
    {"replaceEmpty", 1, 1, true, el_call_replace_empty},
    {"replaceNull", 1, 1, true, el_call_replace_null},
    {"startsWith", 1, 1, true, el_call_starts_with},
    {"substring", 1, 2, true, el_call_substring},
    {"substringAfter", 1, 1, true, el_call_substring_after},
    {"substringAfterLast", 1, 1, true, el_call_substring_after_last},
    {"substringBefore", 1, 1, true, el_call_substring_before},
    {"substringBeforeLast", 1, 1, true, el_call_substring_before_last},
    {"toDate", 0, 2, true, el_call_to_date},
    {"toDecimal", 0, 0, true, el_call_to_decimal},
    {"toLower", 0, 0, true, el_call_to_lower},
    {"toNumber", 0, 0, true, el_call_to_number},
    {"toString", 0, 0, true, el_call_to_string},
    {"toUpper", 0, 0, true, el_call_to_upper},
    {"trim", 0, 0, true, el_call_trim},
};

const struct el_function *el_function_find(struct slice name)
{
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (slice_is(name, functions[i].name)) {
            return &functions[i];
        }
    }
    return NULL;
}
