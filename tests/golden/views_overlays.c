// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over another screen.
#include "golden/views_rooms.h"
#include "yimen/port/call.h"

static void fill_idle(struct view *view)
{
    fill_who(view);
    view->overlay = OVERLAY_IDLE;
    view->countdown_s = 42;
}

static void fill_leave(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_LEAVE;
}

static void fill_leave_advice(struct view *view)
{
    fill_leave(view);
    view->service = catalogue_service(view->catalogue, "which-help");
}

static void fill_call(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_CALL;
    view->call_reached = CALL_REACHED_LAMP | CALL_REACHED_SOUND;
}

static void fill_call_unanswered(struct view *view)
{
    fill_attract(view);
    view->overlay = OVERLAY_CALL;
    view->call_reached = CALL_REACHED_LAMP;
    view->call_unanswered = true;
}

static void fill_call_nobody(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_CALL;
    view->counter_phone = "0532-1234-5678";
}

static void fill_call_line(struct view *view)
{
    fill_one(view);
    view->call_line_key = "call.line.unanswered";
}

static void fill_outage(struct view *view)
{
    view->screen = SCREEN_PROBLEM;
    view->visit_open = view->can_go_back = false;
    view->outage = true;
    view->counter_phone = "";
    view->problem_what_key = "problem.base.what";
    view->problem_safe_key = "problem.base.safe";
    view->problem_next_key = "problem.base.next";
    view->problem_code = "STORE-MISSING";
    view->overlay = OVERLAY_CALL;
    view->call_unanswered = view->slip_asked = true;
    view->slip_state = RECEIPT_PRINTED;
    view->call_reached = CALL_REACHED_LAMP;
}

static void fill_outage_failed(struct view *view)
{
    fill_outage(view);
    view->slip_state = RECEIPT_FAILED;
    view->slip_problem_key = "printer.no-paper";
    view->call_reached = 0;
}

static void fill_comfort_attract(struct view *view)
{
    fill_attract(view);
    view->overlay = OVERLAY_COMFORT;
}

static void fill_comfort(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_COMFORT;
}

static void fill_help(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_HELP;
}

static void fill_remove(struct view *view)
{
    fill_repeat(view);
    view->overlay = OVERLAY_REMOVE;
    view->remove_ref = "/data/member[2]";
    view->remove_label = "张小明";
}

static void fill_code(struct view *view)
{
    view->screen = SCREEN_ATTRACT;
    view->visit_open = view->can_go_back = false;
    view->overlay = OVERLAY_CODE;
    view->code_message_key = "code.not-ours";
}

static void fill_leave_ticket(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_LEAVE;
    view->may_take_ticket = view->has_ticket = view->may_park = true;
}

static void fill_form_changed(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_FORM_CHANGED;
}

static const struct sample samples[] = {
    {"idle", fill_idle},
    {"leave", fill_leave},
    {"leave-advice", fill_leave_advice},
    {"call", fill_call},
    {"call-unanswered", fill_call_unanswered},
    {"call-nobody", fill_call_nobody},
    {"call-line", fill_call_line},
    {"outage", fill_outage},
    {"outage-failed", fill_outage_failed},
    {"comfort", fill_comfort},
    {"comfort-attract", fill_comfort_attract},
    {"help", fill_help},
    {"remove", fill_remove},
    {"code", fill_code},
    {"leave-ticket", fill_leave_ticket},
    {"form-changed", fill_form_changed},
};
const struct samples overlays_samples = {samples, COUNT(samples)};
