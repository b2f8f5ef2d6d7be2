// SPDX-License-Identifier: GPL-3.0-or-later
// Looking up help and finding out which may fit: read, searched, printed, applied for; and nothing
// is kept of who only looked.
#include "scene.h"
#include "yimen/base/text.h"

static int setup(void **state)
{
    *state = scene_new();
    scene_work(*state);
    return 0;
}

static int teardown(void **state)
{
    scene_free(*state);
    return 0;
}

// ------------------------------------------------------------------ the catalogue

static bool lists(const struct scene *scene, const char *id)
{
    for (size_t i = 0; i < look(scene)->policy_count; i++)
        if (text_equal(look(scene)->policy_list[i]->id, id))
            return true;
    return false;
}

static void every_measure_is_two_touches_from_the_group_tiles(void **state)
{
    struct scene *scene = *state;
    size_t seen = 0;
    touch(scene, INTENT_POLICIES);
    ON(scene, SCREEN_POLICIES);
    for (size_t g = 0; g < policies_group_count(scene->policies); g++) {
        touch_text(scene, INTENT_POLICY_GROUP, policies_group_at(scene->policies, g)->id);
        ON(scene, SCREEN_POLICIES);
        size_t count = look(scene)->policy_count;
        for (size_t i = 0; i < count; i++) {
            char id[40];
            text_copy(id, sizeof id, look(scene)->policy_list[i]->id);
            touch_text(scene, INTENT_POLICY, id);
            ON(scene, SCREEN_POLICY);
            assert_string_equal(look(scene)->policy->id, id);
            touch(scene, INTENT_BACK);
            ON(scene, SCREEN_POLICIES);
            seen++;
        }
        touch(scene, INTENT_BACK);
        assert_string_equal(look(scene)->policy_group, "");
    }
    assert_int_equal(seen, policies_count(scene->policies));
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(scene->saves, 0);
}

static void what_is_typed_is_found_and_forgotten(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_POLICIES);
    touch_text(scene, INTENT_POLICY_SEARCH, "残疾");
    assert_true(lists(scene, "aids") && lists(scene, "disability-care"));
    assert_false(lists(scene, "legal-aid"));
    touch_text(scene, INTENT_POLICY_SEARCH, "月球旅行");
    assert_int_equal(look(scene)->policy_count, 0);
    touch(scene, INTENT_LEAVE);
    ON(scene, SCREEN_ATTRACT);
    touch(scene, INTENT_POLICIES);
    assert_string_equal(look(scene)->policy_query, "");
}

static void a_measure_leads_into_its_service_and_back_again(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_POLICIES);
    touch_text(scene, INTENT_POLICY, "nappies");
    assert_string_equal(look(scene)->policy_service->id, "nappies");
    touch_text(scene, INTENT_APPLY, "minimum-living"); // not what is on the screen
    ON(scene, SCREEN_POLICY);
    touch_text(scene, INTENT_APPLY, "nappies");
    ON(scene, SCREEN_NOTICE);
    assert_string_equal(look(scene)->service->id, "nappies");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_POLICY);
    assert_string_equal(look(scene)->policy->id, "nappies");
}

static void help_that_cannot_wait_is_urgent_from_here_too(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_POLICIES);
    touch_text(scene, INTENT_POLICY, "urgent-relief");
    touch_text(scene, INTENT_APPLY, "urgent-relief");
    assert_int_equal(scene->urgent_opened, 1);
    assert_true(scene->calling && scene->urgent_call);
    ON(scene, SCREEN_QUESTION);
}

static void what_is_not_for_this_kiosk_can_be_read_but_not_begun(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_POLICIES);
    touch_text(scene, INTENT_POLICY, "legal-aid");
    assert_null(look(scene)->policy_service);
    touch_text(scene, INTENT_APPLY, "legal-aid");
    ON(scene, SCREEN_POLICY);
}

static void a_slip_says_how_its_printing_went(void **state)
{
    static const struct {
        int state;
        unsigned reasons;
        enum receipt_state shown;
        const char *key;
    } ends[] = {
        {PRINT_PRINTED, 0, RECEIPT_PRINTED, NULL},
        {PRINT_FAILED, PRINTER_NO_PAPER, RECEIPT_FAILED, "printer.no-paper"},
        {PRINT_UNKNOWN, PRINTER_JAM, RECEIPT_UNKNOWN, "printer.jam"},
    };
    struct scene *scene = *state;
    touch(scene, INTENT_POLICIES);
    touch_text(scene, INTENT_POLICY, "aids");
    assert_false(look(scene)->slip_asked);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        scene->print_state = ends[i].state;
        scene->print_reasons = ends[i].reasons;
        touch(scene, INTENT_PRINT_SLIP);
        assert_int_equal(scene->slips, i + 1);
        assert_int_equal(scene->slip.kind, SLIP_POLICY);
        assert_string_equal(scene->slip.lines[0].policy, "aids");
        assert_true(look(scene)->slip_asked);
        assert_int_equal(look(scene)->slip_state, ends[i].shown);
        if (ends[i].key)
            assert_string_equal(look(scene)->slip_problem_key, ends[i].key);
        ON(scene, SCREEN_POLICY); // the text stays
    }
    touch(scene, INTENT_BACK);
    touch_text(scene, INTENT_POLICY, "heating");
    assert_false(look(scene)->slip_asked);
}

static void a_slip_is_taken_back_when_whoever_asked_has_gone(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_POLICIES);
    touch_text(scene, INTENT_POLICY, "aids");
    scene->print_state = PRINT_ACCEPTED;
    touch(scene, INTENT_PRINT_SLIP);
    touch(scene, INTENT_PRINT_SLIP); // once is enough
    assert_int_equal(scene->slips, 1);
    int before = scene->prints_taken_back;
    scene_wait(scene, 120000 + 46000);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(scene->prints_taken_back, before + 1);
}

// ------------------------------------------------------------------ which help fits me

static void choose(struct scene *scene, const char *ref, const char *value)
{
    ON(scene, SCREEN_QUESTION);
    answer(scene, ref, value);
    touch(scene, INTENT_NEXT);
}

static void begin_advice(struct scene *scene)
{
    touch_text(scene, INTENT_SERVICE, look(scene)->advice->id);
    ON(scene, SCREEN_NOTICE);
    touch(scene, INTENT_NEXT);
}

static void answer_advice(struct scene *scene)
{
    begin_advice(scene);
    choose(scene, "/data/hard", "illness care");
    choose(scene, "/data/enough", "barely");
    choose(scene, "/data/most", "no");
    choose(scene, "/data/people/there", "elder");
    choose(scene, "/data/care/cannot", "bath toilet");
    choose(scene, "/data/family/type", "minimum");
    choose(scene, "/data/area", "laoshan");
    ON(scene, SCREEN_FIT);
}

static const struct view_fit *fit(const struct scene *scene, const char *policy)
{
    for (size_t i = 0; i < look(scene)->fit_count; i++)
        if (look(scene)->fits[i].policy && text_equal(look(scene)->fits[i].policy->id, policy))
            return &look(scene)->fits[i];
    return NULL;
}

static void the_answers_lead_to_what_may_fit_each_with_its_reason(void **state)
{
    struct scene *scene = *state;
    answer_advice(scene);
    assert_non_null(fit(scene, "medical-aid"));
    assert_non_null(fit(scene, "nappies"));
    assert_non_null(fit(scene, "heating")); // no service, all the same a help
    assert_null(fit(scene, "heating")->service);
    assert_null(fit(scene, "orphan"));
    for (size_t i = 0; i < look(scene)->fit_count; i++)
        assert_true(look(scene)->fits[i].reason[0] != '\0');
    touch_text(scene, INTENT_LANGUAGE, "en");
    assert_non_null(strstr(fit(scene, "nappies")->reason, "toilet"));
}

static void back_leads_to_the_last_question_with_its_answer(void **state)
{
    struct scene *scene = *state;
    answer_advice(scene);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->form_screen->questions[0].ref, "/data/area");
    assert_string_equal(look(scene)->form_screen->questions[0].value, "laoshan");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_FIT);
}

static void who_only_looked_leaves_nothing_behind(void **state)
{
    struct scene *scene = *state;
    answer_advice(scene);
    touch(scene, INTENT_LEAVE); // asks nothing: there is nothing to lose
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(scene->saves, 0);
    assert_string_equal(look(scene)->language, "zh");
}

static void even_who_has_nothing_that_fits_is_refused_nothing(void **state)
{
    struct scene *scene = *state;
    begin_advice(scene);
    choose(scene, "/data/hard", "money");
    choose(scene, "/data/enough", "yes");
    choose(scene, "/data/most", "no");
    choose(scene, "/data/people/there", "none");
    choose(scene, "/data/family/type", "none");
    choose(scene, "/data/area", "outside");
    ON(scene, SCREEN_FIT);
    size_t measures = 0, remarks = 0;
    for (size_t i = 0; i < look(scene)->fit_count; i++) {
        measures += look(scene)->fits[i].policy != NULL;
        remarks += look(scene)->fits[i].policy == NULL;
    }
    assert_int_equal(measures, 0);
    assert_int_equal(remarks, 3); // not refused; also from outside; free to leave
}

static void what_fits_begins_at_once_and_keeps_what_was_answered(void **state)
{
    struct scene *scene = *state;
    answer_advice(scene);
    touch_number(scene, INTENT_SIZE, TEXT_SIZE_XL);
    touch_text(scene, INTENT_APPLY, "orphan"); // not among them
    ON(scene, SCREEN_FIT);
    touch_text(scene, INTENT_APPLY, "home-care");
    ON(scene, SCREEN_NOTICE);
    assert_string_equal(look(scene)->service->id, "home-care");
    assert_int_equal(look(scene)->size, TEXT_SIZE_XL); // the same person
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_WHO, "self"); // the list asked nobody for whom
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_NAME, "张三");
    touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
    touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT); // no ticket
    bool cannot = false, family = false;
    for (int i = 0; i < 40 && look(scene)->screen == SCREEN_QUESTION; i++) {
        for (size_t q = 0; q < look(scene)->form_screen->question_count; q++) {
            const struct question *question = &look(scene)->form_screen->questions[q];
            if (text_equal(question->ref, "/data/care/cannot"))
                cannot = text_equal(question->value, "bath toilet");
            if (text_equal(question->ref, "/data/family/type"))
                family = text_equal(question->value, "minimum");
        }
        if (cannot && family)
            break;
        if (look(scene)->form_screen->ref)
            answer_screen(scene, false);
        touch(scene, INTENT_NEXT);
    }
    assert_true(cannot && family);
    assert_int_equal(scene->saves, 0);
}

static void the_list_is_printed_with_its_reasons(void **state)
{
    struct scene *scene = *state;
    answer_advice(scene);
    scene->print_state = PRINT_PRINTED;
    touch(scene, INTENT_PRINT_SLIP);
    assert_int_equal(scene->slips, 1);
    assert_int_equal(scene->slip.kind, SLIP_FIT);
    assert_int_equal(scene->slip.count, look(scene)->fit_count);
    for (size_t i = 0; i < scene->slip.count; i++)
        assert_string_equal(scene->slip.lines[i].reason, look(scene)->fits[i].reason);
    assert_int_equal(look(scene)->slip_state, RECEIPT_PRINTED);
}

static void a_measure_is_read_from_the_list_and_the_list_comes_back(void **state)
{
    struct scene *scene = *state;
    answer_advice(scene);
    touch_text(scene, INTENT_POLICY, "heating");
    ON(scene, SCREEN_POLICY);
    assert_null(look(scene)->policy_service);
    touch(scene, INTENT_PRINT_SLIP);
    assert_int_equal(scene->slip.kind, SLIP_POLICY);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_FIT);
}

static void only_asking_the_adviser_saves_something(void **state)
{
    struct scene *scene = *state;
    answer_advice(scene);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    answer(scene, "/data/adviser/phone", "13800000000");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_NEXT);
    while (look(scene)->screen == SCREEN_CONSENT) {
        touch_number(scene, INTENT_CONSENT, 1);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_SAVED);
    assert_int_equal(scene->saves, 1);
    assert_non_null(strstr(scene->record, "<phone>13800000000</phone>"));
}

static void the_adviser_is_asked_from_the_list_and_back_leads_to_it(void **state)
{
    struct scene *scene = *state;
    answer_advice(scene);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_FIT);
}

#define AT_THE_COUNTER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_THE_COUNTER(every_measure_is_two_touches_from_the_group_tiles),
        AT_THE_COUNTER(what_is_typed_is_found_and_forgotten),
        AT_THE_COUNTER(a_measure_leads_into_its_service_and_back_again),
        AT_THE_COUNTER(help_that_cannot_wait_is_urgent_from_here_too),
        AT_THE_COUNTER(what_is_not_for_this_kiosk_can_be_read_but_not_begun),
        AT_THE_COUNTER(a_slip_says_how_its_printing_went),
        AT_THE_COUNTER(a_slip_is_taken_back_when_whoever_asked_has_gone),
        AT_THE_COUNTER(the_answers_lead_to_what_may_fit_each_with_its_reason),
        AT_THE_COUNTER(back_leads_to_the_last_question_with_its_answer),
        AT_THE_COUNTER(who_only_looked_leaves_nothing_behind),
        AT_THE_COUNTER(even_who_has_nothing_that_fits_is_refused_nothing),
        AT_THE_COUNTER(what_fits_begins_at_once_and_keeps_what_was_answered),
        AT_THE_COUNTER(the_list_is_printed_with_its_reasons),
        AT_THE_COUNTER(a_measure_is_read_from_the_list_and_the_list_comes_back),
        AT_THE_COUNTER(only_asking_the_adviser_saves_something),
        AT_THE_COUNTER(the_adviser_is_asked_from_the_list_and_back_leads_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
