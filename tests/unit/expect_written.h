/* What a writer of one text to a stream makes of it. */
#ifndef NARU_TESTS_UNIT_EXPECT_WRITTEN_H
#define NARU_TESTS_UNIT_EXPECT_WRITTEN_H

#include "common/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static void expect(
    void (*write)(FILE *, struct slice), const char *text, const char *wanted)
{
    char *out = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&out, &len);

    assert_non_null(f);
    write(f, slice_of(text));
    assert_int_equal(fclose(f), 0);
    assert_string_equal(out, wanted);
    free(out);
}

#endif
