// SPDX-License-Identifier: GPL-3.0-or-later
// Resume tickets: brought back, by scanning or typing, here or from another kiosk.
#include "ticket_scene.h"
#include "yimen/base/text.h"

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

// Nobody was said to be in it yet: it is the same place, and going back still takes it away.
static void a_member_that_was_only_opened_is_there_again_and_goes_with_back(void **state)
{
    struct scene *scene = *state;
    char paper[80], list[LIMIT_REF], place[LIMIT_REF];
    scene->takes_ticket = true;
    begin_expenditure(scene);
    keep_paper(scene, paper);
    answer_until(scene, SCREEN_REPEAT);
    text_copy(list, sizeof list, look(scene)->form_screen->ref);
    touch_ref(scene, INTENT_ADD, list);
    ON(scene, SCREEN_QUESTION);
    text_copy(place, sizeof place, look(scene)->form_screen->ref);
    touch(scene, INTENT_LEAVE);
    touch(scene, INTENT_TICKET);
    touch(scene, INTENT_HAVE_RECEIPT);
    ON(scene, SCREEN_ATTRACT);
    keep_paper(scene, paper);
    power_cut(scene);
    scan(scene, paper);
    type_code(scene, LAST_FOUR);
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->form_screen->ref, place);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_REPEAT);
    assert_string_equal(look(scene)->form_screen->ref, list);
    assert_int_equal(look(scene)->form_screen->instance_count, 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(five_wrong_codes_lock_the_ticket),
        TEST(a_right_code_after_wrong_ones_begins_to_count_anew),
        TEST(the_end_of_a_corrected_id_number_opens_the_draft),
        TEST(a_ticket_of_another_kiosk_needs_the_district),
        TEST(any_kiosk_opens_what_the_district_brings),
        TEST(the_newer_of_two_drafts_counts),
        TEST(an_expired_ticket_is_told_so),
        TEST(no_memory_for_the_key_is_no_wrong_code),
        TEST(a_silent_district_is_not_waited_for),
        TEST(a_ticket_goes_on_in_the_form_it_was_begun_with),
        TEST(where_that_form_is_gone_the_present_one_takes_the_answers),
        TEST(a_member_that_was_only_opened_is_there_again_and_goes_with_back),
        TEST(without_a_reader_the_code_on_the_paper_is_typed),
        TEST(a_typed_ticket_of_another_kiosk_comes_from_the_district),
        TEST(a_wrong_character_is_said_kindly_and_put_right),
        TEST(a_code_of_no_ticket_opens_nothing_and_says_so),
        TEST(tries_at_a_typed_ticket_are_limited_as_at_a_scanned_one),
        TEST(no_memory_for_the_slow_key_is_no_word_about_the_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
