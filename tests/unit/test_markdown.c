/* Any text as Markdown wants it. */
#include "reference/markdown.h"

#include "tests/unit/expect_written.h"

#include <stdlib.h>

static void no_byte_is_taken_for_a_mark(void **state)
{
    (void)state;
    expect(markdown_text, "a < b & c | d * 2", "a \\< b \\& c \\| d \\* 2");
    expect(markdown_text, "it`s", "it\\`s");
    expect(markdown_prose, "# no heading", "\\# no heading\n");
    expect(markdown_prose, "a\n= b", "a\n\\= b\n");
    expect(markdown_prose, "a\n- b\n-1 c", "a\n\\- b\n-1 c\n");
    expect(markdown_prose, "1. a\n1.5 b", "1\\. a\n1.5 b\n");
    expect(markdown_prose, "<script>", "`<script>`\n");
}

static void what_is_typed_is_code(void **state)
{
    (void)state;
    expect(markdown_text, "(--dry-run), or -n.", "(`--dry-run`), or `-n`.");
    expect(markdown_text, "bridge.dataset; naru.conf, 6.8 and e.g. this",
        "`bridge.dataset`; `naru.conf`, 6.8 and e.g. this");
    expect(markdown_text, "\"a_b\" ./mine /metrics and/or well-kept - -1",
        "\"`a_b`\" `./mine` `/metrics` and/or well-kept - -1");
    expect(markdown_text, "%{Date}-%{Code}: id", "`%{Date}-%{Code}`: id");
    expect(markdown_code, "a`b", "`` a`b ``");
}

static void lines_with_a_layout_keep_it(void **state)
{
    (void)state;
    expect(markdown_prose, "One\ntwo.\n\n\nThree.", "One\ntwo.\n\nThree.\n");
    expect(markdown_prose, "List:\n  *a*\n  b\nAfter.",
        "List:\n\n```\n  *a*\n  b\n```\n\nAfter.\n");
    expect(markdown_prose, "  only", "```\n  only\n```\n");
    expect(markdown_lines, "a *b*\n\nc", "```\na *b*\n\nc\n```\n");
}

static void an_item_goes_on_below_its_name(void **state)
{
    (void)state;
    expect(markdown_item, "one\n- two", "\\\n  one\n  \\- two\n");
    expect(markdown_item, "a  one\nb  two",
        "\n\n  ```\n  a  one\n  b  two\n  ```\n");
}

static void a_cell_has_no_bar_and_no_end_of_line(void **state)
{
    (void)state;
    expect(markdown_cell, "this\nor a|b | c", "this or `a\\|b` \\| c");
    expect(markdown_cell_code, "a|b", "`a\\|b`");
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(no_byte_is_taken_for_a_mark),
        cmocka_unit_test(what_is_typed_is_code),
        cmocka_unit_test(lines_with_a_layout_keep_it),
        cmocka_unit_test(an_item_goes_on_below_its_name),
        cmocka_unit_test(a_cell_has_no_bar_and_no_end_of_line),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
