// SPDX-License-Identifier: GPL-3.0-or-later
// The screens of the staff, and of a form's author.
#include "golden/views_rooms.h"
#include "yimen/base/text.h"
#include "yimen/port/call.h"
#include <stdio.h>

static void staff(struct view *view, enum screen screen)
{
    view->screen = screen;
    view->visit_open = false;
    view->progress = (struct view_progress){0};
    view->staff_role = "clerk";
}

static void fill_staff_pin(struct view *view)
{
    staff(view, SCREEN_STAFF_PIN);
    view->staff_number = "1001";
    view->staff_asks_pin = true;
    view->pin_digits = 3;
    view->staff_problem_key = "staff.problem.wrong";
}

static void fill_staff_wait(struct view *view)
{
    fill_staff_pin(view);
    view->staff_wait_s = 30;
}

static struct view_case cases[9];

static void fill_staff_queue(struct view *view)
{
    static const char *const states[] = {"state.saved", "state.sending", "state.retry",
                                         "state.received", "state.quarantined"};
    staff(view, SCREEN_STAFF_QUEUE);
    for (size_t i = 0; i < COUNT(cases); i++) {
        cases[i] = (struct view_case){.attempts = (int)i, .urgent = i == 0};
        (void)snprintf(cases[i].number, sizeof(cases[i].number), "3702120012611232%05zu", i * 17);
        text_copy(cases[i].service_key, sizeof(cases[i].service_key),
                  i ? "service.expenditure-relief.name" : "service.urgent-relief.name");
        text_copy(cases[i].state_key, sizeof(cases[i].state_key), states[i % 5]);
        text_copy(cases[i].receipt_key, sizeof(cases[i].receipt_key), "receipt-state.printed");
        text_copy(cases[i].saved_at, sizeof(cases[i].saved_at), "11-23 10:05");
        cases[i].not_asked = i == 3 ? 2 : 0;
        if (i % 5 == 1 || i % 5 == 4) {
            text_copy(cases[i].sent_mb, sizeof(cases[i].sent_mb), "3.1");
            text_copy(cases[i].total_mb, sizeof(cases[i].total_mb), "28.4");
        }
        text_copy(cases[i].reason, sizeof(cases[i].reason), i % 5 == 4 ? "409 form unknown" : "");
    }
    view->cases = cases;
    view->case_count = COUNT(cases);
    cases[0].unanswered = true;
    view->open_calls = 2;
    view->call_since =
        sample_says(view, "11 月 23 日 10:05", "23 November, 10:05", "11월 23일 10:05");
}

static void fill_staff_answer(struct view *view)
{
    fill_staff_queue(view);
    view->staff_number = "1001";
    view->overlay = OVERLAY_ANSWER;
}

static void fill_staff_queue_clock(struct view *view)
{
    fill_staff_queue(view);
    view->clock_unknown = true;
    view->clock_text[0] = '\0';
}

static void fill_staff_clock(struct view *view)
{
    staff(view, SCREEN_STAFF_CLOCK);
    view->clock_unknown = true;
    view->staff_clock = "2026113009";
    view->staff_problem_key = "staff.clock.problem";
}

static void fill_staff_case(struct view *view)
{
    fill_staff_queue(view);
    view->screen = SCREEN_STAFF_CASE;
    view->chosen_case = &cases[4];
    view->staff_message_key = "staff.message.retry";
}

static void fill_technician(struct view *view)
{
    static struct view_check checks[5];
    static const char *const names[] = {"check.printer", "check.disk", "check.database",
                                        "check.district", "check.clock"};
    static const char *const details[] = {"media-low", "61 GB free", "integrity ok",
                                          "TLS certificate has expired", ""};
    staff(view, SCREEN_TECHNICIAN);
    view->staff_role = "technician";
    for (size_t i = 0; i < COUNT(checks); i++) {
        text_copy(checks[i].name_key, sizeof(checks[i].name_key), names[i]);
        text_copy(checks[i].detail, sizeof(checks[i].detail), details[i]);
        checks[i].state = (int[]){2, 1, 1, 3, 0}[i];
    }
    view->checks = checks;
    view->check_count = COUNT(checks);
    view->pack_version = "2026-11-01.3";
}

static void fill_content_ended(struct view *view)
{
    fill_technician(view);
    view->content_ended = true;
}

static void fill_queue_content_ended(struct view *view)
{
    fill_staff_queue(view);
    view->content_ended = true;
}

static void fill_preview(struct view *view)
{
    fill_one(view);
    view->preview = true;
}

static void fill_preview_end(struct view *view)
{
    view->screen = SCREEN_PROBLEM;
    view->preview = view->can_go_back = true;
    view->problem_what_key = "problem.preview.what";
    view->problem_safe_key = "problem.preview.safe";
    view->problem_next_key = "problem.preview.next";
}

// ------------------------------------------------------------------ a run that cannot begin

static void fill_closed(struct view *view)
{
    view->screen = SCREEN_PROBLEM;
    view->visit_open = view->can_go_back = false;
    view->service = NULL;
    view->counter_phone = "";
    view->clock_text[0] = '\0';
    view->problem_what_key = "problem.base.what";
    view->problem_safe_key = "problem.base.safe";
    view->problem_next_key = "problem.base.next";
    view->problem_code = "KEYS-BROKEN";
}

static void fill_closed_urgent(struct view *view)
{
    fill_closed(view);
    view->overlay = OVERLAY_CALL;
    view->call_unanswered = true;
    view->call_reached = CALL_REACHED_LAMP;
}

static void fill_closed_store(struct view *view)
{
    fill_closed(view);
    view->problem_what_key = "problem.store-damaged.what";
    view->problem_safe_key = "problem.store-damaged.safe";
    view->problem_next_key = "problem.store-damaged.next";
    view->problem_code = "corrupt";
}

static void fill_not_ready(struct view *view)
{
    fill_closed(view);
    view->problem_what_key = "problem.not-ready.what";
    view->problem_safe_key = "problem.not-ready.safe";
    view->problem_next_key = "problem.not-ready.next";
    view->problem_code = "retry";
}

static const struct sample samples[] = {
    {"closed", fill_closed},
    {"closed-urgent", fill_closed_urgent},
    {"closed-store", fill_closed_store},
    {"not-ready", fill_not_ready},
    {"staff-pin", fill_staff_pin},
    {"staff-wait", fill_staff_wait},
    {"staff-queue", fill_staff_queue},
    {"staff-answer", fill_staff_answer},
    {"staff-clock", fill_staff_clock},
    {"staff-queue-clock", fill_staff_queue_clock},
    {"staff-case", fill_staff_case},
    {"technician", fill_technician},
    {"content-ended", fill_content_ended},
    {"queue-content-ended", fill_queue_content_ended},
    {"preview", fill_preview},
    {"preview-end", fill_preview_end},
};
const struct samples staff_samples = {samples, COUNT(samples)};
