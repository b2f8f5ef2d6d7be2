// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "finding/items.h"
#include "finding/policies.h"
#include "desk/staff_session.h"
#include "comeback/tickets.h"
#include "comeback/tracking.h"
#include "visit/visit.h"

/// The session's own state; the calls between its aspects stand in the headers of these.

// ---- above all rooms: leave.c, goes.c, urgent_touch.c, visit_room.c, view.c
/// Ends what is open, zeroes it, resets comfort, overdraws the screen.
void visit_end_all(struct session *session, const char *reason);
/// Ends the one on screen; the kept one comes back if there is one.
void visit_end_current(struct session *session, const char *reason);
/// From the first step of a visit, to where it was chosen.
void leave_back(struct session *session);
void leave_track(struct session *session);
/// Where rooms wanted to be.
void go_there(struct session *session);
bool urgent_intent(struct session *session, const struct intent *intent);
void urgent_switch(struct session *session);
bool visit_intent(struct session *session, const struct intent *intent);
void view_build(struct session *session);

// ---- code.c: what the reader read
void code_reply(struct session *session, struct session_input *input);
void code_view(struct session *session, struct view *view);
/// The rest of a code did not come in time.
void code_tick(struct session *session);
int64_t code_wait(const struct session *session);

struct session {
    struct session_options options;
    struct session_output output;
    struct asked asked[ASKED];
    uint64_t asked_last;
    struct when now;
    const char *counter_name;

    struct go goes[GOES];
    size_t go_count;

    enum place place;
    char door[16];
    struct policy_place policy;
    struct slip_state slip;
    struct comfort comfort;
    enum overlay overlay;
    struct visit *visit; ///< the one on screen, NULL outside
    struct visit *kept;  ///< an application left for an urgent one, to be returned to
    struct visit *away;  ///< hidden while its record is with the store worker
    struct track *track; ///< a case asked about, NULL when none is
    struct items items;
    struct form_slot forms[VIEW_SERVICES];
    size_t form_count;
    size_t unsealed; ///< services whose form no case can be sealed to
    struct correction correction;
    struct earlier earlier;
    struct park park;
    struct resume *resume; ///< PLACE_RESUME
    struct owner_order owners[OWNER_ORDERS];
    struct problem problem; ///< outside a visit: its service would not start
    char closed[16];        ///< why no new ordinary visit may begin, "" = it may

    int64_t touched_ms; ///< last sign of a person
    int stuck_contacts; ///< things that lie on the glass, for the staff to see
    struct urgent_state urgent;
    struct call_state call;
    struct staff_session staff;
    int64_t just_saved_until_ms;

    const char *code_message_key; ///< OVERLAY_CODE
    struct code_part code_part;
    int64_t told_district_ms; ///< of a checkpoint

    bool content_ended;           ///< as last told to the log
    bool clock_told, clock_known; ///< whether the time is, as last told
    struct when clock_kept;       ///< the time as last given to the store
    bool dirty;
    int64_t minute; ///< of the clock shown
    char clock_text[16];
    struct view view;
};
