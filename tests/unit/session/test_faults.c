// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong around a visit: people walk away, disks fill, paper runs out, forms are broken.
#include "scene.h"
#include "yimen/content/bundle.h"
#include "yimen/base/text.h"
#include <jansson.h>
#include <libxml/xmlmemory.h>
#include <malloc.h>

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

static void an_idle_visit_is_alerted_counted_down_and_gone(void **state)
{
    struct scene *scene = *state;
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_WHO);
    scene_wait(scene, 119000);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    scene_wait(scene, 2000);
    assert_int_equal(look(scene)->overlay, OVERLAY_IDLE);
    assert_int_equal(look(scene)->countdown_s, 44);
    scene_wait(scene, 10000);
    assert_int_equal(look(scene)->countdown_s, 34);
    scene_wait(scene, 35000);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    assert_int_equal(scene->wipes, 1);
    assert_int_equal(scene->visits_ended, 1);
}

static void one_touch_stays_as_often_as_wanted(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    for (int i = 0; i < 12; i++) {
        scene_wait(scene, 150000);
        assert_int_equal(look(scene)->overlay, OVERLAY_IDLE);
        touch(scene, INTENT_ACTIVITY);
        assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
        ON(scene, SCREEN_QUESTION);
    }
}

static void fetching_papers_may_take_longer(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    scene_wait(scene, 299000);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    scene_wait(scene, 2000);
    assert_int_equal(look(scene)->overlay, OVERLAY_IDLE);
}

static void changed_comfort_is_reset_when_the_passer_by_has_gone(void **state)
{
    struct scene *scene = *state;
    touch_number(scene, INTENT_CONTRAST, CONTRAST_ON_BLACK);
    touch_text(scene, INTENT_LANGUAGE, "en");
    scene_wait(scene, 121000);
    assert_int_equal(look(scene)->contrast, CONTRAST_DEFAULT);
    assert_string_equal(look(scene)->language, "zh");
}

static void hide(const char *text, unsigned char *hidden)
{
    for (size_t i = 0; text[i]; i++)
        hidden[i] = (unsigned char)~text[i];
}

// Typed letter by letter, so that the whole word stands only where the program keeps it.
static void type_letters(struct scene *scene, enum intent_kind kind, const char *ref,
                         const unsigned char *hidden, size_t length)
{
    struct intent intent = {.kind = kind};
    text_copy(intent.ref, sizeof intent.ref, ref);
    for (size_t i = 0; i < length; i++)
        intent.text[i] = (char)~hidden[i];
    struct session_input input = {.kind = SESSION_INTENT, .intent = &intent};
    session_step(scene->session, &input);
    memory_wipe(&intent, sizeof intent);
    scene_work(scene);
}

static void after_a_visit_nothing_typed_is_left_in_memory(void **state)
{
    struct scene *scene = *state;
    static const char name[] = "Kanarienvogel", number[] = "370212195406070029",
                      story[] = "Zeisigzwitscher";
    unsigned char name_hidden[32], number_hidden[32], story_hidden[32];
    hide(name, name_hidden);
    hide(number, number_hidden);
    hide(story, story_hidden);
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    touch(scene, INTENT_NEXT);
    touch_text(scene, INTENT_WHO, "other");
    touch(scene, INTENT_NEXT);
    type_letters(scene, INTENT_NAME, "", name_hidden, sizeof name - 1);
    type_letters(scene, INTENT_ID_NUMBER, "", number_hidden, sizeof number - 1);
    touch(scene, INTENT_NEXT);
    touch(scene, INTENT_NEXT); // no ticket
    ON(scene, SCREEN_QUESTION);
    type_letters(scene, INTENT_ANSWER, "/data/agent/name", story_hidden, sizeof story - 1);
    assert_true(scene_remembers(name_hidden, sizeof name - 1));
    assert_true(scene_remembers(story_hidden, sizeof story - 1));
    touch(scene, INTENT_HIDE);
    ON(scene, SCREEN_ATTRACT);
    assert_true(session_keeps_visit(scene->session)); // sealed: its key is in nobody's memory
    assert_false(scene_remembers(name_hidden, sizeof name - 1));
    assert_false(scene_remembers(number_hidden, sizeof number - 1));
    assert_false(scene_remembers(story_hidden, sizeof story - 1));
}

static void a_full_disk_loses_nothing_and_saving_works_later(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    reach_signature(scene);
    draw_signature(scene);
    scene->save_err = ERR_FULL;
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, "problem.disk-full.what");
    assert_string_equal(look(scene)->problem_code, "SAVE-FULL");
    assert_true(look(scene)->problem_retry);
    touch(scene, INTENT_RETRY);
    ON(scene, SCREEN_PROBLEM);
    assert_int_equal(scene->saves, 2);
    scene->save_err = ERR_OK;
    touch(scene, INTENT_RETRY);
    ON(scene, SCREEN_SAVED);
    assert_int_equal(scene->saves, 3);
    assert_non_null(strstr(scene->record, "<name>李小四</name>"));
    assert_true(scene->signature[0] != '\0');
}

static void after_a_failed_save_one_may_go_back_and_hand_in_again(void **state)
{
    struct scene *scene = *state;
    fill_urgent(scene);
    scene->save_err = ERR_RETRY;
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, "problem.busy.what");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_REVIEW);
    char instance[LIMIT_INSTANCE_ID];
    scene->save_err = ERR_OK;
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    text_copy(instance, sizeof instance, scene->draft.instance_id);
    assert_non_null(strstr(scene->record, instance));
}

static void while_saving_nobody_leaves_and_an_emergency_waits_a_moment(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    reach_signature(scene);
    touch_number(scene, INTENT_SIGN, SIGNATURE_OUTSTANDING);
    scene->never_saves = true;
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVING);
    touch(scene, INTENT_LEAVE);
    ON(scene, SCREEN_SAVING);
    scene_wait(scene, 400000);
    ON(scene, SCREEN_SAVING);
    touch(scene, INTENT_URGENT);
    assert_int_equal(scene->urgent_opened, 1); // the record and the call do not wait
    assert_true(scene->calling);
    scene->never_saves = false;
    scene_work(scene);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->service->id, "urgent-relief");
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_LEAVE_SURE);
    ON(scene, SCREEN_SAVED); // the other one, with its receipt
}

static void without_paper_number_and_code_stay_until_i_have_it(void **state)
{
    struct scene *scene = *state;
    scene->print_state = PRINT_FAILED;
    scene->print_reasons = PRINTER_NO_PAPER;
    fill_urgent(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_int_equal(look(scene)->receipt_state, RECEIPT_FAILED);
    assert_string_equal(look(scene)->receipt_problem_key, "printer.no-paper");
    assert_non_null(strstr(look(scene)->qr_text, "https://"));
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_SAVED);
    touch(scene, INTENT_REPRINT); // paper was filled in
    assert_int_equal(scene->receipts, 1);
    assert_int_equal(scene->copies, 1);
    assert_int_equal(look(scene)->receipt_state, RECEIPT_FAILED);
    touch(scene, INTENT_HAVE_RECEIPT);
    ON(scene, SCREEN_DONE);
}

// Nobody can say whether it printed: a marked copy is printed when it is asked for, and counted.
static void an_unknown_outcome_leaves_the_way_to_a_marked_copy(void **state)
{
    struct scene *scene = *state;
    scene->print_state = PRINT_UNKNOWN;
    scene->print_reasons = PRINTER_NO_PAPER;
    fill_urgent(scene);
    touch(scene, INTENT_SUBMIT);
    assert_int_equal(look(scene)->receipt_state, RECEIPT_UNKNOWN);
    assert_string_equal(look(scene)->receipt_problem_key, "printer.no-paper");
    scene->print_state = PRINT_PRINTED;
    scene->print_reasons = 0;
    touch(scene, INTENT_REPRINT);
    assert_int_equal(scene->receipts, 1);
    assert_int_equal(scene->copies, 1);
    assert_int_equal(look(scene)->receipt_state, RECEIPT_PRINTED);
}

// "No paper" goes when paper has been put in, without a touch.
static void what_is_wrong_with_the_printer_follows_the_printer(void **state)
{
    struct scene *scene = *state;
    scene->print_state = PRINT_UNKNOWN;
    scene->print_reasons = PRINTER_NO_PAPER;
    fill_urgent(scene);
    touch(scene, INTENT_SUBMIT);
    scene_wait(scene, 10000);
    assert_string_equal(look(scene)->receipt_problem_key, "printer.no-paper");
    assert_true(scene->status_asked >= 2 && scene->status_asked <= 5);
    scene->print_reasons = PRINTER_COVER_OPEN;
    scene_wait(scene, 4000);
    assert_string_equal(look(scene)->receipt_problem_key, "printer.cover-open");
    scene->print_reasons = 0;
    scene_wait(scene, 4000);
    assert_null(look(scene)->receipt_problem_key);
    assert_int_equal(look(scene)->receipt_state,
                     RECEIPT_UNKNOWN); // of that job nothing new is known
    int asked = scene->status_asked;
    scene_wait(scene, 10000);
    assert_int_equal(scene->status_asked, asked);
}

static void the_screen_follows_the_printer(void **state)
{
    struct scene *scene = *state;
    scene->print_state = PRINT_ACCEPTED;
    fill_urgent(scene);
    touch(scene, INTENT_SUBMIT);
    assert_int_equal(look(scene)->receipt_state, RECEIPT_ACCEPTED);
    touch(scene, INTENT_REPRINT); // it is printing: no second one
    assert_int_equal(scene->receipts, 0);
    scene_print(scene, PRINT_PRINTED, 0);
    assert_int_equal(look(scene)->receipt_state, RECEIPT_PRINTED);
    assert_null(look(scene)->receipt_problem_key);
}

static void a_broken_form_is_said_plainly_and_the_other_services_work(void **state)
{
    struct scene *scene = *state;
    scene->breaks_forms = true;
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    ON(scene, SCREEN_PROBLEM); // at once: nobody reads about what cannot be done
    assert_string_equal(look(scene)->problem_what_key, "problem.form-broken.what");
    assert_false(look(scene)->problem_retry);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_ATTRACT);
    fill_urgent(scene); // its form was there since the start
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_LEAVE_SURE);
    scene->breaks_forms = false; // repaired: the next choice loads it again
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_WHO);
}

static void with_a_broken_urgent_form_help_is_called_all_the_same(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    scene->breaks_forms = true;
    scene_work(scene);
    touch(scene, INTENT_URGENT);
    ON(scene, SCREEN_PROBLEM);
    assert_int_equal(scene->urgent_opened, 1);
    assert_true(scene->calling && scene->urgent_call);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_ATTRACT);
    assert_true(scene->calling);
    scene_free(scene);
}

static void a_form_that_is_not_there_yet_is_waited_for(void **state)
{
    struct scene *scene = *state;
    struct intent choose = {.kind = INTENT_SERVICE}, next = {.kind = INTENT_NEXT};
    struct session_input input = {.kind = SESSION_INTENT, .intent = &choose};
    text_copy(choose.text, sizeof choose.text, "expenditure-relief");
    session_step(scene->session, &input);
    assert_false(look(scene)->is_opening);
    input.intent = &next;
    session_step(scene->session, &input);
    ON(scene, SCREEN_NOTICE);
    assert_true(look(scene)->is_opening); // the touch was taken, and the button says so
    scene_work(scene);
    ON(scene, SCREEN_WHO);
}

static void an_unknown_date_leaves_only_emergencies_open(void **state)
{
    struct scene *scene = *state;
    scene->quality = TIME_UNKNOWN;
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, "problem.clock.what");
    fill_urgent(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_null(look(scene)->deadline); // "24 hours from the first touch", no date
    assert_string_equal(look(scene)->saved_at, "");
}

static void an_unknown_date_is_nowhere_and_reports_stay_open(void **state)
{
    struct scene *scene = *state;
    assert_string_not_equal(look(scene)->clock_text, "");
    scene->quality = TIME_UNKNOWN;
    scene_wait(scene, 1000);
    assert_string_equal(look(scene)->clock_text, "");
    assert_true(look(scene)->clock_unknown);
    assert_non_null(strstr(scene->notes, "clock.unknown()"));
    touch_text(scene, INTENT_SERVICE, "whistle");
    ON(scene, SCREEN_NOTICE);
    touch(scene, INTENT_LEAVE);
    touch_text(scene, INTENT_SERVICE, "destitute");
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_code, "CLOCK-UNKNOWN");
    // The district has told the time: what was refused may begin, without another touch.
    struct sync_event told = {.kind = SYNC_TIME, .district_utc_ms = scene->now_ms};
    scene->quality = TIME_DISTRICT;
    session_step(scene->session, &(struct session_input){.kind = SESSION_SYNC, .sync = told});
    scene_work(scene);
    assert_int_not_equal(look(scene)->screen, SCREEN_PROBLEM);
    assert_string_not_equal(look(scene)->clock_text, "");
    assert_non_null(strstr(scene->notes, "clock.known(district)"));
    assert_int_equal(scene->times_kept, 1);
    session_step(scene->session, &(struct session_input){.kind = SESSION_SYNC, .sync = told});
    scene_work(scene);
    assert_int_equal(scene->times_kept, 1); // not with every answer
}

static void a_kiosk_that_must_not_save_more_takes_emergencies_and_what_is_under_way(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    scene->frozen = "disk"; // nothing under way is stopped
    scene_wait(scene, 1000);
    assert_int_not_equal(look(scene)->screen, SCREEN_PROBLEM);
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_LEAVE_SURE);
    for (int i = 0; i < 2; i++) { // as it is found out, and when it is known
        touch_text(scene, INTENT_SERVICE, "expenditure-relief");
        ON(scene, SCREEN_PROBLEM);
        assert_string_equal(look(scene)->problem_what_key, "problem.closed.what");
        assert_string_equal(look(scene)->problem_code, "CLOSED-disk");
        touch(scene, INTENT_BACK);
        ON(scene, SCREEN_ATTRACT);
    }
    fill_urgent(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    touch(scene, INTENT_HIDE);
    scene->frozen = NULL; // open again
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    ON(scene, SCREEN_NOTICE);
}

static void an_unanswered_call_says_so_after_a_minute(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_CALL);
    assert_int_equal(look(scene)->overlay, OVERLAY_CALL);
    assert_true(scene->calling && !scene->urgent_call);
    scene_wait(scene, 59000);
    assert_false(look(scene)->call_unanswered);
    scene_wait(scene, 2000);
    assert_true(look(scene)->call_unanswered);
    assert_int_equal(look(scene)->overlay, OVERLAY_CALL);
    assert_non_null(strstr(scene->notes, "call.unanswered"));
    touch(scene, INTENT_CALL); // once more: another minute
    assert_false(look(scene)->call_unanswered);
    scene_wait(scene, 61000);
    assert_true(look(scene)->call_unanswered);
}

static void after_a_crash_the_attract_screen_speaks_for_three_minutes(void **state)
{
    struct scene *scene = *state;
    assert_null(look(scene)->notice_key);
    struct outbox_reply ready = {.kind = OUTBOX_READY, .just_saved = "370212001261123212347"};
    scene_outbox(scene, &ready);
    assert_string_equal(look(scene)->notice_key, "attract.just-saved");
    scene_wait(scene, 179000);
    assert_non_null(look(scene)->notice_key);
    scene_wait(scene, 2000);
    assert_null(look(scene)->notice_key);
}

#define FAULT(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

// As the whole program's `free` does in the kiosk (app/main/wipe.c).
static void free_wiped(void *memory)
{
    if (memory)
        memory_wipe(memory, malloc_usable_size(memory));
    free(memory);
}

static void *realloc_wiped(void *memory, size_t size)
{
    void *moved = malloc(size);
    size_t had = memory ? malloc_usable_size(memory) : 0;
    if (!moved)
        return NULL;
    if (memory)
        memcpy(moved, memory, size < had ? size : had);
    free_wiped(memory);
    return moved;
}

static void at_a_stand_in_server_a_form_without_a_key_does_not_open(void **state)
{
    struct scene *scene = *state;
    scene_stands_in(scene, "whistle");
    size_t services = catalogue_service_count(scene->catalogue);
    assert_int_equal(look(scene)->unsealed_count, services - 1); // staff are told at the start
    assert_non_null(strstr(scene->notes, "service.closed(destitute)"));
    assert_null(strstr(scene->notes, "service.closed(whistle)"));
    touch_text(scene, INTENT_SERVICE, "destitute");
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_code, "FORM-NO-KEY");
    touch(scene, INTENT_BACK);
    touch_text(scene, INTENT_SERVICE, "destitute"); // not by asking again
    ON(scene, SCREEN_PROBLEM);
    touch(scene, INTENT_BACK);
    touch_text(scene, INTENT_SERVICE, "whistle");
    ON(scene, SCREEN_NOTICE);
}

static void at_a_stand_in_server_every_service_goes_alone(void **state)
{
    struct scene *scene = *state;
    assert_true(catalogue_bundle_count(scene->catalogue) > 0);
    scene_stands_in(scene, "disability-living");
    touch(scene, INTENT_ITEMS);
    ON(scene, SCREEN_ATTRACT);
    touch_text(scene, INTENT_SERVICE, "disability-living");
    ON(scene, SCREEN_NOTICE);
    assert_int_equal(look(scene)->fitting_count, 0);
    touch(scene, INTENT_ITEMS);
    ON(scene, SCREEN_NOTICE);
}

// Nobody says twice who they are: the second case has the first one's answers, and each is whole.
static void at_a_stand_in_server_one_service_follows_the_other(void **state)
{
    struct scene *scene = *state;
    scene_stands_in(scene, "*");
    fill_expenditure(scene);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    touch(scene, INTENT_HAVE_RECEIPT);
    touch_number(scene, INTENT_RATE, 0);
    ON(scene, SCREEN_DONE);
    assert_true(look(scene)->afterwards_count > 0);
    char next[40], first[LIMIT_INSTANCE_ID];
    text_copy(next, sizeof next, look(scene)->afterwards[0]->id);
    text_copy(first, sizeof first, scene->draft.instance_id);
    touch_text(scene, INTENT_SERVICE, "urgent-relief"); // is not among them
    ON(scene, SCREEN_DONE);
    touch_text(scene, INTENT_SERVICE, next);
    ON(scene, SCREEN_NOTICE);
    assert_string_equal(look(scene)->service->id, next);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_WHO);
    assert_string_equal(look(scene)->who, "self");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_IDENTITY);
    assert_string_equal(look(scene)->name, "张三");
    assert_string_equal(look(scene)->id_number, "370212195406070029");
    touch(scene, INTENT_NEXT);
    while (look(scene)->screen == SCREEN_TICKET_OFFER)
        touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    bool phone = false;
    for (int i = 0; i < 40 && !phone && look(scene)->screen == SCREEN_QUESTION; i++) {
        const struct form_screen *screen = look(scene)->form_screen;
        for (size_t q = 0; q < screen->question_count; q++)
            phone = phone || (text_equal(screen->questions[q].ref, "/data/contact/phone") &&
                              text_equal(screen->questions[q].value, "13812345678"));
        if (!phone) {
            answer_screen(scene, false);
            touch(scene, INTENT_NEXT);
        }
    }
    assert_true(phone);
    touch(scene, INTENT_HIDE); // whoever leaves leaves nothing
    ON(scene, SCREEN_ATTRACT);
}

int main(void)
{
    json_set_alloc_funcs(malloc, free_wiped);
    xmlMemSetup(free_wiped, malloc, realloc_wiped, strdup);
    const struct CMUnitTest tests[] = {
        FAULT(an_idle_visit_is_alerted_counted_down_and_gone),
        FAULT(one_touch_stays_as_often_as_wanted),
        FAULT(fetching_papers_may_take_longer),
        FAULT(changed_comfort_is_reset_when_the_passer_by_has_gone),
        FAULT(after_a_visit_nothing_typed_is_left_in_memory),
        FAULT(a_full_disk_loses_nothing_and_saving_works_later),
        FAULT(after_a_failed_save_one_may_go_back_and_hand_in_again),
        FAULT(while_saving_nobody_leaves_and_an_emergency_waits_a_moment),
        FAULT(without_paper_number_and_code_stay_until_i_have_it),
        FAULT(an_unknown_outcome_leaves_the_way_to_a_marked_copy),
        FAULT(what_is_wrong_with_the_printer_follows_the_printer),
        FAULT(the_screen_follows_the_printer),
        FAULT(a_broken_form_is_said_plainly_and_the_other_services_work),
        cmocka_unit_test(with_a_broken_urgent_form_help_is_called_all_the_same),
        FAULT(a_form_that_is_not_there_yet_is_waited_for),
        FAULT(an_unknown_date_leaves_only_emergencies_open),
        FAULT(an_unknown_date_is_nowhere_and_reports_stay_open),
        FAULT(at_a_stand_in_server_a_form_without_a_key_does_not_open),
        FAULT(at_a_stand_in_server_every_service_goes_alone),
        FAULT(at_a_stand_in_server_one_service_follows_the_other),
        FAULT(a_kiosk_that_must_not_save_more_takes_emergencies_and_what_is_under_way),
        FAULT(an_unanswered_call_says_so_after_a_minute),
        FAULT(after_a_crash_the_attract_screen_speaks_for_three_minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
