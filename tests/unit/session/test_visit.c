// SPDX-License-Identifier: GPL-3.0-or-later
// A resident's visit, told as one would tell it.
#include "scene.h"
#include "yimen/base/text.h"
#include <stdio.h>

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

static bool recorded(const struct scene *scene, const char *piece)
{
    return strstr(scene->record, piece) != NULL;
}
#define RECORDED(scene, piece)                                                                     \
    do {                                                                                           \
        if (!recorded(scene, piece))                                                               \
            fail_msg("no %s in %s", piece, (scene)->record);                                       \
    } while (0)

static void somebody_in_need_is_asked_five_things_at_most_and_has_a_receipt(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    assert_int_equal(scene->urgent_opened, 1); // before anything is asked
    assert_true(scene->calling && scene->urgent_call);
    ON(scene, SCREEN_QUESTION);
    int screens = 0;
    for (; look(scene)->screen == SCREEN_QUESTION; screens++) {
        if (text_equal(look(scene)->form_screen->questions[0].ref, "/data/contact/how"))
            answer(scene, "/data/contact/how", "here");
        touch(scene, INTENT_NEXT);
    }
    assert_in_range(screens, 1, 5);
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_int_equal(scene->saves, 1);
    assert_true(scene->draft.urgent);
    assert_int_equal(scene->draft.type, 1);
    assert_string_equal(scene->draft.masked_name, "");
    assert_int_equal(look(scene)->receipt_state, RECEIPT_PRINTED);
    assert_string_equal(look(scene)->receipt_number, "370212001261123112345");
    assert_string_equal(look(scene)->saved_at, "11-23 10:05");
    assert_string_equal(look(scene)->deadline, "11-24 10:05"); // from the first touch
    RECORDED(scene, "<how>here</how>");
    RECORDED(scene, "<language>zh</language>");
}

static void an_urgent_record_stays_open_when_the_person_walks_away(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    touch(scene, INTENT_LEAVE);
    assert_int_equal(look(scene)->overlay, OVERLAY_LEAVE);
    touch(scene, INTENT_LEAVE_SURE);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(scene->urgent_closed, 0);
    assert_true(scene->calling);
    assert_int_equal(scene->saves, 0);
}

static void one_person_pressing_twice_is_one_urgent_record(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    touch(scene, INTENT_URGENT);
    assert_int_equal(scene->urgent_opened, 1);
    ON(scene, SCREEN_QUESTION);
}

static void a_first_person_sentence_about_need_is_urgent_too(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "urgent-relief");
    assert_int_equal(scene->urgent_opened, 1);
    ON(scene, SCREEN_QUESTION);
}

static void a_household_of_two_members_applies_for_its_expenses(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    // Nobody is disabled, at school or divorced: those papers are not asked for.
    static const char *const asked[] = {"id-card", "household-register", "medical-proof"};
    assert_int_equal(look(scene)->paper_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(look(scene)->papers[i].paper->id, asked[i]);
    struct intent paper = {.kind = INTENT_PAPER, .number = PAPER_ANSWER_CLERK, .text = "id-card"};
    struct session_input input = {.kind = SESSION_INTENT, .intent = &paper};
    session_step(scene->session, &input);
    assert_int_equal(look(scene)->papers[0].answer, PAPER_ANSWER_CLERK);
    paper.number = PAPER_ANSWER_SCAN; // nothing was scanned
    session_step(scene->session, &input);
    assert_int_equal(look(scene)->papers[0].answer, PAPER_ANSWER_CLERK);
    reach_signature(scene);
    draw_signature(scene);
    assert_int_equal(look(scene)->signature, SIGNATURE_DRAWN);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    RECORDED(scene, "<name>张三</name>");
    RECORDED(scene, "<name>王五</name>");
    RECORDED(scene, "<name>李小四</name>");
    RECORDED(scene, "<id_number>370212195406070029</id_number>");
    RECORDED(scene, "<identity_source>typed</identity_source>");
    RECORDED(scene, "<who>self</who>");
    RECORDED(scene, "<consent_health>yes</consent_health>");
    RECORDED(scene, "<language>zh</language>");
    RECORDED(scene, "<notice_version>2026-07-01</notice_version>");
    RECORDED(scene, "<commitment_version>2026-07-01</commitment_version>");
    RECORDED(scene, "<signature_way>drawn</signature_way>");
    // The instance stands in the name: an export of many cases keeps every file.
    char name[80], element[120];
    assert_true(text_starts(scene->draft.instance_id, "uuid:"));
    snprintf(name, sizeof name, "signature-%s.svg", scene->draft.instance_id + 5);
    snprintf(element, sizeof element, "<signature>%s</signature>", name);
    RECORDED(scene, element);
    assert_string_equal(scene->signature_name, name);
    RECORDED(scene, "id-card:clerk household-register:later");
    assert_string_equal(scene->draft.masked_name, "张**");
    assert_string_equal(scene->draft.masked_id, "370212************");
    assert_int_equal(scene->draft.paper_count, 3);
    assert_string_equal(scene->draft.ref_receipt_number, "/data/visit/receipt_number");
    assert_int_equal(strncmp(scene->draft.instance_id, "uuid:", 5), 0);
    RECORDED(scene, scene->draft.instance_id);
    assert_int_equal(scene->nudges, 1);
}

static void the_drawn_signature_is_handed_in_as_plain_strokes(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    assert_non_null(strstr(scene->signature, "d=\"M10 10L200 12M100 5L101 300L60 280\""));
    assert_non_null(strstr(scene->signature, "viewBox=\"0 0 1400 600\""));
}

static void a_grade_is_a_count_and_no_entry_in_the_log(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    touch(scene, INTENT_HAVE_RECEIPT);
    ON(scene, SCREEN_RATING);
    touch_number(scene, INTENT_RATE, 4);
    assert_string_equal(scene->rated, "expenditure-relief 4");
    assert_null(strstr(scene->notes, "rated"));
    ON(scene, SCREEN_DONE);
}

static void the_whole_visit_ends_at_the_attract_screen_with_nothing_left(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_LANGUAGE, "en");
    touch_number(scene, INTENT_SIZE, TEXT_SIZE_XL);
    fill_urgent(scene);
    assert_string_equal(look(scene)->language, "en");
    touch(scene, INTENT_SUBMIT);
    touch(scene, INTENT_HAVE_RECEIPT);
    ON(scene, SCREEN_DONE); // nobody is asked for a grade in an emergency
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_ATTRACT);
    assert_string_equal(look(scene)->language, "zh");
    assert_int_equal(look(scene)->size, TEXT_SIZE_M);
    assert_null(look(scene)->receipt_number);
    assert_int_equal(scene->visits_ended, 1);
    assert_int_equal(scene->prints_taken_back, 1);
    assert_int_equal(scene->wipes, 1);
    assert_string_equal(scene->ended_instance, scene->draft.instance_id);
}

static void rating_and_goodbye_pass_by_themselves(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    touch(scene, INTENT_HAVE_RECEIPT);
    ON(scene, SCREEN_RATING);
    scene_wait(scene, 31000);
    ON(scene, SCREEN_DONE);
    scene_wait(scene, 21000);
    ON(scene, SCREEN_ATTRACT);
}

static const char *value_of(const struct scene *scene, const char *ref)
{
    const struct form_screen *screen = look(scene)->form_screen;
    for (size_t i = 0; i < screen->question_count; i++)
        if (text_equal(screen->questions[i].ref, ref))
            return screen->questions[i].value;
    fail_msg("%s is not on the screen", ref);
    return NULL;
}

static void say_where(struct scene *scene)
{
    answer(scene, "/data/address/street", "370212001");
    answer(scene, "/data/address/community", "370212001001");
    answer(scene, "/data/address/detail", "1");
    answer(scene, "/data/contact/how", "own");
}

static void nobody_passes_a_question_that_must_be_answered_but_back_always_works(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    assert_string_equal(look(scene)->form_screen->questions[0].ref, "/data/address/area");
    assert_false(look(scene)->show_violations); // nobody is scolded before trying
    touch(scene, INTENT_NEXT);
    assert_true(look(scene)->show_violations);
    assert_string_equal(look(scene)->form_screen->questions[0].ref, "/data/address/area");
    say_where(scene);
    answer(scene, "/data/contact/phone", "12");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_IDENTITY);
    assert_string_equal(look(scene)->name, "张三");
    touch(scene, INTENT_NEXT);
    assert_string_equal(value_of(scene, "/data/contact/phone"), "12"); // not lost
    touch(scene, INTENT_NEXT);
    assert_true(look(scene)->show_violations);
    answer(scene, "/data/contact/phone", "13812345678");
    touch(scene, INTENT_NEXT);
    assert_string_not_equal(look(scene)->form_screen->questions[0].ref, "/data/address/area");
    touch(scene, INTENT_BACK);
    assert_string_equal(value_of(scene, "/data/contact/phone"), "13812345678");
}

static void only_what_is_asked_on_the_screen_can_be_answered(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    answer(scene, "/data/visit/receipt_number", "1");
    answer(scene, "/data/applicant/name", "李四");
    answer(scene, "/data/nothing", "1");
    touch(scene, INTENT_BACK);
    assert_string_equal(look(scene)->name, "张三");
}

static void a_wrong_number_is_explained_by_the_form(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT); // nobody chosen yet
    ON(scene, SCREEN_WHO);
    assert_true(look(scene)->show_violations);
    touch_text(scene, INTENT_WHO, "helped");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
    assert_string_equal(look(scene)->name_problem, ""); // nobody is scolded before trying
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
    assert_true(look(scene)->show_violations);
    assert_true(look(scene)->name_problem[0] != '\0');
    touch_text(scene, INTENT_NAME, "张三");
    assert_string_equal(look(scene)->name_problem, "");
    touch_text(scene, INTENT_ID_NUMBER, "370212198702291011"); // no 29 February in 1987
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
    assert_non_null(strstr(look(scene)->id_problem, "按错了一位")); // the form's own words
    touch_text(scene, INTENT_ID_NUMBER, "３７０２１２１９８８０２２９１０１１"); // full width
    assert_string_equal(look(scene)->id_number, "370212198802291011");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TICKET_OFFER);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
}

static void from_the_review_one_jumps_and_comes_back(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    size_t count = look(scene)->answer_count, phone = count, identity = count;
    for (size_t i = 0; i < count; i++) {
        if (text_equal(look(scene)->answers[i].shown, "13812345678"))
            phone = i;
        const char *shown = look(scene)->answers[i].shown;
        if (identity == count && text_equal(shown, "370212************"))
            identity = i; // the neighbour reads along
        assert_null(strstr(shown, "198802291011"));
        assert_null(strstr(shown, "195406070029")); // nor a member's
        assert_false(look(scene)->answers[i].missing);
    }
    assert_true(phone < count && identity < count);
    char screen[LIMIT_REF], other[LIMIT_REF];
    text_copy(screen, sizeof screen, look(scene)->answers[phone].screen_ref);
    text_copy(other, sizeof other, look(scene)->answers[identity].screen_ref);
    touch_ref(scene, INTENT_JUMP, screen);
    ON(scene, SCREEN_QUESTION);
    answer(scene, "/data/contact/phone", "13900001111");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    assert_string_equal(look(scene)->answers[phone].shown, "13900001111");
    touch_ref(scene, INTENT_JUMP, other);
    ON(scene, SCREEN_IDENTITY);
    touch_text(scene, INTENT_NAME, "张三丰");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_REVIEW);
    touch_ref(scene, INTENT_JUMP, "/data/visit/receipt_number"); // leads nowhere
    ON(scene, SCREEN_REVIEW);
}

static void a_member_is_added_changed_and_taken_away_again(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    answer_until(scene, SCREEN_REPEAT);
    touch_ref(scene, INTENT_ADD, look(scene)->form_screen->ref);
    ON(scene, SCREEN_QUESTION);
    answer(scene, look(scene)->form_screen->questions[0].ref, "王五");
    touch(scene, INTENT_BACK); // half-way: the member stays on the list
    ON(scene, SCREEN_REPEAT);
    assert_int_equal(look(scene)->form_screen->instance_count, 1);
    char first[LIMIT_REF];
    text_copy(first, sizeof first, look(scene)->form_screen->instance_refs[0]);
    touch_ref(scene, INTENT_OPEN_INSTANCE, first);
    assert_string_equal(look(scene)->form_screen->questions[0].value, "王五");
    touch(scene, INTENT_BACK);
    touch_ref(scene, INTENT_REMOVE, first);
    assert_int_equal(look(scene)->overlay, OVERLAY_REMOVE);
    touch(scene, INTENT_CLOSE_OVERLAY);
    assert_int_equal(look(scene)->form_screen->instance_count, 1);
    touch_ref(scene, INTENT_REMOVE, first);
    touch(scene, INTENT_REMOVE_SURE);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    assert_int_equal(look(scene)->form_screen->instance_count, 0);
}

static void a_refused_consent_blocks_nothing_and_none_is_ticked_beforehand(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_CONSENT);
    assert_string_equal(look(scene)->consent, "health");
    assert_false(look(scene)->consent_asked);
    touch(scene, INTENT_NEXT); // an answer is needed, either one
    ON(scene, SCREEN_CONSENT);
    assert_true(look(scene)->show_violations);
    touch_number(scene, INTENT_CONSENT, 0);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_CONSENT); // no bank account was given, so nothing is asked about it
    assert_string_equal(look(scene)->consent, "child");
    touch(scene, INTENT_BACK);
    assert_string_equal(look(scene)->consent, "health");
    assert_true(look(scene)->consent_asked && !look(scene)->consent_given);
    touch(scene, INTENT_NEXT);
    touch_number(scene, INTENT_CONSENT, 0);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_COMMITMENT);
    touch_number(scene, INTENT_CONSENT, 0);
    ON(scene, SCREEN_COMMITMENT);
    assert_true(look(scene)->consent_asked && !look(scene)->consent_given);
    touch(scene, INTENT_NEXT); // "I promise"
    ON(scene, SCREEN_SIGNATURE);
    touch(scene, INTENT_SUBMIT); // nothing chosen
    ON(scene, SCREEN_SIGNATURE);
    assert_true(look(scene)->show_violations);
    touch_number(scene, INTENT_SIGN, SIGNATURE_OUTSTANDING);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_true(scene->draft.signature_outstanding);
    RECORDED(scene, "<consent_health>no</consent_health>");
    RECORDED(scene, "<signature_way>outstanding</signature_way>");
}

static void
in_the_middle_of_an_application_an_emergency_goes_first_and_nothing_is_lost(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    say_where(scene);
    answer(scene, "/data/contact/phone", "13812345678");
    touch(scene, INTENT_NEXT);
    fill_urgent(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_true(scene->draft.urgent);
    touch(scene, INTENT_HAVE_RECEIPT);
    touch_number(scene, INTENT_RATE, 0);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->service->id, "expenditure-relief");
    assert_string_not_equal(look(scene)->form_screen->questions[0].ref, "/data/address/area");
    touch(scene, INTENT_BACK);
    assert_string_equal(value_of(scene, "/data/contact/phone"), "13812345678");
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_LEAVE_SURE);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(scene->visits_ended, 2);
    assert_int_equal(scene->wipes, 1);
}

static void
one_language_more_in_the_middle_changes_the_questions_and_keeps_the_answers(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    char chinese[256];
    text_copy(chinese, sizeof chinese, look(scene)->form_screen->questions[0].label);
    touch_text(scene, INTENT_LANGUAGE, "ko");
    assert_string_not_equal(look(scene)->form_screen->questions[0].label, chinese);
    assert_string_equal(look(scene)->form_screen->questions[0].value, "laoshan");
}

static void progress_counts_what_is_shown(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    assert_int_equal(look(scene)->progress.step, 3);
    assert_int_equal(look(scene)->progress.steps, 7);
    assert_int_equal(look(scene)->progress.part, 1);
    assert_true(look(scene)->progress.parts > 5);
}

static void hiding_is_one_touch(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    touch(scene, INTENT_HIDE);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void before_anything_was_asked_back_leads_to_the_door_it_came_from(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_DOOR, "security");
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_SERVICES);
    assert_string_equal(look(scene)->door, "security");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_ATTRACT);
}

static void violence_is_marked_for_the_district_and_for_nobody_else(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    answer(scene, "/data/event/type", "violence");
    while (look(scene)->screen == SCREEN_QUESTION) {
        if (text_equal(look(scene)->form_screen->questions[0].ref, "/data/contact/how"))
            answer(scene, "/data/contact/how", "here");
        touch(scene, INTENT_NEXT);
    }
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_true(scene->draft.restricted);
    assert_string_equal(scene->draft.service, "urgent-relief");
    assert_string_equal(scene->draft.shown_service, "which-help"); // an enquiry, and its number
    assert_int_equal(scene->draft.type, 4);
}

#define VISIT(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VISIT(somebody_in_need_is_asked_five_things_at_most_and_has_a_receipt),
        VISIT(an_urgent_record_stays_open_when_the_person_walks_away),
        VISIT(one_person_pressing_twice_is_one_urgent_record),
        VISIT(a_first_person_sentence_about_need_is_urgent_too),
        VISIT(a_household_of_two_members_applies_for_its_expenses),
        VISIT(the_drawn_signature_is_handed_in_as_plain_strokes),
        VISIT(a_grade_is_a_count_and_no_entry_in_the_log),
        VISIT(the_whole_visit_ends_at_the_attract_screen_with_nothing_left),
        VISIT(rating_and_goodbye_pass_by_themselves),
        VISIT(nobody_passes_a_question_that_must_be_answered_but_back_always_works),
        VISIT(only_what_is_asked_on_the_screen_can_be_answered),
        VISIT(a_wrong_number_is_explained_by_the_form),
        VISIT(from_the_review_one_jumps_and_comes_back),
        VISIT(a_member_is_added_changed_and_taken_away_again),
        VISIT(a_refused_consent_blocks_nothing_and_none_is_ticked_beforehand),
        VISIT(in_the_middle_of_an_application_an_emergency_goes_first_and_nothing_is_lost),
        VISIT(one_language_more_in_the_middle_changes_the_questions_and_keeps_the_answers),
        VISIT(progress_counts_what_is_shown),
        VISIT(hiding_is_one_touch),
        VISIT(before_anything_was_asked_back_leads_to_the_door_it_came_from),
        VISIT(violence_is_marked_for_the_district_and_for_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
