// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody asks how far their case is, and what they do with it then.
#include "scene.h"
#include "../../../app/session/session_internal.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include <stdio.h>

#define QR_START "https://district.example/t/AAAAAAAAAAAAAAAAAAAAAA?n="
#define SIGNATURE                                                                                  \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static char number[LIMIT_RECEIPT_NUMBER];

static int setup(void **state)
{
    struct receipt_number parts = {"001", 261123, 2, 1, 234};
    *state = scene_new();
    scene_work(*state);
    return receipt_number_format(&parts, number, NULL);
}

static int teardown(void **state)
{
    scene_free(*state);
    return 0;
}

// ---- what the kiosk knows

static struct track_case *elsewhere(const struct track_question *question)
{
    struct track_case *told = track_case_new(question);
    told->result = TRACK_ELSEWHERE;
    return told;
}

static void fill_found(struct track_case *told)
{
    told->result = TRACK_FOUND;
    text_copy(told->instance, sizeof told->instance, "uuid:first");
    text_copy(told->service, sizeof told->service, "minimum-living");
    text_copy(told->masked_name, sizeof told->masked_name, "张**");
    text_copy(told->masked_id, sizeof told->masked_id, "370212************");
    told->saved_utc_ms = 1795399500000;
    told->known_utc_ms = 1795399500000;
    told->may_reprint = told->owner = true;
    track_case_allow(told);
}

static struct track_case *unsent(const struct track_question *question)
{
    struct track_case *told = track_case_new(question);
    told->own = true;
    fill_found(told);
    return told;
}

static struct track_case *sent(const struct track_question *question)
{
    struct track_case *told = unsent(question);
    told->place = TRACK_SENT;
    return told;
}

static struct track_case *wrong(const struct track_question *question)
{
    struct track_case *told = track_case_new(question);
    told->own = true;
    told->place = TRACK_SENT;
    told->result = TRACK_NO_FIT;
    told->tries_left = 3;
    return told;
}

static struct track_case *locked(const struct track_question *question)
{
    struct track_case *told = track_case_new(question);
    told->own = true;
    told->result = TRACK_LOCKED;
    told->wait_ms = track_lock_ms;
    return told;
}

// ---- what the district says

static void answer_with(struct scene *scene, struct track_case *told)
{
    struct session_input input = {
        .kind = SESSION_TRACKED, .id = scene->question_id, .tracked = told};
    session_step(scene->session, &input);
    scene_work(scene);
}

static void district_finds(struct scene *scene, const char *status)
{
    struct track_case *told = track_case_new(&scene->question);
    text_copy(told->status, sizeof told->status, status);
    fill_found(told);
    told->from_district = true;
    told->place = TRACK_SENT;
    told->prints = 1;
    answer_with(scene, told);
}

static void district_says(struct scene *scene, enum track_result result)
{
    struct track_case *told = track_case_new(&scene->question);
    told->result = result;
    told->tries_left = 4;
    answer_with(scene, told);
}

static void type_factor(struct scene *scene, const char *factor)
{
    for (; *factor; factor++) {
        char key[2] = {*factor, '\0'};
        touch_text(scene, INTENT_TRACK_DIGIT, key);
    }
}

static void show_receipt(struct scene *scene)
{
    char qr[LIMIT_QR_TEXT];
    snprintf(qr, sizeof qr, QR_START "%s&s=" SIGNATURE, number);
    assert_true(track_code(scene->session, qr));
    session_step(scene->session, &(struct session_input){.kind = SESSION_TICK});
    ON(scene, SCREEN_TRACK_FACTOR);
}

// By its number alone.
static void reach_factor(struct scene *scene)
{
    touch(scene, INTENT_TRACK);
    ON(scene, SCREEN_TRACK_FIND);
    touch_text(scene, INTENT_TRACK_NUMBER, number);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TRACK_FACTOR);
}

static void ask(struct scene *scene)
{
    show_receipt(scene);
    type_factor(scene, "002X");
    assert_int_equal(look(scene)->track->factor_count, 4);
    touch(scene, INTENT_NEXT);
}

// ---- tests

static void a_number_is_checked_as_soon_as_it_is_whole(void **state)
{
    struct scene *scene = *state;
    char bad[LIMIT_RECEIPT_NUMBER];
    touch(scene, INTENT_TRACK);
    touch_text(scene, INTENT_TRACK_NUMBER, "37021200126112");
    assert_null(look(scene)->track->number_problem_key);
    touch(scene, INTENT_NEXT); // not whole: it stays
    ON(scene, SCREEN_TRACK_FIND);
    text_copy(bad, sizeof bad, number);
    bad[20] = bad[20] == '9' ? '0' : (char)(bad[20] + 1);
    touch_text(scene, INTENT_TRACK_NUMBER, bad);
    assert_string_equal(look(scene)->track->number_problem_key, "follow.number-wrong");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TRACK_FIND);
    touch_text(scene, INTENT_TRACK_NUMBER, number);
    assert_null(look(scene)->track->number_problem_key);
}

static void the_factor_is_four_with_x_only_at_the_end(void **state)
{
    struct scene *scene = *state;
    reach_factor(scene);
    type_factor(scene, "X0X21");
    assert_int_equal(look(scene)->track->factor_count, 3); // 0, 2, 1: no X in front
    touch(scene, INTENT_NEXT);
    assert_int_equal(scene->questions, 0);
    type_factor(scene, "X9");
    assert_int_equal(look(scene)->track->factor_count, 4);
    touch_text(scene, INTENT_TRACK_DIGIT, "\b");
    assert_int_equal(look(scene)->track->factor_count, 3);
    assert_string_equal(scene->notes, "track.opened() "); // and nothing of it is noted
}

static void another_counters_case_is_told_by_the_district(void **state)
{
    struct scene *scene = *state;
    scene->here = elsewhere;
    ask(scene);
    assert_true(look(scene)->track->waiting);
    assert_int_equal(scene->questions, 1);
    assert_string_equal(scene->question.number, number);
    assert_string_equal(scene->question.factor, "002X");
    district_finds(scene, "50");
    ON(scene, SCREEN_TRACK_CASE);
    const struct view_track *track = look(scene)->track;
    assert_int_equal(track->result, TRACK_FOUND);
    assert_string_equal(track->status_key, "status.50");
    assert_string_equal(track->now_key, "follow.now.50.days");
    assert_int_equal(track->follow_days, 7);
    assert_string_equal(track->next_key, "follow.next.50");
    assert_int_equal(track->promised_days, 20);
    assert_true(track->from_district && track->may_add && track->may_withdraw);
}

static void an_unsent_case_is_told_at_once_without_a_network(void **state)
{
    struct scene *scene = *state;
    scene->here = unsent;
    ask(scene);
    ON(scene, SCREEN_TRACK_CASE);
    assert_int_equal(scene->questions, 0);
    assert_string_equal(look(scene)->track->status_key, "follow.here");
    assert_string_equal(look(scene)->track->now_key, "follow.now.here");
}

static void without_an_answer_the_kiosk_says_what_it_knows_and_from_when(void **state)
{
    struct scene *scene = *state;
    scene->here = sent;
    ask(scene);
    assert_true(look(scene)->track->waiting);
    scene_wait(scene, TRACK_ANSWER_MS + 1);
    ON(scene, SCREEN_TRACK_CASE);
    assert_int_equal(look(scene)->track->result, TRACK_FOUND);
    assert_false(look(scene)->track->from_district);
    assert_string_equal(look(scene)->track->known_at, "11 月 23 日 10:05");
    district_finds(scene, "70"); // too late: it is somebody else's perhaps
    assert_string_equal(look(scene)->track->status_key, "follow.sent");
}

static void offline_another_counters_case_is_safe_at_that_counter(void **state)
{
    struct scene *scene = *state;
    scene->here = elsewhere;
    ask(scene);
    district_says(scene, TRACK_NO_ANSWER);
    ON(scene, SCREEN_TRACK_CASE);
    assert_int_equal(look(scene)->track->result, TRACK_ELSEWHERE);
    assert_string_equal(look(scene)->track->counter, "001");
    assert_string_not_equal(look(scene)->track->counter_name, "");
}

static void a_restored_district_says_less_than_the_kiosk_knows(void **state)
{
    struct scene *scene = *state;
    scene->here = sent;
    ask(scene);
    district_says(scene, TRACK_NO_FIT);
    ON(scene, SCREEN_TRACK_CASE);
    assert_int_equal(look(scene)->track->result, TRACK_FOUND);
}

static void a_wrong_factor_leaves_nothing_and_may_be_typed_again(void **state)
{
    struct scene *scene = *state;
    scene->here = wrong;
    ask(scene);
    district_says(scene, TRACK_NO_FIT);
    ON(scene, SCREEN_TRACK_FACTOR);
    assert_true(look(scene)->track->no_fit);
    assert_int_equal(look(scene)->track->tries_left, 3); // the kiosk counts too
    assert_int_equal(look(scene)->track->factor_count, 0);
    scene->here = unsent;
    type_factor(scene, "0021");
    assert_false(look(scene)->track->no_fit);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TRACK_CASE);
}

static void a_locked_number_says_for_how_long(void **state)
{
    struct scene *scene = *state;
    scene->here = locked;
    ask(scene);
    ON(scene, SCREEN_TRACK_CASE);
    assert_int_equal(look(scene)->track->result, TRACK_LOCKED);
    assert_int_equal(look(scene)->track->wait_hours, 24);
    assert_int_equal(scene->questions, 0);
    touch(scene, INTENT_TRACK_WITHDRAW); // nothing can be done with it
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void a_scanned_receipt_asks_only_for_the_factor(void **state)
{
    struct scene *scene = *state;
    char qr[LIMIT_QR_TEXT];
    snprintf(qr, sizeof qr, QR_START "%s&s=" SIGNATURE, number);
    show_receipt(scene);
    assert_string_equal(look(scene)->track->number, number);
    assert_false(track_code(scene->session, "https://elsewhere.example/x"));
    qr[sizeof QR_START + 3] ^= 1; // another number under the same signature: the check digit
    assert_false(track_code(scene->session, qr));
    scene->here = elsewhere;
    type_factor(scene, "0021");
    touch(scene, INTENT_NEXT);
    assert_string_equal(scene->question.token, "AAAAAAAAAAAAAAAAAAAAAA");
}

static struct track_case *by_number(const struct track_question *question)
{
    struct track_case *told = sent(question);
    told->owner = told->may_reprint = false;
    track_case_allow(told);
    return told;
}

static void its_number_alone_tells_how_far_it_is_and_what_more_is_wanted(void **state)
{
    struct scene *scene = *state;
    scene->here = by_number;
    reach_factor(scene);
    type_factor(scene, "002X");
    touch(scene, INTENT_NEXT);
    assert_string_equal(scene->question.token, "");
    district_says(scene, TRACK_NO_ANSWER);
    ON(scene, SCREEN_TRACK_CASE);
    const struct view_track *track = look(scene)->track;
    assert_int_equal(track->result, TRACK_FOUND);
    assert_true(track->wants_receipt);
    assert_false(track->may_add || track->may_withdraw || track->may_reprint);
    touch(scene, INTENT_TRACK_WITHDRAW);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    touch(scene, INTENT_BACK); // and its code is held up there
    show_receipt(scene);
    type_factor(scene, "002X");
    scene->here = sent;
    touch(scene, INTENT_NEXT);
    district_finds(scene, "50");
    track = look(scene)->track;
    assert_true(track->may_add && track->may_withdraw && !track->wants_receipt);
}

static struct track_case *unchecked(const struct track_question *question)
{
    struct track_case *told = track_case_new(question);
    told->own = true;
    told->result = TRACK_NEEDS_RECEIPT;
    return told;
}

static void what_cannot_be_checked_by_its_number_says_what_is_wanted(void **state)
{
    struct scene *scene = *state;
    scene->here = unchecked;
    reach_factor(scene);
    type_factor(scene, "002X");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_TRACK_CASE);
    assert_int_equal(look(scene)->track->result, TRACK_NEEDS_RECEIPT);
    assert_int_equal(scene->questions, 0); // it is not sent: nobody else has it
}

static void what_opens_a_case_is_computed_after_it_is_saved(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED); // nobody waited for it
    assert_int_equal(scene->owners, 0);
    scene_own_work(scene, ERR_RETRY); // no memory: the case is as safe
    assert_int_equal(scene->owners, 0);
    ON(scene, SCREEN_SAVED);
}

static void what_opens_a_case_is_kept_also_when_its_owner_has_gone(void **state)
{
    struct scene *scene = *state;
    struct owner_lock lock = {0};
    fill_expenditure(scene);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    char instance[LIMIT_INSTANCE_ID];
    text_copy(instance, sizeof instance, scene->draft.instance_id);
    visit_end_all(scene->session, "left");
    scene_work(scene);
    scene_own_work(scene, ERR_OK);
    assert_int_equal(scene->owners, 1);
    assert_string_equal(scene->owner_instance, instance);
    assert_int_equal(strlen(scene->owner_token), LIMIT_TOKEN_TEXT - 1);
    text_copy(lock.salt, sizeof lock.salt, scene->owner_lock.salt);
    assert_int_equal(owner_lock_key(&scene->crypto, scene->owner_factor, &lock, NULL), ERR_OK);
    assert_memory_equal(lock.key, scene->owner_lock.key, sizeof lock.key);
}

static void a_receipt_is_no_matter_in_the_middle_of_an_application(void **state)
{
    struct scene *scene = *state;
    char qr[LIMIT_QR_TEXT];
    begin_expenditure(scene);
    snprintf(qr, sizeof qr, QR_START "%s&s=" SIGNATURE, number);
    assert_false(track_code(scene->session, qr));
    ON(scene, SCREEN_QUESTION);
}

static void withdrawing_asks_once_and_is_a_submission_of_that_case(void **state)
{
    struct scene *scene = *state;
    scene->here = unsent;
    ask(scene);
    touch(scene, INTENT_TRACK_WITHDRAW);
    assert_int_equal(look(scene)->overlay, OVERLAY_WITHDRAW);
    touch(scene, INTENT_CLOSE_OVERLAY);
    ON(scene, SCREEN_TRACK_CASE);
    touch(scene, INTENT_TRACK_WITHDRAW);
    touch(scene, INTENT_TRACK_WITHDRAW_SURE);
    ON(scene, SCREEN_QUESTION); // no notice, no identity: all of that is known
    answer(scene, "/data/withdraw/reason", "better");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_string_equal(scene->draft.of_instance, "uuid:first");
    assert_string_equal(scene->draft.service, "withdraw");
    assert_int_equal(scene->draft.type, 5);
    assert_string_equal(scene->draft.masked_name, "张**");
    assert_string_equal(scene->owner_factor, "002X"); // opens the new receipt too
    assert_non_null(strstr(scene->record, "<of>uuid:first</of>"));
    assert_non_null(strstr(scene->record, number));
    assert_non_null(strstr(scene->record, "<of_proof>AAAAAAAAAAAAAAAAAAAAAA 002X</of_proof>"));
}

static void a_paper_is_added_from_the_list_of_that_service(void **state)
{
    struct scene *scene = *state;
    scene->here = unsent;
    ask(scene);
    touch(scene, INTENT_TRACK_ADD);
    ON(scene, SCREEN_QUESTION);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_PAPERS);
    assert_int_equal(look(scene)->paper_count,
                     catalogue_service(scene->catalogue, "minimum-living")->paper_count);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_PAPERS); // one has to be spoken of
    struct intent paper = {
        .kind = INTENT_PAPER, .number = PAPER_ANSWER_CLERK, .text = "medical-proof"};
    session_step(scene->session, &(struct session_input){.kind = SESSION_INTENT, .intent = &paper});
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_REVIEW);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_non_null(strstr(scene->record, "<papers>medical-proof:clerk</papers>"));
    assert_int_equal(scene->draft.paper_count, 1);
}

static void back_from_what_one_can_do_is_back_at_the_case(void **state)
{
    struct scene *scene = *state;
    scene->here = unsent;
    ask(scene);
    touch(scene, INTENT_TRACK_MISTAKE);
    ON(scene, SCREEN_QUESTION);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_TRACK_CASE);
    assert_int_equal(scene->saves, 0);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_ATTRACT);
}

static void its_own_receipt_is_printed_again_by_the_kiosk(void **state)
{
    struct scene *scene = *state;
    scene->here = sent;
    ask(scene);
    district_finds(scene, "20");
    touch(scene, INTENT_TRACK_REPRINT);
    assert_int_equal(scene->receipts, 1);
    assert_int_equal(scene->copies, 1);
    ON(scene, SCREEN_TRACK_CASE);
    assert_true(look(scene)->track->printing);
    assert_int_equal(look(scene)->receipt_state, RECEIPT_PRINTED);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_ATTRACT);
    assert_string_equal(scene->ended_instance, "uuid:first"); // what has not begun is taken back
}

static void another_counters_receipt_is_printed_when_the_district_agrees(void **state)
{
    struct scene *scene = *state;
    scene->here = elsewhere;
    ask(scene);
    district_finds(scene, "20");
    touch(scene, INTENT_TRACK_REPRINT);
    assert_int_equal(scene->receipts, 0);
    assert_true(scene->question.reprint);
    assert_int_equal(scene->question.print, 1);
    assert_string_equal(scene->question.instance, "uuid:first");
    ON(scene, SCREEN_TRACK_CASE);
    struct track_case *told = track_case_new(&scene->question);
    fill_found(told);
    told->facts = calloc(1, sizeof *told->facts);
    told->facts->print_count = 2;
    answer_with(scene, told);
    assert_int_equal(scene->copies, 1);
    assert_non_null(strstr(scene->notes, "receipt.reprinted(of another counter)"));
    assert_int_equal(look(scene)->receipt_state, RECEIPT_PRINTED);
}

static void without_a_network_another_counters_receipt_waits(void **state)
{
    struct scene *scene = *state;
    scene->here = elsewhere;
    ask(scene);
    district_finds(scene, "20");
    touch(scene, INTENT_TRACK_REPRINT);
    scene_wait(scene, TRACK_ANSWER_MS + 1);
    ON(scene, SCREEN_TRACK_CASE);
    assert_int_equal(look(scene)->receipt_state, RECEIPT_FAILED);
    assert_string_equal(look(scene)->receipt_problem_key, "follow.reprint-later");
    assert_int_equal(scene->copies, 0);
}

static void linked_services_are_reached_through_a_case_only(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "withdraw");
    ON(scene, SCREEN_ATTRACT);
    touch_text(scene, INTENT_DOOR, "security");
    touch_text(scene, INTENT_SERVICE, "add-paper");
    ON(scene, SCREEN_SERVICES);
}

static void who_walks_away_leaves_nothing(void **state)
{
    struct scene *scene = *state;
    scene->here = unsent;
    ask(scene);
    ON(scene, SCREEN_TRACK_CASE);
    scene_wait(scene, 120000 + 45000 + 1000);
    ON(scene, SCREEN_ATTRACT);
    assert_null(look(scene)->track);
    assert_int_equal(scene->wipes, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_number_is_checked_as_soon_as_it_is_whole),
        TEST(the_factor_is_four_with_x_only_at_the_end),
        TEST(another_counters_case_is_told_by_the_district),
        TEST(an_unsent_case_is_told_at_once_without_a_network),
        TEST(without_an_answer_the_kiosk_says_what_it_knows_and_from_when),
        TEST(offline_another_counters_case_is_safe_at_that_counter),
        TEST(a_restored_district_says_less_than_the_kiosk_knows),
        TEST(a_wrong_factor_leaves_nothing_and_may_be_typed_again),
        TEST(a_locked_number_says_for_how_long),
        TEST(a_scanned_receipt_asks_only_for_the_factor),
        TEST(its_number_alone_tells_how_far_it_is_and_what_more_is_wanted),
        TEST(what_cannot_be_checked_by_its_number_says_what_is_wanted),
        TEST(what_opens_a_case_is_computed_after_it_is_saved),
        TEST(what_opens_a_case_is_kept_also_when_its_owner_has_gone),
        TEST(a_receipt_is_no_matter_in_the_middle_of_an_application),
        TEST(withdrawing_asks_once_and_is_a_submission_of_that_case),
        TEST(a_paper_is_added_from_the_list_of_that_service),
        TEST(back_from_what_one_can_do_is_back_at_the_case),
        TEST(its_own_receipt_is_printed_again_by_the_kiosk),
        TEST(another_counters_receipt_is_printed_when_the_district_agrees),
        TEST(without_a_network_another_counters_receipt_waits),
        TEST(linked_services_are_reached_through_a_case_only),
        TEST(who_walks_away_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
