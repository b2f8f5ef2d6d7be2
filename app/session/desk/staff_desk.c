// SPDX-License-Identifier: GPL-3.0-or-later
// The clerk's room: every case with its true state, another try for one, a marked copy of a
// receipt, open calls answered. No answers of any resident are here: the kiosk cannot read them.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

static void ask(struct session *session, enum outbox_request_kind kind, const char *receipt)
{
    struct outbox_request request = {.kind = kind};
    text_copy(request.receipt, sizeof request.receipt, receipt);
    text_copy(request.staff, sizeof request.staff, session->staff.number);
    (void)ask_store(session, ROOM_STAFF, &request);
}

void desk_open(struct session *session)
{
    session->staff.screen = STAFF_QUEUE;
    ask(session, OUTBOX_LIST, "");
}

static bool is_desk(const struct staff_session *staff)
{
    return staff->screen == STAFF_QUEUE || staff->screen == STAFF_CASE;
}

static bool is_listed(const struct staff_session *staff, const char *number)
{
    for (size_t i = 0; i < staff->case_count; i++)
        if (text_equal(staff->cases[i].number, number))
            return true;
    return false;
}

// What became of a call, as the clerk says it; the audit log has these words.
static bool is_answer(const char *text)
{
    static const char *const answers[] = {VIEW_CALL_ANSWERS};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (text_equal(text, answers[i]))
            return true;
    return false;
}

// Somebody is there now: the lamp goes out. One record is closed with its answer, the oldest: each
// is one person's.
static void answer_call(struct session *session, const char *answer)
{
    struct staff_session *staff = &session->staff;
    struct outbox_request request = {.kind = OUTBOX_URGENT_CLOSE, .number = staff->call};
    text_copy(request.staff, sizeof request.staff, staff->number);
    text_copy(request.text, sizeof request.text, answer);
    session->overlay = OVERLAY_NONE;
    call_stop(session, true);
    staff_note(session, "call.answered", answer);
    if (!staff->call) { // an ordinary call has no record
        staff->message_key = "staff.message.call";
        return;
    }
    urgent_closed(session);
    (void)ask_store(session, ROOM_STAFF, &request);
}

static void call_intent_of(struct session *session, const struct intent *intent)
{
    bool is_open = session->staff.open_calls > 0 || session->call.calling;
    if (is_open && is_answer(intent->text) && session->overlay == OVERLAY_ANSWER)
        answer_call(session, intent->text);
    else if (is_open && !intent->text[0])
        session->overlay = OVERLAY_ANSWER; // nothing is closed by one touch
}

static void case_intent(struct session *session, enum intent_kind kind, const char *number)
{
    struct staff_session *staff = &session->staff;
    if (!is_listed(staff, number))
        return;
    if (kind == INTENT_STAFF_CASE) {
        text_copy(staff->case_number, sizeof staff->case_number, number);
        staff->screen = STAFF_CASE;
    } else {
        ask(session, kind == INTENT_STAFF_RETRY ? OUTBOX_RETRY : OUTBOX_RECEIPT, number);
    }
}

bool desk_intent(struct session *session, const struct intent *intent)
{
    struct staff_session *staff = &session->staff;
    const char *number = intent->text[0] ? intent->text : staff->case_number;
    if (!is_desk(staff))
        return false;
    staff->message_key = NULL;
    if (intent->kind == INTENT_STAFF_CASE || intent->kind == INTENT_STAFF_RETRY ||
        intent->kind == INTENT_STAFF_REPRINT)
        case_intent(session, intent->kind, number);
    else if (intent->kind == INTENT_STAFF_ANSWER_CALL)
        call_intent_of(session, intent);
    else if (intent->kind == INTENT_STAFF_REFRESH)
        ask(session, OUTBOX_LIST, "");
    else if (intent->kind == INTENT_STAFF_SLIP)
        ask(session, OUTBOX_HAND_SLIP, "");
    else if (intent->kind == INTENT_BACK && staff->screen == STAFF_CASE)
        staff->screen = STAFF_QUEUE;
    else
        return false;
    return true;
}

static const char *print_word(enum print_state state)
{
    switch (state) {
    case PRINT_COMPOSED: return "receipt-state.composed";
    case PRINT_ACCEPTED: return "receipt-state.accepted";
    case PRINT_PRINTED: return "receipt-state.printed";
    case PRINT_FAILED: return "receipt-state.failed";
    case PRINT_UNKNOWN: return "receipt-state.unknown";
    case PRINT_WAITING_FOR_OWNER: return "receipt-state.waiting";
    case PRINT_CANCELLED: return "receipt-state.cancelled";
    }
    return "receipt-state.unknown";
}

// A case that fits into one request is there or is not; a large one is on its way for a while.
static void fill_progress(const struct outbox_row *row, struct view_case *out)
{
    static const char *const under_way[] = {"sending", "retry", "saved", "held", "quarantined"};
    const double megabyte = 1 << 20;
    bool is_under_way = false;
    for (size_t i = 0; i < sizeof under_way / sizeof under_way[0]; i++)
        is_under_way = is_under_way || text_equal(row->state, under_way[i]);
    if (!is_under_way || row->total_bytes <= LIMIT_WHOLE_CASE)
        return;
    snprintf(out->sent_mb, sizeof out->sent_mb, "%.1f", (double)row->sent_bytes / megabyte);
    snprintf(out->total_mb, sizeof out->total_mb, "%.1f", (double)row->total_bytes / megabyte);
}

static void fill_case(const struct session *session, const struct outbox_row *row,
                      struct view_case *out)
{
    *out = (struct view_case){
        .attempts = row->attempts, .not_asked = row->not_asked, .urgent = row->urgent};
    text_copy(out->number, sizeof out->number, row->number);
    snprintf(out->service_key, sizeof out->service_key, "service.%s.name", row->service);
    snprintf(out->state_key, sizeof out->state_key, "state.%s", row->state);
    text_copy(out->receipt_key, sizeof out->receipt_key, print_word(row->print_state));
    text_copy(out->reason, sizeof out->reason, row->reason);
    fill_progress(row, out);
    session_local_time(session, row->saved_utc_ms, out->saved_at);
    if (row->next_try_utc_ms > 0)
        session_local_time(session, row->next_try_utc_ms, out->next_try);
}

// A call and the case that grew from it are two records: a case is answered when no call of its
// time or before is open any more.
static bool is_unanswered(const struct outbox_reply *reply, const struct outbox_row *row)
{
    return row->urgent && reply->open_calls && row->saved_utc_ms >= reply->oldest_call_utc_ms;
}

// Those first that nobody has answered; both groups in the order they came in.
static void list_rows(struct session *session, const struct outbox_reply *reply, bool unanswered)
{
    struct staff_session *staff = &session->staff;
    for (size_t i = 0; i < reply->row_count && staff->case_count < VIEW_ITEMS; i++) {
        if (is_unanswered(reply, &reply->rows[i]) != unanswered)
            continue;
        struct view_case *item = &staff->cases[staff->case_count++];
        fill_case(session, &reply->rows[i], item);
        item->unanswered = unanswered;
    }
}

static void listed(struct session *session, const struct outbox_reply *reply)
{
    struct staff_session *staff = &session->staff;
    memory_wipe(staff->cases, VIEW_ITEMS * sizeof *staff->cases);
    staff->case_count = 0;
    staff->open_calls = reply->open_calls;
    staff->call = reply->oldest_call;
    staff->call_utc_ms = reply->oldest_call_utc_ms;
    list_rows(session, reply, true);
    list_rows(session, reply, false);
    if (staff->screen == STAFF_CASE && !is_listed(staff, staff->case_number))
        staff->screen = STAFF_QUEUE;
}

static void print_copy(struct session *session, struct outbox_reply *reply)
{
    struct print_request print = {.kind = PRINT_RECEIPT, .facts = reply->facts};
    text_copy(print.job, sizeof print.job, reply->job);
    receipt_follow(session, reply->facts->number, reply->job);
    reply->facts = NULL;
    tell_printer(session, &print);
    session->staff.message_key = "staff.message.reprint";
    ask(session, OUTBOX_LIST, "");
}

void desk_reply(struct session *session, struct outbox_reply *reply)
{
    struct staff_session *staff = &session->staff;
    if (!is_desk(staff)) { // locked meanwhile: a copy nobody waits for is not printed
        receipt_unclaimed(session, reply);
        return;
    }
    if (reply->kind == OUTBOX_LISTED) {
        listed(session, reply);
    } else if (reply->kind == OUTBOX_RECEIPT_READY && reply->facts) {
        print_copy(session, reply);
    } else if (reply->kind == OUTBOX_NUMBERED) {
        slip_print_hand(session, reply->slip);
    } else if (reply->kind == OUTBOX_DONE) {
        staff->message_key =
            reply->to == OUTBOX_RETRY ? "staff.message.retry" : "staff.message.call";
        if (reply->to == OUTBOX_RETRY)
            nudge_sync(session);
        ask(session, OUTBOX_LIST, "");
    } else {
        staff->message_key = "staff.message.failed";
    }
}
