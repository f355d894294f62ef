/* Packed bodies unpack to what they were, one after the other. */
#include "bridge/packed_body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define MOST ((size_t)4 << 20)

/* How much came out; SIZE_MAX where it is not one whole packed text. */
static size_t unpack(enum packing packing, struct slice from, char *to)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)from.p,
        .avail_in = (uInt)from.len,
        .next_out = (Bytef *)to,
        .avail_out = (uInt)MOST};
    size_t n = SIZE_MAX;

    if (packing == PACKING_ZSTD) {
        n = ZSTD_decompress(to, MOST, from.p, from.len);
        return ZSTD_isError(n) ? SIZE_MAX : n;
    }
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    if (inflate(&z, Z_FINISH) == Z_STREAM_END && z.avail_in == 0) {
        n = MOST - z.avail_out;
    }
    (void)inflateEnd(&z);
    return n;
}

static void fill(char *body, size_t n, bool is_random)
{
    uint64_t random = 1;

    for (size_t i = 0; i < n; i++) {
        random = random * UINT64_C(6364136223846793005) + 1;
        body[i] = is_random ? (char)(random >> 56)
                            : "{\"Code\":\"005930\"}\n"[i % 18];
    }
}

static void bodies_come_out_as_they_went_in(void **state)
{
    static const enum packing kinds[] = {PACKING_GZIP, PACKING_ZSTD};
    static const size_t sizes[] = {3 << 20, 0, 1, 18, 65536, 1 << 20};
    char *body = malloc(MOST), *back = malloc(MOST);
    struct buf out;

    (void)state;
    assert_true(body != NULL && back != NULL);
    buf_init(&out, SIZE_MAX);
    for (size_t k = 0; k < 2; k++) {
        struct packed_body *p = packed_body_new(kinds[k]);

        assert_non_null(p);
        for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
            size_t n = sizes[i / 2];

            fill(body, n, i % 2 == 1);
            assert_int_equal(
                packed_body_pack(p, (struct slice){body, n}, &out), 0);
            assert_int_equal(unpack(kinds[k], buf_slice(&out), back), n);
            assert_memory_equal(back, body, n);
            assert_true(i % 2 == 1 || n < 1000 || out.len_bytes < n / 50);
        }
        packed_body_free(p);
    }
    packed_body_free(NULL);
    buf_fini(&out);
    free(body);
    free(back);
}

static void a_body_that_finds_no_room_is_not_packed(void **state)
{
    char body[1000] = "";

    (void)state;
    for (int kind = PACKING_GZIP; kind <= PACKING_ZSTD; kind++) {
        struct packed_body *p = packed_body_new((enum packing)kind);
        struct buf out;

        assert_non_null(p);
        buf_init(&out, 100);
        assert_int_equal(
            packed_body_pack(p, (struct slice){body, sizeof(body)}, &out), -1);
        buf_fini(&out);
        packed_body_free(p);
    }
}

static void each_has_its_name_in_http(void **state)
{
    (void)state;
    assert_null(packing_name(PACKING_NONE));
    assert_string_equal(packing_name(PACKING_GZIP), "gzip");
    assert_string_equal(packing_name(PACKING_ZSTD), "zstd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_come_out_as_they_went_in),
        cmocka_unit_test(a_body_that_finds_no_room_is_not_packed),
        cmocka_unit_test(each_has_its_name_in_http),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
