/* Numbers as NiFi writes them. */
#include "bridge/watch/nifi_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct buf out;

static const char *count(uint64_t n)
{
    buf_clear(&out);
    assert_int_equal(nifi_text_count(&out, n), 0);
    return buf_str(&out);
}

static const char *size(uint64_t bytes)
{
    buf_clear(&out);
    assert_int_equal(nifi_text_size(&out, bytes), 0);
    return buf_str(&out);
}

static const char *duration(uint64_t nanos)
{
    buf_clear(&out);
    assert_int_equal(nifi_text_duration(&out, nanos), 0);
    return buf_str(&out);
}

static void counts_have_commas(void **state)
{
    (void)state;
    assert_string_equal(count(0), "0");
    assert_string_equal(count(999), "999");
    assert_string_equal(count(1500), "1,500");
    assert_string_equal(count(1234567), "1,234,567");
    assert_string_equal(count(UINT64_MAX), "18,446,744,073,709,551,615");
}

static void sizes_scale_only_above_one_unit(void **state)
{
    (void)state;
    assert_string_equal(size(0), "0 bytes");
    assert_string_equal(size(1024), "1,024 bytes");
    assert_string_equal(size(1025), "1 KB");
    assert_string_equal(size(307200), "300 KB");
    assert_string_equal(size(1 << 20), "1,024 KB");
    assert_string_equal(size((1 << 20) + (1 << 19)), "1.5 MB");
    assert_string_equal(size(1288490189), "1.2 GB");
    assert_string_equal(size(1152), "1.12 KB"); /* 1.125: half to even */
    assert_string_equal(size(1408), "1.38 KB"); /* 1.375 */
    assert_string_equal(size(5ull << 40), "5 TB");
}

static void amounts_have_both(void **state)
{
    (void)state;
    buf_clear(&out);
    assert_int_equal(nifi_text_amount(&out, 1500, 307200), 0);
    assert_string_equal(buf_str(&out), "1,500 (300 KB)");
}

static void durations_have_thousandths(void **state)
{
    (void)state;
    assert_string_equal(duration(0), "00:00:00.000");
    assert_string_equal(duration(1234567890), "00:00:01.234");
    assert_string_equal(duration(3723000000000ull), "01:02:03.000");
    assert_string_equal(duration(360000000000000ull), "100:00:00.000");
}

static void clocks_say_their_zone(void **state)
{
    (void)state;
    buf_clear(&out);
    assert_int_equal(nifi_text_clock(&out, 1612862127999), 0);
    assert_string_equal(buf_str(&out), "09:15:27 UTC");
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(counts_have_commas),
        cmocka_unit_test(sizes_scale_only_above_one_unit),
        cmocka_unit_test(amounts_have_both),
        cmocka_unit_test(durations_have_thousandths),
        cmocka_unit_test(clocks_say_their_zone),
    };
    int rc;

    buf_init(&out, 1024);
    rc = cmocka_run_group_tests(cases, NULL, NULL);
    buf_fini(&out);
    return rc;
}
