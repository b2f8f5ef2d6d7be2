// SPDX-License-Identifier: GPL-3.0-or-later
// The rooms of a session, each with what it may have. A new screen: its room here, its screen file,
// the screen table of the ui, its texts.
#include "session_internal.h"

const struct room_functions session_rooms[ROOM_COUNT] = {
    [ROOM_URGENT] = {urgent_intent, urgent_reply, NULL, NULL, urgent_view},
    [ROOM_STAFF] = {staff_intent, staff_reply, staff_tick, staff_wait, staff_view},
    [ROOM_CALL] = {call_intent, NULL, call_tick, call_wait, call_view},
    [ROOM_OVERLAY] = {overlay_intent, NULL, NULL, NULL, overlay_view},
    [ROOM_COMFORT] = {comfort_intent, NULL, NULL, NULL, comfort_view},
    [ROOM_PARK] = {park_intent, park_key_came, park_tick, park_wait, NULL},
    [ROOM_ITEMS] = {items_intent, NULL, NULL, NULL, items_view},
    [ROOM_PROBLEM] = {NULL, NULL, NULL, NULL, problem_view},
    [ROOM_TICKET] = {NULL, ticket_reply, checkpoint_tick, checkpoint_wait, ticket_view},
    [ROOM_VISIT] = {visit_intent, visit_reply, visit_tick, visit_wait, visit_view},
    [ROOM_RESUME] = {resume_intent, resume_reply, resume_tick, resume_wait, resume_view},
    [ROOM_TRACK] = {track_intent, track_reply, track_tick, track_wait, track_view},
    [ROOM_CORRECTION] = {NULL, NULL, NULL, NULL, correction_view},
    [ROOM_POLICY] = {policy_intent, policy_reply, NULL, NULL, policy_view},
    [ROOM_DOORS] = {doors_intent, doors_reply, doors_tick, doors_wait, doors_view},
    [ROOM_CODE] = {NULL, code_reply, code_tick, code_wait, code_view},
    [ROOM_OWNER] = {NULL, owner_key_came, NULL, NULL, NULL},
    [ROOM_FORMS] = {NULL, forms_reply, NULL, NULL, forms_view},
    [ROOM_CLOCK] = {NULL, clock_reply, clock_tick, clock_wait, clock_view},
    [ROOM_CONTENT] = {NULL, NULL, content_end_tick, NULL, content_end_view},
    [ROOM_IDLE] = {NULL, NULL, idle_tick, idle_wait, NULL},
};
