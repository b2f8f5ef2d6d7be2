// SPDX-License-Identifier: GPL-3.0-or-later
// The technician's room: the self-test asks each part itself (printer with a slip of paper, disk,
// database, audit chain, district, clock), and a signed content pack is installed.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <inttypes.h>
#include <stdio.h>

enum check_state { CHECK_RUNNING, CHECK_GOOD, CHECK_ATTENTION, CHECK_BAD };
enum {
    CHECK_PRINTER,
    CHECK_PAPER,
    CHECK_DISK,
    CHECK_DATABASE,
    CHECK_AUDIT,
    CHECK_DISTRICT,
    CHECK_CLOCK,
    CHECK_COUNT
};
enum { DISK_ATTENTION_PERCENT = 10 }; ///< attachments are refused when 90 % is used

static const char *const names[CHECK_COUNT] = {
    "check.printer", "check.paper",    "check.disk",  "check.database",
    "check.audit",   "check.district", "check.clock",
};

static void set_check(struct session *session, int which, enum check_state state,
                      const char *detail)
{
    struct view_check *check = &session->staff.checks[which];
    if (session->staff.screen != STAFF_TECHNICIAN || !session->staff.check_count)
        return;
    check->state = (int)state;
    text_copy(check->detail, sizeof check->detail, detail);
    session->dirty = true;
}

void tech_open(struct session *session)
{
    session->staff.screen = STAFF_TECHNICIAN;
}

static void check_clock(struct session *session)
{
    char now[32];
    when_format_utc(session->now.utc_ms, now);
    set_check(session, CHECK_CLOCK, session->now.quality == TIME_UNKNOWN ? CHECK_BAD : CHECK_GOOD,
              now);
}

static void self_test(struct session *session)
{
    struct staff_session *staff = &session->staff;
    struct outbox_request store = {.kind = OUTBOX_SELF_TEST};
    struct print_request print = {.kind = PRINT_STATUS};
    staff->check_count = CHECK_COUNT;
    staff->message_key = NULL;
    for (int i = 0; i < CHECK_COUNT; i++) {
        staff->checks[i] = (struct view_check){.state = CHECK_RUNNING};
        text_copy(staff->checks[i].name_key, sizeof staff->checks[i].name_key, names[i]);
    }
    snprintf(staff->test_job, sizeof staff->test_job, "selftest-%" PRId64,
             session->now.monotonic_ms);
    staff_note(session, "self-test", "");
    (void)ask_printer(session, ROOM_STAFF, &print);
    (void)ask_store(session, ROOM_STAFF, &store);
    (void)session_ask(session, ROOM_STAFF, &(struct session_request){.kind = SESSION_DISTRICT});
    check_clock(session);
}

static void install_pack(struct session *session)
{
    struct staff_session *staff = &session->staff;
    if (session->visit || session->kept) {
        staff->message_key = "staff.message.pack-visit-open";
        return;
    }
    staff->message_key = "staff.message.pack-running";
    staff_note(session, "pack.install", "");
    (void)session_ask(session, ROOM_STAFF, &(struct session_request){.kind = SESSION_PACK});
}

bool tech_intent(struct session *session, const struct intent *intent)
{
    if (session->staff.screen != STAFF_TECHNICIAN)
        return false;
    if (intent->kind == INTENT_SELF_TEST || intent->kind == INTENT_STAFF_REFRESH)
        self_test(session);
    else if (intent->kind == INTENT_INSTALL_PACK)
        install_pack(session);
    else
        return false;
    return true;
}

void tech_reply(struct session *session, struct outbox_reply *reply)
{
    char detail[96];
    if (reply->kind != OUTBOX_SELF_TESTED) {
        set_check(session, CHECK_DATABASE, CHECK_BAD, reply->why);
        set_check(session, CHECK_AUDIT, CHECK_BAD, "");
        set_check(session, CHECK_DISK, CHECK_BAD, "");
        return;
    }
    bool low = reply->disk_total > 0 &&
               reply->disk_free < reply->disk_total / 100 * DISK_ATTENTION_PERCENT;
    snprintf(detail, sizeof detail, "%" PRId64 " / %" PRId64 " MB", reply->disk_free >> 20,
             reply->disk_total >> 20);
    set_check(session, CHECK_DISK, low ? CHECK_ATTENTION : CHECK_GOOD, detail);
    set_check(session, CHECK_DATABASE, reply->database_good ? CHECK_GOOD : CHECK_BAD, reply->why);
    set_check(session, CHECK_AUDIT, reply->audit_good ? CHECK_GOOD : CHECK_BAD, "");
}

static void printer_status(struct session *session, const struct print_event *event)
{
    bool low_only = (event->reasons & ~(unsigned)PRINTER_LOW_PAPER) == 0;
    set_check(session, CHECK_PRINTER,
              !event->reasons ? CHECK_GOOD
              : low_only      ? CHECK_ATTENTION
                              : CHECK_BAD,
              event->detail);
    if (!low_only) {
        set_check(session, CHECK_PAPER, CHECK_BAD, "");
        return;
    }
    struct print_request print = {.kind = PRINT_SELF_TEST};
    text_copy(print.job, sizeof print.job, session->staff.test_job);
    tell_printer(session, &print);
}

void tech_print(struct session *session, const struct print_event *event)
{
    struct staff_session *staff = &session->staff;
    if (staff->screen != STAFF_TECHNICIAN || !staff->check_count)
        return;
    if (event->kind == PRINT_EVENT_STATUS) {
        if (staff->checks[CHECK_PRINTER].state == CHECK_RUNNING)
            printer_status(session, event);
        return;
    }
    if (!text_equal(event->job, staff->test_job))
        return;
    if (event->state == PRINT_PRINTED)
        set_check(session, CHECK_PAPER, CHECK_GOOD, event->detail);
    else if (event->state != PRINT_COMPOSED && event->state != PRINT_ACCEPTED)
        set_check(session, CHECK_PAPER, CHECK_BAD, event->detail);
}

void tech_district(struct session *session, const struct session_input *input)
{
    set_check(session, CHECK_DISTRICT,
              !input->err               ? CHECK_GOOD
              : input->err == ERR_RETRY ? CHECK_ATTENTION
                                        : CHECK_BAD,
              input->why);
}

void tech_pack(struct session *session, struct session_input *input)
{
    if (input->err)
        log_event(LOG_ERROR, "session", "pack-refused", "err=%s why=\"%s\"", err_name(input->err),
                  input->why);
    session->staff.message_key = !input->err                   ? "staff.message.pack-installed"
                                 : input->err == ERR_NOT_FOUND ? "staff.message.pack-absent"
                                                               : "staff.message.pack-refused";
    session->dirty = true;
}
