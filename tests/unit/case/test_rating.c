// SPDX-License-Identifier: GPL-3.0-or-later
// Grades as counts: what is told twice counts once, what is no count is not read.
#include "yimen/base/text.h"
#include "yimen/case/rating.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct rating a_grade(int day, const char *service, int grade)
{
    struct rating rating = {.day = day, .grade = grade};
    text_copy(rating.service, sizeof rating.service, service);
    return rating;
}

static void add(struct strbuf *counts, int day, const char *service, int grade, int oldest)
{
    struct strbuf after;
    struct rating one = a_grade(day, service, grade);
    strbuf_init(&after, RATING_BYTES);
    rating_add(strbuf_text(counts), &one, oldest, &after);
    strbuf_clear(counts);
    strbuf_adds(counts, strbuf_text(&after));
    strbuf_free(&after);
}

static void each_grade_of_a_service_and_day_has_one_line(void **state)
{
    (void)state;
    struct strbuf counts;
    strbuf_init(&counts, RATING_BYTES);
    add(&counts, 261123, "nappies", 5, 0);
    add(&counts, 261123, "nappies", 5, 0);
    add(&counts, 261123, "nappies", 1, 0);
    add(&counts, 261124, "medical-aid", 5, 0);
    assert_string_equal(strbuf_text(&counts), "261123 nappies 5 2\n261123 nappies 1 1\n"
                                              "261124 medical-aid 5 1\n");
    add(&counts, 261224, "nappies", 3, 261124); // what is long told goes
    assert_string_equal(strbuf_text(&counts), "261124 medical-aid 5 1\n261224 nappies 3 1\n");
    strbuf_free(&counts);
}

static void what_is_no_count_is_not_read(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "x",
        "261123 nappies 5",
        "261123 nappies 6 1\n",
        "261123 nappies 0 1\n",
        "261123 nappies 5 -1\n",
        "261123 NAPPIES 5 1\n",
        "261123 nap'pies 5 1\n",
        "999999 nappies 5 1\n",
        "261123 nappies 5 9999999\n",
        "261123  5 1\n",
        "261123 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 5 1\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct rating rating;
        const char *at = bad[i];
        assert_false(rating_read(&at, &rating));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_grade_of_a_service_and_day_has_one_line),
        cmocka_unit_test(what_is_no_count_is_not_read),
    };
    return cmocka_run_group_tests_name("ratings", tests, NULL, NULL);
}
