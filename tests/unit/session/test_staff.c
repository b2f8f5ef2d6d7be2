// SPDX-License-Identifier: GPL-3.0-or-later
// Clerk and technician at the kiosk.
#include "scene_workers.h"
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

static void type(struct scene *scene, const char *digits)
{
    for (; *digits; digits++)
        touch_text(scene, INTENT_STAFF_DIGIT, (char[2]){*digits, '\0'});
}

static void answer_call(struct scene *scene, const char *answer)
{
    touch(scene, INTENT_STAFF_ANSWER_CALL);
    assert_int_equal(look(scene)->overlay, OVERLAY_ANSWER);
    touch_text(scene, INTENT_STAFF_ANSWER_CALL, answer);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void log_in(struct scene *scene)
{
    touch(scene, INTENT_STAFF);
    ON(scene, SCREEN_STAFF_PIN);
    type(scene, "1001");
    assert_string_equal(look(scene)->staff_number, "1001");
    touch(scene, INTENT_STAFF_ENTER);
    assert_true(look(scene)->staff_asks_pin);
    type(scene, "3141");
    touch_text(scene, INTENT_STAFF_DIGIT, "\b");
    assert_int_equal(look(scene)->pin_digits, 3);
    type(scene, "1599");
    assert_int_equal(look(scene)->pin_digits, 6); // no more than six
    touch(scene, INTENT_STAFF_ENTER);
}

static void a_clerk_sees_the_queue_and_every_case_with_its_true_state(void **state)
{
    struct scene *scene = *state;
    log_in(scene);
    ON(scene, SCREEN_STAFF_QUEUE);
    assert_string_equal(look(scene)->staff_role, "clerk");
    assert_int_equal(look(scene)->case_count, 1);
    assert_string_equal(look(scene)->cases[0].state_key, "state.retry");
    assert_string_equal(look(scene)->cases[0].receipt_key, "receipt-state.waiting");
    assert_string_equal(look(scene)->cases[0].saved_at, "11-23 10:05");
    touch_text(scene, INTENT_STAFF_CASE, "370212001261123212347");
    ON(scene, SCREEN_STAFF_CASE);
    assert_non_null(look(scene)->chosen_case);
    assert_true(look(scene)->can_go_back);
    touch_text(scene, INTENT_STAFF_RETRY, "370212001261123212347");
    assert_string_equal(look(scene)->staff_message_key, "staff.message.retry");
    assert_int_equal(scene->nudges, 1);
    touch(scene, INTENT_BACK);
    ON(scene, SCREEN_STAFF_QUEUE);
    touch(scene, INTENT_STAFF_EXIT);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(look(scene)->case_count, 0);
}

static void step(struct scene *scene, enum intent_kind kind, const char *text)
{
    struct intent intent = {.kind = kind};
    text_copy(intent.text, sizeof intent.text, text);
    session_step(scene->session,
                 &(struct session_input){.kind = SESSION_INTENT, .intent = &intent});
}

static void type_unanswered(struct scene *scene, const char *number)
{
    step(scene, INTENT_STAFF, "");
    for (; *number; number++)
        step(scene, INTENT_STAFF_DIGIT, (char[2]){*number, '\0'});
    step(scene, INTENT_STAFF_ENTER, "");
    for (const char *pin = "314159"; *pin; pin++)
        step(scene, INTENT_STAFF_DIGIT, (char[2]){*pin, '\0'});
    step(scene, INTENT_STAFF_ENTER, "");
}

// The store worker comes to the first of the log-ins.
static void answer_first_login(struct scene *scene)
{
    for (bool was_login = false; !was_login;) {
        struct outbox_request request = scene->store[0];
        was_login = request.kind == OUTBOX_LOGIN;
        memmove(scene->store, scene->store + 1, --scene->store_count * sizeof request);
        scene_store(scene, &request);
    }
}

static void a_pin_that_was_being_checked_logs_nobody_else_in(void **state)
{
    struct scene *scene = *state;
    type_unanswered(scene, "1001");
    step(scene, INTENT_STAFF_EXIT, "");
    ON(scene, SCREEN_ATTRACT);
    type_unanswered(scene, "2002"); // the next person, whose PIN is wrong
    answer_first_login(scene);      // the first person's was right
    ON(scene, SCREEN_STAFF_PIN);
    assert_string_equal(look(scene)->staff_role, "");
    scene->refuses_login = true;
    scene_work(scene);
    ON(scene, SCREEN_STAFF_PIN);
    assert_string_equal(look(scene)->staff_problem_key, "staff.problem.wrong");
    assert_null(strstr(scene->notes, "1001"));
}

static void a_clerk_sees_how_far_a_large_case_is(void **state)
{
    static const struct {
        const char *state, *sent, *total;
        int64_t sent_bytes, total_bytes;
    } table[] = {
        {"sending", "3.1", "28.4", 3250586, 29779558},
        {"retry", "0.0", "1.1", 0, 1153434},
        {"sending", "", "", 0, 1 << 20}, // goes in one request
        {"received", "", "", 29779558, 29779558},
        {"unverified", "", "", 29779558, 29779558},
    };
    struct scene *scene = *state;
    log_in(scene);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        text_copy(scene->row.state, sizeof scene->row.state, table[i].state);
        scene->row.sent_bytes = table[i].sent_bytes;
        scene->row.total_bytes = table[i].total_bytes;
        touch(scene, INTENT_STAFF_REFRESH);
        assert_string_equal(look(scene)->cases[0].sent_mb, table[i].sent);
        assert_string_equal(look(scene)->cases[0].total_mb, table[i].total);
    }
}

static void a_clerk_prints_a_numbered_slip_to_fill_in_by_hand(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_STAFF_SLIP); // for staff alone
    assert_int_equal(scene->slips, 0);
    log_in(scene);
    scene->print_state = PRINT_PRINTED;
    touch(scene, INTENT_STAFF_SLIP);
    ON(scene, SCREEN_STAFF_QUEUE);
    assert_int_equal(scene->slips, 1);
    assert_int_equal(scene->slip.kind, SLIP_HAND);
    assert_string_equal(scene->slip.number, "370212001261123948211");
    assert_int_equal(look(scene)->slip_state, RECEIPT_PRINTED);
    assert_int_equal(scene->saves, 0);
}

static void a_clerk_prints_a_marked_copy(void **state)
{
    struct scene *scene = *state;
    log_in(scene);
    touch_text(scene, INTENT_STAFF_REPRINT, "370212001261123212347");
    assert_int_equal(scene->receipts, 1);
    assert_int_equal(scene->copies, 1);
    assert_string_equal(look(scene)->staff_message_key, "staff.message.reprint");
    touch_text(scene, INTENT_STAFF_REPRINT, "no such number");
    assert_int_equal(scene->receipts, 1);
}

static void a_copy_that_is_ready_after_the_room_was_locked_waits_for_its_owner(void **state)
{
    struct scene *scene = *state;
    log_in(scene);
    struct intent reprint = {.kind = INTENT_STAFF_REPRINT, .text = "370212001261123212347"};
    struct intent leave = {.kind = INTENT_STAFF_EXIT};
    session_step(scene->session,
                 &(struct session_input){.kind = SESSION_INTENT, .intent = &reprint});
    session_step(scene->session, &(struct session_input){.kind = SESSION_INTENT, .intent = &leave});
    scene_work(scene);
    assert_int_equal(scene->copies, 0);
    assert_int_equal(scene->unclaimed, 1);
}

static void a_wrong_pin_waits_and_residents_go_on(void **state)
{
    struct scene *scene = *state;
    scene->refuses_login = true;
    scene->login_wait_s = 15;
    log_in(scene);
    ON(scene, SCREEN_STAFF_PIN);
    assert_string_equal(look(scene)->staff_problem_key, "staff.problem.wait");
    assert_int_equal(look(scene)->staff_wait_s, 15);
    scene_wait(scene, 5000);
    assert_int_equal(look(scene)->staff_wait_s, 10);
    touch(scene, INTENT_STAFF_EXIT);
    fill_urgent(scene);
}

static void a_locked_account_says_so(void **state)
{
    struct scene *scene = *state;
    scene->refuses_login = true;
    scene->login_wait_s = -1;
    log_in(scene);
    assert_string_equal(look(scene)->staff_problem_key, "staff.problem.locked");
    assert_int_equal(look(scene)->pin_digits, 0);
}

static void five_minutes_without_a_touch_lock_the_room(void **state)
{
    struct scene *scene = *state;
    log_in(scene);
    scene_wait(scene, 299000);
    ON(scene, SCREEN_STAFF_QUEUE);
    scene_wait(scene, 2000);
    ON(scene, SCREEN_ATTRACT);
    assert_non_null(strstr(scene->notes, "staff.logout"));
}

static void what_lies_on_the_glass_is_told_and_is_nobody(void **state)
{
    struct scene *scene = *state;
    log_in(scene);
    assert_int_equal(session_view(scene->session)->stuck_contacts, 0);
    for (int i = 0; i < 3; i++) {
        scene_wait(scene, 99000);
        struct intent stuck = {.kind = INTENT_CONTACT_STUCK, .number = 2};
        session_step(scene->session,
                     &(struct session_input){.kind = SESSION_INTENT, .intent = &stuck});
        assert_int_equal(session_view(scene->session)->stuck_contacts, 2);
    }
    ON(scene, SCREEN_STAFF_QUEUE);
    scene_wait(scene, 5000);
    ON(scene, SCREEN_ATTRACT); // it did not keep the clerk's screen open
}

static void after_twelve_hours_even_a_busy_session_ends(void **state)
{
    struct scene *scene = *state;
    log_in(scene);
    for (int i = 0; i < 12 * 15 - 1; i++) {
        scene_wait(scene, 240000);
        touch(scene, INTENT_ACTIVITY);
        touch(scene, INTENT_STAFF_REFRESH);
    }
    ON(scene, SCREEN_STAFF_QUEUE);
    scene_wait(scene, 241000);
    ON(scene, SCREEN_ATTRACT);
}

static void a_forgotten_pin_screen_goes_away(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_STAFF);
    assert_non_null(strstr(scene->notes, "staff.gesture"));
    scene_wait(scene, 31000);
    ON(scene, SCREEN_ATTRACT);
}

static void a_residents_visit_waits_underneath_and_is_not_shown(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    log_in(scene);
    ON(scene, SCREEN_STAFF_QUEUE);
    assert_null(look(scene)->form_screen);
    assert_null(look(scene)->service);
    assert_string_equal(look(scene)->name, "");
    scene_wait(scene, 200000); // longer than a resident would be waited for
    touch(scene, INTENT_STAFF_EXIT);
    ON(scene, SCREEN_QUESTION);
    scene_wait(scene, 100000);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void a_call_is_answered_by_a_clerk(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_URGENT);
    assert_true(scene->calling);
    log_in(scene);
    assert_int_equal(look(scene)->open_calls, 1);
    answer_call(scene, "came");
    assert_false(scene->calling);
    assert_int_equal(scene->urgent_closed, 1);
    assert_int_equal(look(scene)->open_calls, 0);
    touch(scene, INTENT_STAFF_EXIT);
    assert_true(look(scene)->call_answered);
    scene_wait(scene, 61000);
    assert_false(look(scene)->call_unanswered);
}

static void a_call_is_closed_by_a_deliberate_answer_one_at_a_time(void **state)
{
    struct scene *scene = *state;
    scene->urgent_opened = 2;
    text_copy(scene->row.service, sizeof scene->row.service, "urgent-relief");
    scene->row.urgent = true;
    log_in(scene);
    assert_true(look(scene)->cases[0].unanswered);
    assert_string_not_equal(look(scene)->call_since, "");
    touch(scene, INTENT_STAFF_ANSWER_CALL);
    assert_int_equal(scene->urgent_closed, 0); // asked first
    touch(scene, INTENT_CLOSE_OVERLAY);
    assert_int_equal(scene->urgent_closed, 0);
    touch_text(scene, INTENT_STAFF_ANSWER_CALL, "gone"); // without the question: nobody's answer
    assert_int_equal(scene->urgent_closed, 0);
    touch(scene, INTENT_STAFF_ANSWER_CALL);
    touch_text(scene, INTENT_STAFF_ANSWER_CALL, "whatever");
    assert_int_equal(scene->urgent_closed, 0);
    touch_text(scene, INTENT_STAFF_ANSWER_CALL, "gone");
    assert_int_equal(scene->urgent_closed, 1);
    assert_string_equal(scene->answer, "gone");
    assert_int_equal(look(scene)->open_calls, 1);
    answer_call(scene, "mistake");
    assert_int_equal(look(scene)->open_calls, 0);
    assert_false(look(scene)->cases[0].unanswered);
}

static void an_open_question_about_a_call_closes_with_the_desk(void **state)
{
    struct scene *scene = *state;
    scene->urgent_opened = 1;
    log_in(scene);
    touch(scene, INTENT_STAFF_ANSWER_CALL);
    touch(scene, INTENT_STAFF_EXIT);
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    assert_int_equal(scene->urgent_closed, 0);
}

static void a_clerk_is_witness_to_a_mark(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    reach_signature(scene);
    touch_number(scene, INTENT_SIGN, SIGNATURE_WITNESSED);
    ON(scene, SCREEN_STAFF_PIN);
    type(scene, "1001");
    touch(scene, INTENT_STAFF_ENTER);
    type(scene, "314159");
    touch(scene, INTENT_STAFF_ENTER);
    ON(scene, SCREEN_SIGNATURE);
    assert_int_equal(look(scene)->signature, SIGNATURE_WITNESSED);
    assert_non_null(strstr(scene->notes, "signature.witnessed"));
    touch(scene, INTENT_SUBMIT);
    ON(scene, SCREEN_SAVED);
    assert_non_null(strstr(scene->record, "<signature_way>witnessed</signature_way>"));
}

static void without_the_clerks_word_a_witnessed_mark_does_not_count(void **state)
{
    struct scene *scene = *state;
    fill_expenditure(scene);
    reach_signature(scene);
    touch_number(scene, INTENT_SIGN, SIGNATURE_WITNESSED);
    touch(scene, INTENT_STAFF_EXIT);
    ON(scene, SCREEN_SIGNATURE);
    assert_int_equal(look(scene)->signature, SIGNATURE_NONE);
    scene->role = "technician";
    touch(scene, INTENT_STAFF_WITNESS);
    type(scene, "1001");
    touch(scene, INTENT_STAFF_ENTER);
    type(scene, "314159");
    touch(scene, INTENT_STAFF_ENTER);
    ON(scene, SCREEN_STAFF_PIN);
    assert_string_equal(look(scene)->staff_problem_key, "staff.problem.clerk-needed");
}

static void a_technician_runs_the_self_test(void **state)
{
    struct scene *scene = *state;
    scene->role = "technician";
    log_in(scene);
    ON(scene, SCREEN_TECHNICIAN);
    touch(scene, INTENT_SELF_TEST);
    assert_int_equal(scene->status_asked, 1);
    assert_int_equal(scene->self_tests, 1); // a slip of paper
    assert_int_equal(look(scene)->check_count, 7);
    int running = 0;
    for (size_t i = 0; i < look(scene)->check_count; i++)
        running += look(scene)->checks[i].state == 0;
    assert_int_equal(running, 1); // the district has not answered yet
    // That the line is back, by and by, is not the answer to the technician's question.
    struct session_input back = {.kind = SESSION_SYNC, .sync = {.kind = SYNC_ONLINE}};
    session_step(scene->session, &back);
    assert_int_equal(look(scene)->checks[5].state, 0);
    struct session_input input = {.kind = SESSION_DISTRICT_TESTED, .id = scene->district_id};
    session_step(scene->session, &input);
    for (size_t i = 0; i < look(scene)->check_count; i++)
        assert_int_equal(look(scene)->checks[i].state, 1);
}

static void a_printer_without_paper_fails_the_self_test_and_prints_nothing(void **state)
{
    struct scene *scene = *state;
    scene->role = "technician";
    scene->print_reasons = PRINTER_NO_PAPER;
    log_in(scene);
    touch(scene, INTENT_SELF_TEST);
    assert_int_equal(scene->self_tests, 0);
    assert_int_equal(look(scene)->checks[0].state, 3);
    assert_int_equal(look(scene)->checks[1].state, 3);
}

static void a_content_pack_is_installed_between_visits_only(void **state)
{
    struct scene *scene = *state;
    scene->role = "technician";
    begin_expenditure(scene);
    log_in(scene);
    touch(scene, INTENT_INSTALL_PACK);
    assert_string_equal(look(scene)->staff_message_key, "staff.message.pack-visit-open");
    assert_int_equal(scene->packs, 0);
    touch(scene, INTENT_STAFF_EXIT);
    touch(scene, INTENT_HIDE);
    log_in(scene);
    touch(scene, INTENT_INSTALL_PACK);
    assert_int_equal(scene->packs, 1);
    struct session_input refused = {
        .kind = SESSION_PACK_INSTALLED, .id = scene->pack_id, .err = ERR_DENIED};
    session_step(scene->session, &refused);
    assert_string_equal(look(scene)->staff_message_key, "staff.message.pack-refused");
}

static void an_emergency_ends_the_staff_session(void **state)
{
    struct scene *scene = *state;
    log_in(scene);
    touch(scene, INTENT_URGENT);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(scene->urgent_opened, 1);
}

#define STAFF(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void a_clerk_looks_at_a_watch_and_ordinary_visits_open(void **state)
{
    struct scene *scene = *state;
    scene->quality = TIME_UNKNOWN;
    scene_wait(scene, 1000);
    log_in(scene);
    assert_true(look(scene)->clock_unknown);
    touch(scene, INTENT_STAFF_CLOCK);
    ON(scene, SCREEN_STAFF_CLOCK);
    static const char *const wrong[] = {"202611", "202602301200", "202611242460", "197001010000",
                                        "202101010000"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        type(scene, wrong[i]);
        touch(scene, INTENT_STAFF_ENTER);
        ON(scene, SCREEN_STAFF_CLOCK);
        assert_non_null(look(scene)->staff_problem_key);
        assert_int_equal(scene->confirmed_utc_ms, 0);
        for (size_t erase = 0; erase < 12; erase++)
            touch_text(scene, INTENT_STAFF_DIGIT, "\b");
    }
    type(scene, "2026112409305");
    assert_string_equal(look(scene)->staff_clock, "202611240930"); // twelve digits, no more
    touch(scene, INTENT_STAFF_ENTER);
    ON(scene, SCREEN_STAFF_QUEUE);
    assert_string_equal(look(scene)->staff_message_key, "staff.message.clock");
    struct calendar told = calendar_from_utc(scene->confirmed_utc_ms, 480);
    assert_int_equal(told.day, 24);
    assert_int_equal(told.hour * 100 + told.minute, 930);
    assert_int_equal(scene->times_kept, 1);
    assert_non_null(strstr(scene->notes, "clock.confirmed()"));
    assert_false(look(scene)->clock_unknown);
    touch(scene, INTENT_STAFF_EXIT);
    touch_text(scene, INTENT_SERVICE, "expenditure-relief");
    ON(scene, SCREEN_NOTICE);
}

static void nobody_but_staff_reaches_the_clock(void **state)
{
    struct scene *scene = *state;
    scene->quality = TIME_UNKNOWN;
    touch(scene, INTENT_STAFF_CLOCK);
    ON(scene, SCREEN_ATTRACT);
    touch(scene, INTENT_STAFF);
    touch(scene, INTENT_STAFF_CLOCK);
    ON(scene, SCREEN_STAFF_PIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAFF(a_clerk_sees_the_queue_and_every_case_with_its_true_state),
        STAFF(a_pin_that_was_being_checked_logs_nobody_else_in),
        STAFF(a_clerk_sees_how_far_a_large_case_is),
        STAFF(a_clerk_looks_at_a_watch_and_ordinary_visits_open),
        STAFF(nobody_but_staff_reaches_the_clock),
        STAFF(a_clerk_prints_a_numbered_slip_to_fill_in_by_hand),
        STAFF(a_clerk_prints_a_marked_copy),
        STAFF(a_copy_that_is_ready_after_the_room_was_locked_waits_for_its_owner),
        STAFF(a_wrong_pin_waits_and_residents_go_on),
        STAFF(a_locked_account_says_so),
        STAFF(five_minutes_without_a_touch_lock_the_room),
        STAFF(what_lies_on_the_glass_is_told_and_is_nobody),
        STAFF(after_twelve_hours_even_a_busy_session_ends),
        STAFF(a_forgotten_pin_screen_goes_away),
        STAFF(a_residents_visit_waits_underneath_and_is_not_shown),
        STAFF(a_call_is_answered_by_a_clerk),
        STAFF(a_call_is_closed_by_a_deliberate_answer_one_at_a_time),
        STAFF(an_open_question_about_a_call_closes_with_the_desk),
        STAFF(a_clerk_is_witness_to_a_mark),
        STAFF(without_the_clerks_word_a_witnessed_mark_does_not_count),
        STAFF(a_technician_runs_the_self_test),
        STAFF(a_printer_without_paper_fails_the_self_test_and_prints_nothing),
        STAFF(a_content_pack_is_installed_between_visits_only),
        STAFF(an_emergency_ends_the_staff_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
