// SPDX-License-Identifier: GPL-3.0-or-later
// Codes that are typed, and tickets.
#include "golden/views_rooms.h"
#include "yimen/base/text.h"

static void fill_ticket_offer(struct view *view)
{
    view->screen = SCREEN_TICKET_OFFER;
    view->progress = (struct view_progress){2, 7, 0, 0};
}

static void fill_ticket(struct view *view)
{
    view->screen = SCREEN_TICKET;
    view->can_go_back = false;
    view->ticket =
        (struct view_ticket){.last_four = true, .state = RECEIPT_PRINTED, .leaving = true};
    text_copy(view->ticket.expires, sizeof(view->ticket.expires),
              sample_says(view, "11 月 30 日 10:05", "30 November, 10:05", "11월 30일 10:05"));
    view->qr_text = "YT1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMA";
}

static void fill_ticket_failed(struct view *view)
{
    fill_ticket(view);
    view->ticket.state = RECEIPT_FAILED;
    view->ticket.last_four = false;
    text_copy(view->ticket.typed, sizeof view->ticket.typed, "3K7F 9A2C D4HM XP6T");
}

static void fill_ticket_none(struct view *view)
{
    fill_ticket(view);
    view->ticket = (struct view_ticket){.failed = true, .problem_key = "ticket.failed"};
}

static void fill_code_open(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_TICKET_OPEN,
                                    .last_four = true,
                                    .digits = 2,
                                    .problem_key = "code.wrong",
                                    .tries_left = 3};
}

static void fill_code_choose(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_PARK_CHOOSE, .again = true, .tries_left = -1};
}

static void fill_code_hide_choose(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_HIDE_CHOOSE, .digits = 1, .tries_left = -1};
}

static void fill_code_go_on(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->visit_open = false;
    view->code = (struct view_code){.purpose = CODE_PARK_OPEN,
                                    .last_four = true,
                                    .problem_key = "code.wrong.park",
                                    .tries_left = -1};
}

static void fill_code_factor(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_FACTOR_CHOOSE, .tries_left = -1};
}

static void fill_code_typed(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_TICKET_TYPE,
                                    .tries_left = -1,
                                    .typed = "3K7F9A2CD4",
                                    .alphabet = ticket_alphabet()};
}

static void fill_code_typed_wrong(struct view *view)
{
    fill_code_typed(view);
    text_copy(view->code.typed, sizeof view->code.typed, "3K7F9A2CD4HMXP6T");
    view->code.problem_key = "code.typed-wrong";
}

static void fill_code_busy(struct view *view)
{
    fill_code_open(view);
    view->code.problem_key = NULL;
    view->code.busy = true;
    view->code.digits = 4;
}

static const struct sample samples[] = {
    {"code-factor", fill_code_factor},
    {"code-typed", fill_code_typed},
    {"code-typed-wrong", fill_code_typed_wrong},
    {"code-hide-choose", fill_code_hide_choose},
    {"code-go-on", fill_code_go_on},
    {"ticket-offer", fill_ticket_offer},
    {"ticket", fill_ticket},
    {"ticket-failed", fill_ticket_failed},
    {"ticket-none", fill_ticket_none},
    {"code-open", fill_code_open},
    {"code-choose", fill_code_choose},
    {"code-busy", fill_code_busy},
};
const struct samples codes_samples = {samples, COUNT(samples)};
