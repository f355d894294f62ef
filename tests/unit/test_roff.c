/* Any text as man pages want it. */
#include "reference/roff.h"

#include "tests/unit/expect_written.h"

#include <stdlib.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static void no_byte_is_taken_for_a_request(void **state)
{
    (void)state;
    expect(roff_text, "a\\nb", "a\\enb");
    expect(roff_text, "it's `so` ^ ~", "it\\(aqs \\(gaso\\(ga \\(ha \\(ti");
    expect(roff_prose, ".so /etc/passwd", "\\&.so /etc/passwd\n");
    expect(roff_prose, "'br", "\\(aqbr\n");
    expect(roff_lines, ".sp 9", ".EX\n\\&.sp 9\n.EE\n");
}

static void hyphens_of_options_can_be_copied(void **state)
{
    (void)state;
    expect(roff_text, "use --dry-run or -n, well-kept",
        "use \\-\\-dry-run or \\-n, well-kept");
    expect(roff_text, "(-x) [-y] a|-z -", "(\\-x) [\\-y] a|\\-z \\-");
    expect(roff_literal, "utf-8", "utf\\-8");
}

static void what_is_not_ascii_is_named(void **state)
{
    (void)state;
    expect(roff_text, "나루 é 𝄞", "\\[uB098]\\[uB8E8] \\[u00E9] \\[u1D11E]");
    expect(roff_text, "\xed\xa0", "??");
    expect(roff_text, "cut \xeb\x82", "cut ??");
}

static void paragraphs_and_lists_keep_apart(void **state)
{
    (void)state;
    expect(roff_prose, "One\ntwo.\n\nThree.", "One\ntwo.\n.PP\nThree.\n");
    expect(roff_prose, "List:\n  a\n  b\nAfter.",
        "List:\n.EX\n  a\n  b\n.EE\n.PP\nAfter.\n");
    expect(roff_prose, "a     columns\nb     more",
        ".EX\na     columns\nb     more\n.EE\n");
    expect(roff_prose, "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_byte_is_taken_for_a_request),
        cmocka_unit_test(hyphens_of_options_can_be_copied),
        cmocka_unit_test(what_is_not_ascii_is_named),
        cmocka_unit_test(paragraphs_and_lists_keep_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
