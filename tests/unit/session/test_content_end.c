// SPDX-License-Identifier: GPL-3.0-or-later
// A content pack that is past its last day: residents are served as before, limits are left to the
// window, and staff is told.
#include "scene.h"
#include "yimen/base/text.h"

static int setup(void **state)
{
    *state = scene_new();
    return 0;
}

static int teardown(void **state)
{
    scene_free(*state);
    return 0;
}

// The shipped service with limits for every day.
static void give_limits(const struct scene *scene)
{
    const struct service *found = catalogue_service(scene->catalogue, "expenditure-relief");
    struct service *service = (struct service *)(uintptr_t)found;
    service->limit_count = 1;
    service->limits[0] =
        (struct service_limit){.from = "2000-01-01", .legal_days = 30, .promised_days = 20};
}

static void apply(struct scene *scene)
{
    fill_expenditure(scene);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
}

static int64_t now_of(const struct scene *scene)
{
    return clock_now(&scene->clock).utc_ms;
}

static void within_its_days_the_receipt_has_its_limits(void **state)
{
    struct scene *scene = *state;
    scene_content_ends(scene, now_of(scene) + 3600000);
    give_limits(scene);
    apply(scene);
    assert_int_equal(scene->draft.legal_limit_days, 30);
    assert_int_equal(scene->draft.promised_limit_days, 20);
    assert_false(look(scene)->content_ended);
    assert_null(strstr(scene->notes, "content.ended"));
}

static void past_its_last_day_it_accepts_and_leaves_the_limits_to_the_window(void **state)
{
    struct scene *scene = *state;
    scene_content_ends(scene, now_of(scene));
    give_limits(scene);
    apply(scene);
    assert_int_equal(scene->saves, 1);
    assert_int_equal(scene->draft.legal_limit_days, 0);
    assert_int_equal(scene->draft.promised_limit_days, 0);
}

static void an_urgent_request_keeps_its_day(void **state)
{
    struct scene *scene = *state;
    scene_content_ends(scene, now_of(scene));
    touch(scene, INTENT_URGENT);
    fill_urgent(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_int_equal(scene->draft.limit_hours, 24);
}

static void the_moment_it_ends_staff_is_told_once(void **state)
{
    struct scene *scene = *state;
    scene_content_ends(scene, now_of(scene) + 90000);
    scene_wait(scene, 60000);
    assert_false(look(scene)->content_ended);
    scene_wait(scene, 60000);
    assert_true(look(scene)->content_ended);
    scene_wait(scene, 300000);
    const char *first = strstr(scene->notes, "content.ended(1)");
    assert_non_null(first);
    assert_null(strstr(first + 1, "content.ended"));
}

static void a_clock_nobody_vouches_for_ends_nothing(void **state)
{
    struct scene *scene = *state;
    scene->quality = TIME_UNKNOWN;
    scene_content_ends(scene, now_of(scene));
    scene_wait(scene, 120000);
    assert_false(look(scene)->content_ended);
    scene->quality = TIME_DISTRICT;
    scene_wait(scene, 120000);
    assert_true(look(scene)->content_ended);
}

#define ENDS(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ENDS(within_its_days_the_receipt_has_its_limits),
        ENDS(past_its_last_day_it_accepts_and_leaves_the_limits_to_the_window),
        ENDS(an_urgent_request_keeps_its_day),
        ENDS(the_moment_it_ends_staff_is_told_once),
        ENDS(a_clock_nobody_vouches_for_ends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
