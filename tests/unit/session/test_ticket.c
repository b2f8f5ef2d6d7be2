// SPDX-License-Identifier: GPL-3.0-or-later
// Resume tickets: taken, kept up with, brought back, spent.
#include "scene.h"
#include "yimen/base/text.h"
#include <stdio.h>

#define LAST_FOUR "0029"

static int setup(void **state)
{
    *state = scene_new();
    scene_work(*state);
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    outbox_sealed_free(scene->district.sealed);
    scene_free(scene);
    return 0;
}

static void type_code(struct scene *scene, const char *code)
{
    for (size_t i = 0; code[i]; i++) {
        char digit[2] = {code[i], '\0'};
        touch_text(scene, INTENT_CODE_DIGIT, digit);
    }
}

// What is printed on the paper in the resident's hand.
static void keep_paper(const struct scene *scene, char out[80])
{
    text_copy(out, 80, scene->ticket_slip.qr_text);
}

// The power goes: this session and all it knew are gone, what the store has stays.
static void power_cut(struct scene *scene)
{
    struct session *session = scene->session;
    scene_again(scene);
    session_close(session);
    scene->store_count = scene->print_count = 0; // nobody is there any more to do it
}

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
    session_step(scene->session, &(struct session_input){.kind = SESSION_PRINT, .print = &printed});
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

static void five_wrong_codes_lock_the_ticket(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    power_cut(scene);
    scan(scene, paper);
    for (int left = 4; left > 0; left--) {
        type_code(scene, "1234");
        ON(scene, SCREEN_CODE);
        assert_string_equal(look(scene)->code.problem_key, "code.wrong");
        assert_int_equal(look(scene)->code.tries_left, left);
        assert_int_equal(look(scene)->code.digits, 0);
    }
    type_code(scene, "1234");
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, "problem.ticket-locked.what");
    touch(scene, INTENT_BACK);
    scan(scene, paper);
    assert_string_equal(look(scene)->problem_what_key, "problem.ticket-locked.what");
}

static void a_right_code_after_wrong_ones_begins_to_count_anew(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    power_cut(scene);
    scan(scene, paper);
    type_code(scene, "1234");
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(scene->drafts[0].wrong, 0);
}

static void the_end_of_a_corrected_id_number_opens_the_draft(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_IDENTITY);
    touch_text(scene, INTENT_ID_NUMBER, "370212198802291011");
    touch(scene, INTENT_NEXT);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(scene->tickets, 1); // the paper stays as it is
    power_cut(scene);
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    assert_string_equal(look(scene)->code.problem_key, "code.wrong");
    type_code(scene, "1011");
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

static void a_ticket_of_another_kiosk_needs_the_district(void **state)
{
    struct scene *scene = *state;
    static const struct {
        enum draft_answer answer;
        const char *what;
    } cases[] = {{DRAFT_OFFLINE, "problem.ticket-offline.what"},
                 {DRAFT_UNKNOWN, "problem.ticket-unknown.what"},
                 {DRAFT_SPENT, "problem.ticket-spent.what"},
                 {DRAFT_EXPIRED, "problem.ticket-expired.what"},
                 {DRAFT_LOCKED, "problem.ticket-locked.what"}};
    struct ticket ticket;
    char text[TICKET_TEXT];
    ticket_make(&scene->crypto, TICKET_LAST_FOUR, &ticket);
    ticket_text(&scene->crypto, &ticket, text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scene->district = (struct sync_draft_answer){.answer = cases[i].answer};
        scan(scene, text);
        type_code(scene, LAST_FOUR);
        ON(scene, SCREEN_PROBLEM);
        assert_string_equal(look(scene)->problem_what_key, cases[i].what);
        touch(scene, INTENT_BACK);
        ON(scene, SCREEN_ATTRACT);
        assert_int_equal(scene->drafts[0].wrong, 0); // nothing could be tried
    }
}

// As if another kiosk had made it: this one's store knows nothing.
static struct outbox_sealed *carry_over(struct scene *scene)
{
    struct outbox_sealed *sealed = calloc(1, sizeof *sealed);
    assert_non_null(sealed);
    *sealed = scene->drafts[0].sealed;
    scene->draft_count = 0;
    return sealed;
}

static void any_kiosk_opens_what_the_district_brings(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    fill_expenditure(scene);
    keep_paper(scene, paper);
    power_cut(scene);
    struct outbox_sealed *sealed = carry_over(scene);
    int64_t revision = sealed->revision;
    scene->district = (struct sync_draft_answer){.answer = DRAFT_NEWER, .sealed = sealed};
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_PAPERS);
    assert_int_equal(scene->drafts[0].sealed.revision, revision + 1); // from here at once
    reach_signature(scene);
    draw_signature(scene);
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_non_null(strstr(scene->record, "<name>王五</name>"));
    assert_true(scene->drafts[0].sealed.spent);
}

static void the_newer_of_two_drafts_counts(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    scene->district = (struct sync_draft_answer){.answer = DRAFT_SPENT};
    power_cut(scene);
    scan(scene, paper);
    type_code(scene, LAST_FOUR); // here it is still there, but it was handed in elsewhere
    assert_string_equal(look(scene)->problem_what_key, "problem.ticket-spent.what");
    touch(scene, INTENT_BACK);
    scene->district = (struct sync_draft_answer){.answer = DRAFT_OFFLINE};
    scan(scene, paper); // remembered without a network
    assert_string_equal(look(scene)->problem_what_key, "problem.ticket-spent.what");
}

static void an_expired_ticket_is_told_so(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    power_cut(scene);
    scene->drafts[0].expired = true;
    scan(scene, paper);
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, "problem.ticket-expired.what");
}

static void no_memory_for_the_key_is_no_wrong_code(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    power_cut(scene);
    scene->key_err = ERR_RETRY;
    scan(scene, paper);
    for (int i = 0; i < 8; i++) {
        type_code(scene, LAST_FOUR);
        ON(scene, SCREEN_CODE);
        assert_string_equal(look(scene)->code.problem_key, "code.not-now");
    }
    assert_int_equal(scene->drafts[0].wrong, 0);
    scene->key_err = ERR_OK;
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
}

static void a_silent_district_is_not_waited_for(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    power_cut(scene);
    scene->never_fetches = true;
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_CODE);
    assert_true(look(scene)->code.busy);
    scene_wait(scene, 11000);
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

// The content was replaced while the ticket was away: forms as in pack `version`.
static void new_pack(struct scene *scene, const char *version)
{
    scene->pack_version = version;
    power_cut(scene);
}

static void a_ticket_goes_on_in_the_form_it_was_begun_with(void **state)
{
    struct scene *scene = *state;
    char paper[80], question[LIMIT_REF];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    text_copy(question, sizeof question, look(scene)->form_screen->ref);
    for (int pack = 2; pack <= 3; pack++) { // the draft goes on saying which pack it is of
        new_pack(scene, pack == 2 ? "2" : "3");
        scan(scene, paper);
        type_code(scene, LAST_FOUR);
        ON(scene, SCREEN_QUESTION);
        assert_string_equal(look(scene)->form_screen->ref, question);
        assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
        assert_int_equal(scene->earlier_asked, pack - 1);
    }
    touch(scene, INTENT_HIDE);
    touch(scene, INTENT_CONTINUE);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->form_screen->ref, question);
    assert_int_equal(scene->earlier_asked, 3); // hidden, it is still of that pack
    touch(scene, INTENT_HIDE);                 // the next resident has the form in force
    scene->takes_ticket = false;
    begin_expenditure(scene);
    assert_int_equal(scene->earlier_asked, 3);
}

static void where_that_form_is_gone_the_present_one_takes_the_answers(void **state)
{
    struct scene *scene = *state;
    char paper[80];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    new_pack(scene, "2");
    scene->earlier_is_gone = true;
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(scene->earlier_asked, 1);
    power_cut(scene);
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(scene->earlier_asked, 1); // it is a draft of the present pack now
}

static void type_ticket(struct scene *scene, const char *grouped)
{
    for (const char *at = grouped; *at; at++)
        if (*at != ' ') {
            char symbol[2] = {*at, '\0'};
            touch_text(scene, INTENT_CODE_DIGIT, symbol);
        }
}

// At the screen that every paper leads to: no reader is needed to get there.
static void reach_typing(struct scene *scene)
{
    touch(scene, INTENT_TRACK);
    ON(scene, SCREEN_TRACK_FIND);
    touch(scene, INTENT_TICKET_TYPE);
    ON(scene, SCREEN_CODE);
    assert_int_equal(look(scene)->code.purpose, CODE_TICKET_TYPE);
    assert_string_equal(look(scene)->code.typed, "");
}

static void without_a_reader_the_code_on_the_paper_is_typed(void **state)
{
    struct scene *scene = *state;
    char code[TICKET_TYPED + 4];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    text_copy(code, sizeof code, scene->ticket_slip.typed);
    assert_int_equal(strlen(code), TICKET_TYPED + 2); // in groups
    power_cut(scene);
    reach_typing(scene);
    type_ticket(scene, code);
    assert_int_equal(look(scene)->code.purpose, CODE_TICKET_OPEN);
    assert_true(look(scene)->code.last_four);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
}

static void a_typed_ticket_of_another_kiosk_comes_from_the_district(void **state)
{
    struct scene *scene = *state;
    char code[TICKET_TYPED + 4];
    scene->takes_ticket = true;
    fill_expenditure(scene);
    text_copy(code, sizeof code, scene->ticket_slip.typed);
    power_cut(scene);
    struct outbox_sealed *sealed = carry_over(scene);
    scene->district = (struct sync_draft_answer){.answer = DRAFT_NEWER, .sealed = sealed};
    reach_typing(scene);
    type_ticket(scene, code);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_PAPERS);
}

static void a_wrong_character_is_said_kindly_and_put_right(void **state)
{
    struct scene *scene = *state;
    char code[TICKET_TYPED + 4];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    text_copy(code, sizeof code, scene->ticket_slip.typed);
    power_cut(scene);
    reach_typing(scene);
    size_t last = strlen(code) - 1;
    char right[2] = {code[last], '\0'};
    code[last] = code[last] == 'X' ? 'Y' : 'X';
    type_ticket(scene, code);
    assert_int_equal(look(scene)->code.purpose, CODE_TICKET_TYPE);
    assert_string_equal(look(scene)->code.problem_key, "code.typed-wrong");
    assert_int_equal(strlen(look(scene)->code.typed), TICKET_TYPED - 1); // nothing is lost
    assert_int_equal(scene->drafts[0].wrong, 0);                         // and nothing counted
    touch_text(scene, INTENT_CODE_DIGIT, "\b");
    assert_null(look(scene)->code.problem_key);
    touch_text(scene, INTENT_CODE_DIGIT, "0"); // is on no key
    touch_text(scene, INTENT_CODE_DIGIT, right);
    assert_int_equal(look(scene)->code.purpose, CODE_TICKET_OPEN);
}

static void a_code_of_no_ticket_opens_nothing_and_says_so(void **state)
{
    struct scene *scene = *state;
    struct ticket ticket;
    ticket_draw(&scene->crypto, TICKET_CHOSEN, &ticket);
    scene->district = (struct sync_draft_answer){.answer = DRAFT_UNKNOWN};
    reach_typing(scene);
    type_ticket(scene, ticket.typed);
    type_code(scene, "4711");
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, "problem.ticket-unknown.what");
}

static void tries_at_a_typed_ticket_are_limited_as_at_a_scanned_one(void **state)
{
    struct scene *scene = *state;
    char code[TICKET_TYPED + 4];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    text_copy(code, sizeof code, scene->ticket_slip.typed);
    power_cut(scene);
    reach_typing(scene);
    type_ticket(scene, code);
    for (int i = 0; i < 5; i++)
        type_code(scene, "1111");
    ON(scene, SCREEN_PROBLEM);
    assert_string_equal(look(scene)->problem_what_key, "problem.ticket-locked.what");
}

static void no_memory_for_the_slow_key_is_no_word_about_the_code(void **state)
{
    struct scene *scene = *state;
    char code[TICKET_TYPED + 4];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    text_copy(code, sizeof code, scene->ticket_slip.typed);
    power_cut(scene);
    reach_typing(scene);
    scene->key_err = ERR_RETRY;
    type_ticket(scene, code);
    assert_int_equal(look(scene)->code.purpose, CODE_TICKET_TYPE);
    assert_string_equal(look(scene)->code.problem_key, "code.not-now");
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_ATTRACT);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
        TEST(five_wrong_codes_lock_the_ticket),
        TEST(a_right_code_after_wrong_ones_begins_to_count_anew),
        TEST(the_end_of_a_corrected_id_number_opens_the_draft),
        TEST(without_an_id_number_four_digits_are_chosen_twice),
        TEST(a_ticket_of_another_kiosk_needs_the_district),
        TEST(any_kiosk_opens_what_the_district_brings),
        TEST(the_newer_of_two_drafts_counts),
        TEST(an_expired_ticket_is_told_so),
        TEST(no_memory_for_the_key_is_no_wrong_code),
        TEST(a_silent_district_is_not_waited_for),
        TEST(walking_away_keeps_the_last_words_for_the_ticket),
        TEST(a_ticket_in_the_middle_of_a_visit_changes_nothing),
        TEST(urgent_help_is_reached_from_every_ticket_screen),
        TEST(a_ticket_goes_on_in_the_form_it_was_begun_with),
        TEST(where_that_form_is_gone_the_present_one_takes_the_answers),
        TEST(without_a_reader_the_code_on_the_paper_is_typed),
        TEST(a_typed_ticket_of_another_kiosk_comes_from_the_district),
        TEST(a_wrong_character_is_said_kindly_and_put_right),
        TEST(a_code_of_no_ticket_opens_nothing_and_says_so),
        TEST(tries_at_a_typed_ticket_are_limited_as_at_a_scanned_one),
        TEST(no_memory_for_the_slow_key_is_no_word_about_the_code),
        TEST(a_ticket_on_the_screen_shows_the_code_to_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
