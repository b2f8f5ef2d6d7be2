// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "../room/room.h"
#include "yimen/case/correction.h"
#include "yimen/case/mask.h"
#include "yimen/case/owner_lock.h"
#include "yimen/case/track.h"
#include "yimen/case/tracking.h"

/// A case that was handed in: track (which one, whose), track_ask, track_act, track_view; and
/// correction, which answers what the district still needs.

enum track_step { TRACK_STEP_FIND, TRACK_STEP_FACTOR, TRACK_STEP_ASKING, TRACK_STEP_TOLD };

/// A resident asking about a case. Lives in an arena of its own, which zeroes it.
struct track {
    struct arena *arena;
    enum track_step step;
    struct track_question question; ///< as far as it is known
    int64_t asked_ms;
    bool asks_store, asks_district; ///< whose answer is still to come
    struct track_case *here, *told; ///< what the kiosk knows by itself; what is shown
    bool no_fit;
    int tries_left;
    char job[64]; ///< of the copy that is being printed
    enum receipt_state receipt_state;
    const char *receipt_problem_key;
    bool printing;
    struct view_track view;
};

/// A key that is being computed for a case that was just saved.
enum { OWNER_ORDERS = 4 };
struct owner_order {
    uint64_t serial; ///< 0: free
    char instance[LIMIT_INSTANCE_ID], token[LIMIT_TOKEN_TEXT], salt[TICKET_ID_TEXT];
};

/// A correction list being answered; its texts in an arena of their own, which zeroes them.
struct correction {
    struct arena *arena;
    struct correction_list *list; ///< NULL: none
    struct service service;       ///< what the visit is like
    struct form_slot slot;
    char labels[CORRECTION_ITEMS][512], due[11];
    struct view_wanted wanted[CORRECTION_ITEMS];
};

// ---- track.c, track_ask.c, track_act.c, track_view.c: a case that was handed in
void track_open(struct session *session);
/// What the reader read. True: it was a receipt's code and is being followed; nothing of it is
/// trusted but the number. False: not a receipt's, or something else is under way.
bool track_code(struct session *session, const char *text);
/// The case on screen, found with its second factor; NULL when none is.
const struct track_case *track_case(const struct session *session);
/// Begins a visit that belongs to that case: `service` is a linked one, its form may be another's.
void track_begin(struct session *session, const struct service *service);
void track_reply(struct session *session, struct session_input *input);
bool track_intent(struct session *session, const struct intent *intent);
void track_outbox(struct session *session, struct outbox_reply *reply);
void track_answer(struct session *session, struct session_input *input);
void track_print(struct session *session, const struct print_event *event);
/// Its copy is ready; false when nobody waits for it.
bool track_receipt(struct session *session, struct outbox_reply *reply);
void track_ask(struct session *session, bool reprint);
void track_show(struct session *session, struct track_case *told);
bool track_act(struct session *session, const struct intent *intent);
void track_tick(struct session *session);
int64_t track_wait(const struct session *session);
/// Zeroes it.
void track_end(struct session *session);
enum screen track_screen(const struct track *track);
void track_view(struct session *session, struct view *view);

// ---- owner.c
/// The visit's case is saved, and this is its receipt's code: what opens it is computed and kept.
void owner_saved(struct session *session, const struct visit *visit, const char *qr_text);
void owner_key_came(struct session *session, struct session_input *input);

// ---- correction.c
/// Answers the list of the case on screen, when it is genuine and in time.
void correction_begin(struct session *session);
void correction_view(struct session *session, struct view *view);
/// No record of its form may live any more.
void correction_forget(struct session *session);
