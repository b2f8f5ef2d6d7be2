// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "../room/room.h"

/// staff (who is there), staff_desk (the queue), staff_tech (the machine), clock (what time it is).

enum staff_screen { STAFF_OFF, STAFF_PIN, STAFF_QUEUE, STAFF_CASE, STAFF_TECHNICIAN, STAFF_CLOCK };
enum { STAFF_CLOCK_DIGITS = 12, CLOCK_SLACK_MS = 86400000 };
enum staff_purpose { STAFF_TO_WORK, STAFF_TO_WITNESS };
struct staff_session {
    enum staff_screen screen;
    enum staff_purpose purpose;
    char typed_number[STAFF_NUMBER_DIGITS + 1];
    char pin[LIMIT_PIN_DIGITS + 1];
    bool asks_pin, checking;
    char number[16], role[16]; ///< after the login
    const char *problem_key, *message_key;
    int64_t locked_until_ms; ///< a wrong PIN's wait, 0 = none
    int64_t touched_ms, since_ms;
    char case_number[LIMIT_RECEIPT_NUMBER];
    size_t case_count, open_calls;
    int64_t call, call_utc_ms; ///< the record that is answered next; 0: none, or an ordinary call
    char call_since[VIEW_MOMENT];
    struct view_case *cases; ///< VIEW_ITEMS of them
    size_t check_count;
    struct view_check checks[VIEW_CHECKS];
    char test_job[64];
    char clock_typed[STAFF_CLOCK_DIGITS + 1]; ///< year, month, day, hour, minute
};

// ---- staff.c, staff_desk.c, staff_tech.c
bool staff_intent(struct session *session, const struct intent *intent);
void staff_ask_pin(struct session *session, enum staff_purpose purpose);
void staff_leave(struct session *session);
void staff_reply(struct session *session, struct session_input *input);
void staff_view(struct session *session, struct view *view);
void staff_tick(struct session *session);
int64_t staff_wait(const struct session *session);
void staff_login_reply(struct session *session, struct outbox_reply *reply);
void staff_note(struct session *session, const char *event, const char *detail);
/// STAFF_CLOCK: what time it is, by the clerk's watch.
void clock_open(struct session *session);
void clock_leave(struct session *session);
bool clock_intent(struct session *session, const struct intent *intent);
void desk_open(struct session *session);
bool desk_intent(struct session *session, const struct intent *intent);
void desk_reply(struct session *session, struct outbox_reply *reply);
void tech_open(struct session *session);
bool tech_intent(struct session *session, const struct intent *intent);
void tech_reply(struct session *session, struct outbox_reply *reply);
void tech_print(struct session *session, const struct print_event *event);
void tech_district(struct session *session, const struct session_input *input);
void tech_pack(struct session *session, struct session_input *input);
