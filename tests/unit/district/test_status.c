// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/text.h"
#include "yimen/case/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_next_code_is_a_state(void **state)
{
    size_t count;
    const struct status *all = status_all(&count);
    (void)state;
    assert_in_range(count, 20, 40);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < 8 && all[i].next[k]; k++)
            assert_non_null(status_find(all[i].next[k]));
}

static void every_state_can_be_reached_from_received(void **state)
{
    size_t count;
    const struct status *all = status_all(&count);
    bool reached[40] = {false};
    (void)state;
    reached[0] = true; // 10
    for (size_t round = 0; round < count; round++)
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; reached[i] && k < count; k++)
                reached[k] = reached[k] || status_may_follow(&all[i], all[k].code);
    for (size_t i = 0; i < count; i++)
        if (!reached[i])
            fail_msg("nothing leads to %s", all[i].code);
}

static void illegal_moves_are_refused(void **state)
{
    static const char *const refused[][2] = {{"10", "10"}, {"10", "70"}, {"16", "20"},
                                             {"72", "10"}, {"97", "10"}, {"96", "20"}};
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_false(status_may_follow(status_find(refused[i][0]), refused[i][1]));
    assert_true(status_may_follow(status_find("10"), "14"));
    assert_null(status_find("11"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_next_code_is_a_state),
        cmocka_unit_test(every_state_can_be_reached_from_received),
        cmocka_unit_test(illegal_moves_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
