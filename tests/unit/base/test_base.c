// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/arena.h"
#include "yimen/base/error.h"
#include "yimen/base/queue.h"
#include "yimen/base/strbuf.h"
#include "yimen/base/text.h"
#include "yimen/base/when.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_failure_names_every_task_above_its_cause(void **state)
{
    (void)state;
    struct fail why;
    enum err err = fail_set(&why, ERR_FULL, "disk is full");
    err = fail_prefix(&why, err, "writing part %d", 2);
    err = fail_prefix(&why, err, "saving the case");
    assert_int_equal(err, ERR_FULL);
    assert_string_equal(why.text, "saving the case: writing part 2: disk is full");
    assert_int_equal(fail_set(NULL, ERR_BUG, "nobody listens"), ERR_BUG);
}

static void text_in_xml_cannot_end_its_tag_or_attribute(void **state)
{
    (void)state;
    struct strbuf buffer;
    strbuf_init(&buffer, 100);
    strbuf_add_xml(&buffer, "\"张三\" <a> & 'b'");
    assert_string_equal(strbuf_text(&buffer), "&quot;张三&quot; &lt;a&gt; &amp; &#39;b&#39;");
    strbuf_free(&buffer);
}

static void a_strbuf_stops_at_its_maximum_and_stays_failed(void **state)
{
    (void)state;
    struct strbuf buffer;
    strbuf_init(&buffer, 5);
    strbuf_adds(&buffer, "12345");
    assert_int_equal(strbuf_result(&buffer, NULL), ERR_OK);
    strbuf_addc(&buffer, '6');
    strbuf_clear(&buffer);
    strbuf_addf(&buffer, "%d", 123456);
    assert_int_equal(strbuf_result(&buffer, NULL), ERR_FULL);
    assert_null(strbuf_take(&buffer));
    strbuf_free(&buffer);
}

static void text_that_is_not_utf8_is_noticed(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool good;
    } cases[] = {
        {"abc", true},
        {"\xE5\xBC\xA0\xE4\xB8\x89", true},
        {"\xF0\xA0\xAE\xB7", true},
        {"\xC0\x80", false},
        {"\xED\xA0\x80", false},
        {"\xE5\xBC", false},
        {"\xF5\x80\x80\x80", false},
        {"\xFF", false},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++)
        assert_int_equal(text_is_utf8(cases[at].bytes, strlen(cases[at].bytes)), cases[at].good);
    assert_false(text_is_utf8("a\0b", 3));
}

static void a_cut_copy_ends_between_characters(void **state)
{
    (void)state;
    char out[6];
    assert_false(text_copy(out, sizeof out, "\xE5\xBC\xA0\xE4\xB8\x89"));
    assert_string_equal(out, "\xE5\xBC\xA0");
    assert_true(text_copy(out, sizeof out, "12345"));
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    int64_t value;
    assert_true(text_to_int64("-42", &value));
    assert_int_equal(value, -42);
    static const char *const bad[] = {"", " 1", "1 ", "0x1", "99999999999999999999", "1.0", "+"};
    for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++)
        assert_false(text_to_int64(bad[at], &value));
}

static void days_and_dates_agree_over_centuries(void **state)
{
    (void)state;
    for (int64_t days = -200000; days < 200000; days += 17) {
        int year, month, day;
        date_from_days(days, &year, &month, &day);
        assert_true(date_is_real(year, month, day));
        assert_int_equal(days_from_date(year, month, day), days);
    }
    assert_false(date_is_real(2026, 2, 29));
    assert_true(date_is_real(2024, 2, 29));
    assert_false(date_is_real(2026, 13, 1));
}

static void the_districts_day_begins_eight_hours_before_utc(void **state)
{
    (void)state;
    struct calendar calendar = calendar_from_utc(1795449600000, 480); // 2026-11-23 16:00 UTC
    assert_int_equal(calendar.day, 24);
    assert_int_equal(calendar.hour, 0);
    assert_int_equal(calendar_to_utc(&calendar, 480), 1795449600000);
    char text[32];
    // The district's clocks: one home for their offset, on both sides of its midnight.
    assert_int_equal(zone_minutes("Etc/UTC"), 0);
    assert_int_equal(zone_minutes(NULL), DISTRICT_ZONE_MINUTES);
    assert_int_equal(district_calendar(1795449600000).hour, 0);
    assert_int_equal(district_midnight(district_day(1795449600000)), 1795449600000);
    assert_int_equal(district_day(1795449600000 - 1) + 1, district_day(1795449600000));
    assert_int_equal(district_day(-1), 0); // 1970-01-01 07:59 there
    district_date(1795449600000 - 1, text);
    assert_string_equal(text, "2026-11-23");
    district_date(1795449600000, text);
    assert_string_equal(text, "2026-11-24");
    when_format_utc(1795449600000, text);
    assert_string_equal(text, "2026-11-23T16:00:00.000Z");
}

static void an_arena_hands_out_zeroes_again_after_clearing(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    for (int round = 0; round < 3; round++) {
        for (int at = 0; at < 100; at++) {
            unsigned char *bytes = arena_alloc(arena, 500);
            for (int byte = 0; byte < 500; byte++)
                assert_int_equal(bytes[byte], 0);
            memset(bytes, 0xAA, 500);
        }
        assert_true(arena_used(arena) >= 50000);
        arena_clear(arena);
        assert_int_equal(arena_used(arena), 0);
    }
    arena_free(arena);
}

static void *put_hundred(void *context)
{
    for (int at = 0; at < 100; at++)
        while (!queue_put(context, &at))
            sched_yield();
    queue_close(context);
    return NULL;
}

static void an_answer_has_its_place_in_a_full_queue(void **state)
{
    (void)state;
    struct queue *queue = queue_new(2, sizeof(int));
    int value = 0;
    assert_true(queue_reserve(queue));
    for (int i = 1; i <= 2; i++)
        assert_true(queue_put(queue, &i));
    assert_false(queue_put(queue, &value)); // full
    assert_true(queue_reserve(queue));      // beside the messages there are as many places
    assert_false(queue_reserve(queue));
    queue_unreserve(queue);
    queue_close(queue);
    queue_put_reserved(queue, &(int){3});
    assert_true(queue_reserve(queue)); // what is done while closing may still ask
    queue_unreserve(queue);
    for (int i = 1; i <= 3; i++) {
        assert_true(queue_take(queue, &value, 0));
        assert_int_equal(value, i);
    }
    assert_false(queue_put_waiting(queue, &value)); // closed: nobody waits
    queue_free(queue);
}

static void a_queue_keeps_order_between_threads_and_refuses_when_full(void **state)
{
    (void)state;
    struct queue *queue = queue_new(3, sizeof(int));
    pthread_t thread;
    pthread_create(&thread, NULL, put_hundred, queue);
    int value;
    for (int at = 0; at < 100; at++) {
        assert_true(queue_take(queue, &value, -1));
        assert_int_equal(value, at);
    }
    pthread_join(thread, NULL);
    assert_false(queue_take(queue, &value, -1)); // closed and empty
    assert_false(queue_put(queue, &value));
    queue_free(queue);
    queue = queue_new(1, sizeof(int));
    assert_true(queue_put(queue, &value));
    assert_false(queue_put(queue, &value));
    assert_int_equal(queue_count(queue), 1);
    queue_free(queue);
}

// That its pages are locked is seen from outside, by the leak test: a sanitizer does not lock.
static void an_arena_of_answers_takes_more_than_it_may_lock(void **state)
{
    (void)state;
    struct arena *arena = arena_new_locked(0);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 1; size <= 2 * ARENA_LOCKED_BYTES; size *= 7) {
            unsigned char *answer = arena_alloc(arena, size);
            assert_int_equal(answer[0] | answer[size - 1], 0);
            memset(answer, 'x', size);
        }
        arena_clear(arena);
        assert_int_equal(arena_used(arena), 0);
    }
    arena_free(arena);
}

static void a_clock_that_cannot_be_right_is_not_believed(void **state)
{
    (void)state;
    const int64_t day = 86400000, trusted = 1795449600000; // 2026-11-23 16:00
    static const struct {
        int days;
        enum time_quality quality;
    } table[] = {{0, TIME_RTC},        {399, TIME_RTC}, {400, TIME_RTC},    {401, TIME_UNKNOWN},
                 {1500, TIME_UNKNOWN}, {-1, TIME_RTC},  {-2, TIME_UNKNOWN}, {-20000, TIME_UNKNOWN}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_int_equal(time_judge(trusted + table[i].days * day, trusted), table[i].quality);
    assert_int_equal(time_judge(86400000, 0), TIME_RTC); // nothing is known to measure it by
}

static void a_time_that_was_known_is_kept_as_text(void **state)
{
    (void)state;
    struct when when = {1795449600123, 4711, "11111111-2222-3333-4444-555555555555", TIME_DISTRICT};
    struct when back;
    char text[WHEN_TEXT];
    when_to_text(&when, text);
    assert_true(when_from_text(text, &back));
    assert_int_equal(back.utc_ms, when.utc_ms);
    assert_int_equal(back.monotonic_ms, when.monotonic_ms);
    assert_int_equal(back.quality, when.quality);
    assert_string_equal(back.boot_id, when.boot_id);
    static const char *const wrong[] = {"",
                                        "1 2",
                                        "x 1 2 11111111-2222-3333-4444-555555555555",
                                        "1795449600123 1 2 11111111",
                                        "1795449600123 1 9 11111111-2222-3333-4444-555555555555",
                                        "-5 1 2 11111111-2222-3333-4444-555555555555",
                                        "1795449600123 1 2 11111111-2222-3333-4444-5555555555556"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(when_from_text(wrong[i], &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_names_every_task_above_its_cause),
        cmocka_unit_test(text_in_xml_cannot_end_its_tag_or_attribute),
        cmocka_unit_test(a_strbuf_stops_at_its_maximum_and_stays_failed),
        cmocka_unit_test(text_that_is_not_utf8_is_noticed),
        cmocka_unit_test(a_cut_copy_ends_between_characters),
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(a_clock_that_cannot_be_right_is_not_believed),
        cmocka_unit_test(a_time_that_was_known_is_kept_as_text),
        cmocka_unit_test(days_and_dates_agree_over_centuries),
        cmocka_unit_test(the_districts_day_begins_eight_hours_before_utc),
        cmocka_unit_test(an_arena_hands_out_zeroes_again_after_clearing),
        cmocka_unit_test(an_arena_of_answers_takes_more_than_it_may_lock),
        cmocka_unit_test(a_queue_keeps_order_between_threads_and_refuses_when_full),
        cmocka_unit_test(an_answer_has_its_place_in_a_full_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
