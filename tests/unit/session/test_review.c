// SPDX-License-Identifier: GPL-3.0-or-later
// The list of every answer: what is changed from there, and what that makes necessary.
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

static const struct question *on_screen(const struct scene *scene, const char *ref)
{
    const struct view *view = look(scene);
    for (size_t i = 0;
         view->screen == SCREEN_QUESTION && i < view->form_screen->question_count; i++)
        if (text_equal(view->form_screen->questions[i].ref, ref))
            return &view->form_screen->questions[i];
    return NULL;
}

// From the review to the screen of one question.
static void change(struct scene *scene, const char *ref, const char *value)
{
    for (size_t i = 0; i < look(scene)->answer_count; i++) {
        char screen[LIMIT_REF];
        text_copy(screen, sizeof screen, look(scene)->answers[i].screen_ref);
        touch_ref(scene, INTENT_JUMP, screen);
        if (on_screen(scene, ref)) {
            answer(scene, ref, value);
            return;
        }
        touch(scene, INTENT_BACK);
        ON(scene, SCREEN_REVIEW);
    }
    fail_msg("the review leads to no %s", ref);
}

static void change_identity(struct scene *scene, const char *number)
{
    for (size_t i = 0; i < look(scene)->answer_count; i++) {
        char screen[LIMIT_REF];
        text_copy(screen, sizeof screen, look(scene)->answers[i].screen_ref);
        touch_ref(scene, INTENT_JUMP, screen);
        if (look(scene)->screen == SCREEN_IDENTITY) {
            touch_text(scene, INTENT_ID_NUMBER, number);
            return;
        }
        touch(scene, INTENT_BACK);
    }
    fail_msg("the review leads to no identity");
}

// The table of the scene, and nothing of what is counted.
static void fill_screen(struct scene *scene)
{
    answer_screen(scene, false);
    for (size_t i = 0; i < look(scene)->form_screen->question_count; i++) {
        const struct question *question = &look(scene)->form_screen->questions[i];
        char ref[LIMIT_REF];
        text_copy(ref, sizeof ref, question->ref);
        if (question->violation == VIOLATION_REQUIRED &&
            (question->kind == QUESTION_INTEGER || question->kind == QUESTION_DECIMAL))
            answer(scene, ref, "0");
    }
}

// A healthy adult applies for support as a person in special hardship.
static void reach_review(struct scene *scene)
{
    touch_text(scene, INTENT_SERVICE, "destitute");
    ON(scene, SCREEN_NOTICE);
    for (int i = 0; i < 100 && look(scene)->screen != SCREEN_REVIEW; i++) {
        if (look(scene)->screen == SCREEN_WHO)
            touch_text(scene, INTENT_WHO, "self");
        if (look(scene)->screen == SCREEN_IDENTITY) {
            touch_text(scene, INTENT_NAME, "张三");
            touch_text(scene, INTENT_ID_NUMBER, "370212198802291011");
        }
        if (on_screen(scene, "/data/self/occupation"))
            answer(scene, "/data/self/occupation", "employed");
        if (on_screen(scene, "/data/daily/cannot"))
            answer(scene, "/data/daily/cannot", "");
        if (look(scene)->screen == SCREEN_QUESTION)
            fill_screen(scene);
        touch(scene, INTENT_NEXT);
    }
    if (look(scene)->screen == SCREEN_QUESTION)
        fail_msg("stays at %s", look(scene)->form_screen->ref);
    ON(scene, SCREEN_REVIEW);
}

// On from the screen of the change until the review is there; whether a question was shown.
static bool is_asked_before_the_review(struct scene *scene, const char *ref, const char *value)
{
    bool asked = false;
    touch(scene, INTENT_NEXT);
    for (int i = 0; i < 20 && look(scene)->screen != SCREEN_REVIEW; i++) {
        if (on_screen(scene, ref)) {
            asked = true;
            answer(scene, ref, value);
        }
        if (look(scene)->screen == SCREEN_QUESTION)
            fill_screen(scene);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_REVIEW);
    return asked;
}

static void hand_in(struct scene *scene)
{
    for (int i = 0; i < 20 && look(scene)->screen != SCREEN_SAVED; i++) {
        if (look(scene)->screen == SCREEN_CONSENT || look(scene)->screen == SCREEN_COMMITMENT)
            touch_number(scene, INTENT_CONSENT, 1);
        if (look(scene)->screen == SCREEN_SIGNATURE)
            draw_signature(scene);
        touch(scene, look(scene)->screen == SCREEN_SIGNATURE ? INTENT_SUBMIT : INTENT_NEXT);
    }
    ON(scene, SCREEN_SAVED);
}

static void what_a_change_makes_necessary_is_asked_before_the_review(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change(scene, "/data/self/occupation", "unable");
    assert_true(is_asked_before_the_review(scene, "/data/self/care/cannot", "eat dress"));
    hand_in(scene);
    assert_non_null(strstr(scene->record, "<lost>2</lost>"));
    assert_non_null(strstr(scene->record, "<level>partial</level>"));
}

static void an_older_person_at_the_identity_screen_is_a_change_too(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change_identity(scene, "370212195406070029");
    assert_true(is_asked_before_the_review(scene, "/data/self/care/cannot", "eat"));
    hand_in(scene);
    assert_non_null(strstr(scene->record, "<lost>1</lost>"));
}

static void back_from_a_change_leads_to_the_same_questions(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change(scene, "/data/self/occupation", "unable");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_QUESTION);
    assert_non_null(on_screen(scene, "/data/self/care/cannot"));
    touch(scene, INTENT_BACK); // to what was changed, where it can be taken back
    assert_non_null(on_screen(scene, "/data/self/occupation"));
    answer(scene, "/data/self/occupation", "employed");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_REVIEW);
}

static void a_paper_that_a_change_calls_for_is_asked_for_too(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change(scene, "/data/self/disability/type", "limbs");
    touch(scene, INTENT_NEXT);
    for (int i = 0; i < 20 && look(scene)->screen == SCREEN_QUESTION; i++) {
        fill_screen(scene);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_PAPERS);
    bool listed = false;
    for (size_t i = 0; i < look(scene)->paper_count; i++)
        listed |= text_equal(look(scene)->papers[i].paper->id, "disability-certificate");
    assert_true(listed);
    touch(scene, INTENT_NEXT); // papers never block
    ON(scene, SCREEN_REVIEW);
    touch_ref(scene, INTENT_JUMP, look(scene)->answers[look(scene)->answer_count - 1].screen_ref);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW); // and are asked for once
}

static void the_review_is_not_left_while_a_required_answer_is_open(void **state)
{
    struct scene *scene = *state;
    reach_review(scene);
    change(scene, "/data/contact/how", "");
    touch(scene, INTENT_BACK); // nobody is kept on a screen
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    assert_non_null(on_screen(scene, "/data/contact/how"));
    assert_true(look(scene)->show_violations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_change_makes_necessary_is_asked_before_the_review,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(an_older_person_at_the_identity_screen_is_a_change_too,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(back_from_a_change_leads_to_the_same_questions, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_paper_that_a_change_calls_for_is_asked_for_too, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_review_is_not_left_while_a_required_answer_is_open,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
