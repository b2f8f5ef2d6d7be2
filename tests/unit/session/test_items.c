// SPDX-License-Identifier: GPL-3.0-or-later
// Several services in one visit, as somebody at the counter does it.
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

static const struct view_item *item(const struct scene *scene, const char *service)
{
    for (size_t i = 0; i < look(scene)->choice_count; i++)
        if (text_equal(look(scene)->choices[i].service->id, service))
            return &look(scene)->choices[i];
    fail_msg("%s is not offered", service);
    return NULL;
}

static void choose_both_subsidies(struct scene *scene)
{
    touch(scene, INTENT_ITEMS);
    ON(scene, SCREEN_BUNDLES);
    touch_text(scene, INTENT_BUNDLE, "disability");
    ON(scene, SCREEN_ITEMS);
    touch_text(scene, INTENT_ITEM, "disability-living");
    touch_text(scene, INTENT_ITEM, "disability-care");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_NOTICE);
}

static void identify(struct scene *scene)
{
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_WHO);
    touch_text(scene, INTENT_WHO, "self");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_NAME, "张三");
    touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
    touch(scene, INTENT_NEXT);
    if (look(scene)->screen == SCREEN_TICKET_OFFER) // together they are long
        touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
}

// The plainest answer: nothing further, later, none; else the first.
static const char *plain_answer(const struct question *question)
{
    static const char *const plain[] = {"no", "none", "later", "self", "own", "limbs", "2"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        for (size_t k = 0; k < question->choice_count; k++)
            if (text_equal(question->choices[k].value, plain[i]))
                return plain[i];
    if (question->choice_count)
        return question->choices[0].value;
    return strstr(question->appearance, "numbers") ? "13800000000" : "某处1号";
}

static void answer_plainly(struct scene *scene)
{
    for (size_t i = 0; i < look(scene)->form_screen->question_count; i++) {
        const struct question *question = &look(scene)->form_screen->questions[i];
        if (!question->required || question->readonly || question->value[0])
            continue;
        char ref[LIMIT_REF], value[64];
        text_copy(ref, sizeof ref, question->ref);
        text_copy(value, sizeof value, plain_answer(question));
        answer(scene, ref, value);
        i = 0; // the answer may have brought another question
    }
}

static size_t answer_all(struct scene *scene, size_t *own)
{
    size_t screens = 0;
    for (*own = 0; look(scene)->screen == SCREEN_QUESTION && screens < 60; screens++) {
        *own += look(scene)->question_item != NULL;
        answer_plainly(scene);
        touch(scene, INTENT_NEXT);
        for (size_t i = 0; look(scene)->show_violations && look(scene)->form_screen &&
                           i < look(scene)->form_screen->question_count;
             i++)
            if (look(scene)->form_screen->questions[i].violation)
                fail_msg("%s is not answered well", look(scene)->form_screen->questions[i].ref);
    }
    return screens;
}

static void two_subsidies_are_one_visit_one_signature_one_receipt(void **state)
{
    struct scene *scene = *state;
    size_t own, screens;
    choose_both_subsidies(scene);
    assert_int_equal(look(scene)->item_count, 2);
    assert_string_equal(look(scene)->service->id, ONE_VISIT);
    identify(scene);
    screens = answer_all(scene, &own);
    assert_true(own > 0 && own < screens); // some are for one of them, the others for both
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_int_equal(scene->saves, 1);
    assert_int_equal(look(scene)->item_count, 2);
    const struct case_draft *draft = &scene->draft;
    assert_string_equal(draft->service, ONE_VISIT);
    assert_int_equal(draft->type, 2);
    assert_int_equal(draft->item_count, 2);
    assert_string_equal(draft->items[0].service, "disability-living");
    assert_string_equal(draft->items[1].service, "disability-care");
    assert_non_null(strstr(scene->record, "id=\"one-visit:disability-living+disability-care\""));
    assert_non_null(strstr(scene->record, "<disability-care>"));
}

static void every_paper_says_whose_it_is(void **state)
{
    struct scene *scene = *state;
    size_t own;
    touch_text(scene, INTENT_SERVICE, "disability-living");
    touch(scene, INTENT_ITEMS);
    touch_text(scene, INTENT_ITEM, "home-refit");
    touch(scene, INTENT_NEXT);
    identify(scene);
    (void)answer_all(scene, &own);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    const struct case_draft *draft = &scene->draft;
    assert_true(draft->paper_count > 0);
    for (size_t i = 0; i < draft->paper_count; i++)
        for (unsigned k = 0; k < 2; k++) {
            const struct service *service =
                catalogue_service(scene->catalogue, draft->items[k].service);
            assert_int_equal(draft->papers[i].items >> k & 1u,
                             service_asks_paper(service, draft->papers[i].id));
        }
}

static void what_fits_a_service_is_offered_on_its_notice(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "minimum-living");
    ON(scene, SCREEN_NOTICE);
    assert_in_range(look(scene)->fitting_count, 1, 6);
    touch(scene, INTENT_ITEMS);
    ON(scene, SCREEN_ITEMS);
    assert_true(item(scene, "minimum-living")->fixed);
    touch_text(scene, INTENT_ITEM, "minimum-living"); // what one came for stays
    assert_true(item(scene, "minimum-living")->chosen);
    touch_text(scene, INTENT_ITEM, "medical-aid");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_NOTICE);
    assert_string_equal(look(scene)->service->id, ONE_VISIT);
    touch(scene, INTENT_ITEMS);
    touch_text(scene, INTENT_ITEM, "medical-aid"); // changed their mind
    touch(scene, INTENT_NEXT);
    assert_string_equal(look(scene)->service->id, "minimum-living");
    assert_int_equal(look(scene)->item_count, 0);
}

static void going_back_from_the_list_changes_nothing(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "minimum-living");
    touch(scene, INTENT_ITEMS);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_NOTICE);
    assert_string_equal(look(scene)->service->id, "minimum-living");
}

static void who_adds_a_service_later_is_not_asked_again_who_they_are(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "minimum-living");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_WHO, "other");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_NOTICE);
    touch(scene, INTENT_ITEMS);
    touch_text(scene, INTENT_ITEM, "medical-aid");
    touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_WHO);
    assert_string_equal(look(scene)->who, "other");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_NAME, "张三");
    touch_text(scene, INTENT_ID_NUMBER, "370212195406070029");
    touch(scene, INTENT_NEXT);
    if (look(scene)->screen == SCREEN_TICKET_OFFER)
        touch(scene, INTENT_NEXT);
    assert_string_equal(look(scene)->form_screen->questions[0].ref, "/data/agent/name");
}

static void once_something_was_answered_the_choice_stands(void **state)
{
    struct scene *scene = *state;
    choose_both_subsidies(scene);
    identify(scene);
    for (int i = 0; i < 5 && look(scene)->screen != SCREEN_NOTICE; i++)
        touch(scene, INTENT_BACK);
    ON(scene, SCREEN_NOTICE);
    assert_int_equal(look(scene)->fitting_count, 0);
    touch(scene, INTENT_ITEMS);
    ON(scene, SCREEN_NOTICE);
}

static void of_two_that_exclude_each_other_one_can_be_chosen(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_ITEMS);
    touch_text(scene, INTENT_BUNDLE, "hardship");
    touch_text(scene, INTENT_ITEM, "minimum-living");
    assert_string_equal(item(scene, "low-income-edge")->instead->id, "minimum-living");
    touch_text(scene, INTENT_ITEM, "low-income-edge");
    assert_false(item(scene, "low-income-edge")->chosen);
    touch_text(scene, INTENT_ITEM, "minimum-living");
    touch_text(scene, INTENT_ITEM, "low-income-edge");
    assert_true(item(scene, "low-income-edge")->chosen);
}

static void nothing_chosen_is_said_and_one_chosen_is_an_ordinary_visit(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_ITEMS);
    touch_text(scene, INTENT_BUNDLE, "elder");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_ITEMS);
    assert_true(look(scene)->none_chosen);
    touch_text(scene, INTENT_ITEM, "nappies");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_NOTICE);
    assert_string_equal(look(scene)->service->id, "nappies");
    touch(scene, INTENT_BACK); // to where it was chosen, as it was chosen
    ON(scene, SCREEN_ITEMS);
    assert_true(item(scene, "nappies")->chosen);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_BUNDLES);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_ATTRACT);
}

static void no_urgent_service_goes_with_anything(void **state)
{
    struct scene *scene = *state;
    for (size_t i = 0; i < catalogue_service_count(scene->catalogue); i++) {
        const struct service *other = catalogue_service_at(scene->catalogue, i), *fitting[1];
        if (other->urgent || other->restricted || text_equal(other->id, "counselling"))
            assert_int_equal(catalogue_fitting(scene->catalogue, other, fitting, 1), 0);
    }
}

static void several_services_are_hidden_and_come_back_together(void **state)
{
    struct scene *scene = *state;
    size_t own = 0;
    char screen[LIMIT_REF];
    choose_both_subsidies(scene);
    identify(scene);
    text_copy(screen, sizeof screen, look(scene)->form_screen->ref);
    touch(scene, INTENT_HIDE);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(look(scene)->item_count, 0);
    touch(scene, INTENT_CONTINUE);
    for (const char *at = "0029"; *at; at++)
        touch_text(scene, INTENT_CODE_DIGIT, (char[]){*at, '\0'});
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(look(scene)->item_count, 2);
    assert_string_equal(look(scene)->form_screen->ref, screen);
    answer_all(scene, &own);
    assert_true(own > 0);
}

static void an_emergency_leaves_the_list_and_comes_back_to_it(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "minimum-living");
    touch(scene, INTENT_ITEMS);
    touch(scene, INTENT_URGENT);
    ON(scene, SCREEN_QUESTION);
    assert_true(look(scene)->service->urgent);
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_LEAVE_SURE);
    ON(scene, SCREEN_NOTICE);
    assert_string_equal(look(scene)->service->id, "minimum-living");
}

static void the_next_resident_finds_nothing_chosen(void **state)
{
    struct scene *scene = *state;
    choose_both_subsidies(scene);
    touch(scene, INTENT_LEAVE);
    ON(scene, SCREEN_ATTRACT);
    touch(scene, INTENT_ITEMS);
    ON(scene, SCREEN_BUNDLES);
    touch_text(scene, INTENT_BUNDLE, "disability");
    for (size_t i = 0; i < look(scene)->choice_count; i++)
        assert_false(look(scene)->choices[i].chosen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_subsidies_are_one_visit_one_signature_one_receipt,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(every_paper_says_whose_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(what_fits_a_service_is_offered_on_its_notice, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(going_back_from_the_list_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(who_adds_a_service_later_is_not_asked_again_who_they_are,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(once_something_was_answered_the_choice_stands, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(of_two_that_exclude_each_other_one_can_be_chosen, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(nothing_chosen_is_said_and_one_chosen_is_an_ordinary_visit,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(no_urgent_service_goes_with_anything, setup, teardown),
        cmocka_unit_test_setup_teardown(several_services_are_hidden_and_come_back_together, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_emergency_leaves_the_list_and_comes_back_to_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_next_resident_finds_nothing_chosen, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
