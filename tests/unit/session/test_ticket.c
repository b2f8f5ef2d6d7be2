// SPDX-License-Identifier: GPL-3.0-or-later
// Resume tickets: taken, kept up with, spent.
#include "ticket_scene.h"
#include "yimen/base/text.h"

static void a_long_service_offers_a_ticket_and_a_short_one_does_not(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene); // sees the offer, declines
    assert_int_equal(scene->tickets, 0);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_IDENTITY);
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION); // it is offered once
    touch(scene, INTENT_HIDE);
    touch_text(scene, INTENT_SERVICE, "whistle");
    touch(scene, INTENT_NEXT); // nobody asks a lead whom it is for
    ON(scene, SCREEN_QUESTION);
}

static void the_slip_tells_what_it_is_and_nothing_of_the_second_factor(void **state)
{
    struct scene *scene = *state;
    scene->takes_ticket = true;
    begin_expenditure(scene);
    assert_int_equal(scene->tickets, 1);
    assert_true(text_starts(scene->ticket_slip.qr_text, "YT1:"));
    assert_string_equal(scene->ticket_slip.service, "expenditure-relief");
    assert_false(scene->ticket_slip.chosen_code);
    assert_int_equal(scene->ticket_slip.expires_utc_ms - 1795399500000 - scene->now_ms,
                     7LL * 24 * 3600 * 1000);
    assert_null(strstr(scene->ticket_slip.qr_text, LAST_FOUR));
    assert_int_equal(scene->draft_count, 1);
    assert_true(scene->drafts[0].sealed.revision >= 1);
    assert_null(memmem(scene->drafts[0].sealed.bytes.data, scene->drafts[0].sealed.bytes.length,
                       "张三", 6));
}

static void the_draft_is_on_the_disk_before_the_paper_comes(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    scene->draft_err = ERR_FULL;
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_TICKET);
    ON(scene, SCREEN_TICKET);
    assert_true(look(scene)->ticket.failed);
    assert_int_equal(scene->tickets, 0);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_QUESTION); // nothing was lost
    scene->draft_err = ERR_OK;
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_TICKET);
    assert_int_equal(scene->tickets, 1);
}

static void a_power_cut_in_the_middle_loses_nothing(void **state)
{
    struct scene *scene = *state;
    char paper[80], screen[LIMIT_REF];
    scene->takes_ticket = true;
    fill_expenditure(scene);
    keep_paper(scene, paper);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_QUESTION);
    text_copy(screen, sizeof screen, look(scene)->form_screen->ref);
    power_cut(scene);
    ON(scene, SCREEN_ATTRACT);
    scan(scene, paper);
    ON(scene, SCREEN_CODE);
    assert_int_equal(look(scene)->code.purpose, CODE_TICKET_OPEN);
    assert_true(look(scene)->code.last_four);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->form_screen->ref, screen);
    answer_until(scene, SCREEN_PAPERS);
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    static const char *const kept[] = {"<name>张三</name>",
                                       "<name>王五</name>",
                                       "<name>李小四</name>",
                                       "<who>self</who>",
                                       "<id_number>370212195406070029</id_number>",
                                       "<identity_source>typed</identity_source>"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        assert_non_null(strstr(scene->record, kept[i]));
    assert_string_equal(scene->draft.masked_name, "张**");
    assert_string_equal(scene->drafts[0].sealed.instance, scene->draft.instance_id);
    touch(scene, INTENT_HAVE_RECEIPT);
    touch(scene, INTENT_HIDE);
    scan(scene, paper); // and then it is spent
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, "problem.ticket-spent.what");
}

static void what_was_typed_just_before_the_cut_is_there_after_a_breath(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    const char *ref = look(scene)->form_screen->questions[0].ref;
    char question[LIMIT_REF], value[64];
    text_copy(question, sizeof question, ref);
    text_copy(value, sizeof value,
              look(scene)->form_screen->questions[0].choice_count
                  ? look(scene)->form_screen->questions[0].choices[0].value
                  : "13812345678");
    answer(scene, question, value);
    scene_wait(scene, 2500); // a pause, no "next"
    power_cut(scene);
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->form_screen->questions[0].ref, question);
    assert_string_equal(look(scene)->form_screen->questions[0].value, value);
}

static void each_step_of_a_visit_comes_back_as_it_was(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    fill_expenditure(scene);
    keep_paper(scene, paper);
    enum screen seen[16];
    size_t count = 0;
    while (look(scene)->screen != SCREEN_SIGNATURE && count < 16) {
        seen[count++] = look(scene)->screen;
        power_cut(scene);
        scan(scene, paper);
        type_code(scene, LAST_FOUR);
        ON(scene, seen[count - 1]);
        if (look(scene)->screen == SCREEN_CONSENT || look(scene)->screen == SCREEN_COMMITMENT)
            touch_number(scene, INTENT_CONSENT, 1);
        touch(scene, INTENT_NEXT);
    }
    ON(scene, SCREEN_SIGNATURE);
    assert_int_equal(seen[0], SCREEN_PAPERS);
    assert_int_equal(seen[1], SCREEN_REVIEW);
    power_cut(scene);
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_SIGNATURE);
    assert_int_equal(look(scene)->signature, SIGNATURE_NONE); // given by who is there then
}

static void coming_back_later_prints_a_ticket_and_leaves(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    begin_expenditure(scene);
    touch(scene, INTENT_LEAVE);
    assert_int_equal(look(scene)->overlay, OVERLAY_LEAVE);
    assert_true(look(scene)->may_take_ticket);
    touch(scene, INTENT_TICKET);
    ON(scene, SCREEN_TICKET);
    assert_true(look(scene)->ticket.leaving);
    assert_int_equal(look(scene)->ticket.state, RECEIPT_PRINTED);
    keep_paper(scene, paper);
    touch(scene, INTENT_HAVE_RECEIPT);
    ON(scene, SCREEN_ATTRACT);
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
}

static void a_ticket_that_cannot_print_stays_on_the_screen(void **state)
{
    struct scene *scene = *state;
    scene->print_state = 3; // failed
    scene->print_reasons = PRINTER_NO_PAPER;
    begin_expenditure(scene);
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_TICKET);
    ON(scene, SCREEN_TICKET);
    assert_int_equal(look(scene)->ticket.state, RECEIPT_FAILED);
    assert_string_equal(look(scene)->qr_text, scene->ticket_slip.qr_text);
    scene_wait(scene, 200000); // longer than anything else: it has to be photographed
    ON(scene, SCREEN_TICKET);
    touch(scene, INTENT_HAVE_RECEIPT);
    ON(scene, SCREEN_ATTRACT);
    assert_null(look(scene)->qr_text);
}

static void an_older_ticket_is_spent_when_the_newer_has_printed(void **state)
{
    struct scene *scene = *state;
    char older[80], newer[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, older);
    scene->print_state = 1; // accepted, no word yet
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_TICKET);
    keep_paper(scene, newer);
    assert_string_not_equal(older, newer);
    assert_int_equal(scene->draft_count, 2);
    assert_false(scene->drafts[0].sealed.spent);
    struct print_event printed = {.kind = PRINT_EVENT_JOB, .state = 2};
    scene_ticket_job(scene, printed.job);
    session_step(scene->session, &(struct session_input){.kind = SESSION_PRINT, .print = printed});
    scene_work(scene);
    assert_true(scene->drafts[0].sealed.spent);
    assert_false(scene->drafts[1].sealed.spent);
    touch(scene, INTENT_HAVE_RECEIPT);
    scan(scene, older);
    assert_string_equal(look(scene)->problem_what_key, "problem.ticket-spent.what");
    touch(scene, INTENT_BACK);
    scan(scene, newer);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
}

static void without_an_id_number_four_digits_are_chosen_twice(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    touch_text(scene, INTENT_SERVICE, "whistle");
    touch(scene, INTENT_NEXT); // nobody asks a lead whom it is for
    ON(scene, SCREEN_QUESTION);
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_TICKET);
    ON(scene, SCREEN_CODE);
    assert_int_equal(look(scene)->code.purpose, CODE_TICKET_CHOOSE);
    type_code(scene, "4711");
    assert_true(look(scene)->code.again);
    type_code(scene, "4712");
    assert_string_equal(look(scene)->code.problem_key, "code.differs");
    assert_false(look(scene)->code.again);
    type_code(scene, "4711");
    type_code(scene, "4711");
    ON(scene, SCREEN_TICKET);
    assert_true(scene->ticket_slip.chosen_code);
    keep_paper(scene, paper);
    touch(scene, INTENT_HAVE_RECEIPT);
    ON(scene, SCREEN_ATTRACT);
    scan(scene, paper);
    assert_false(look(scene)->code.last_four);
    type_code(scene, "4711");
    ON(scene, SCREEN_QUESTION);
}

static void walking_away_keeps_the_last_words_for_the_ticket(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    touch(scene, INTENT_LEAVE);
    assert_true(look(scene)->has_ticket);
    touch(scene, INTENT_LEAVE_SURE);
    ON(scene, SCREEN_ATTRACT);
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
}

static void a_ticket_in_the_middle_of_a_visit_changes_nothing(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    scan(scene, paper);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(look(scene)->overlay, OVERLAY_CODE);
}

static void urgent_help_is_reached_from_every_ticket_screen(void **state)
{
    struct scene *scene = *state;
    struct ticket ticket;
    char text[TICKET_TEXT];
    ticket_make(&scene->crypto, TICKET_CHOSEN, &ticket);
    ticket_text(&scene->crypto, &ticket, text);
    scan(scene, text);
    ON(scene, SCREEN_CODE);
    touch(scene, INTENT_URGENT);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(scene->urgent_opened, 1);
}

static void a_ticket_on_the_screen_shows_the_code_to_type(void **state)
{
    struct scene *scene = *state;
    scene->print_state = 3; // failed
    scene->takes_ticket = false;
    begin_expenditure(scene);
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_TICKET);
    ON(scene, SCREEN_TICKET);
    assert_string_equal(look(scene)->ticket.typed, scene->ticket_slip.typed);
    touch(scene, INTENT_HAVE_RECEIPT);
    assert_string_equal(look(scene)->ticket.typed, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_long_service_offers_a_ticket_and_a_short_one_does_not),
        TEST(the_slip_tells_what_it_is_and_nothing_of_the_second_factor),
        TEST(the_draft_is_on_the_disk_before_the_paper_comes),
        TEST(a_power_cut_in_the_middle_loses_nothing),
        TEST(what_was_typed_just_before_the_cut_is_there_after_a_breath),
        TEST(each_step_of_a_visit_comes_back_as_it_was),
        TEST(coming_back_later_prints_a_ticket_and_leaves),
        TEST(a_ticket_that_cannot_print_stays_on_the_screen),
        TEST(an_older_ticket_is_spent_when_the_newer_has_printed),
        TEST(without_an_id_number_four_digits_are_chosen_twice),
        TEST(walking_away_keeps_the_last_words_for_the_ticket),
        TEST(a_ticket_in_the_middle_of_a_visit_changes_nothing),
        TEST(urgent_help_is_reached_from_every_ticket_screen),
        TEST(a_ticket_on_the_screen_shows_the_code_to_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
