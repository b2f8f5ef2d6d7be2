// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "../room/room.h"

/// policy (the catalogue on the screen), policy_fit (what may fit), policy_slip (either on paper).

struct carried;

/// The policy catalogue on the screen.
struct policy_place {
    char group[24], query[160], shown[40];
    bool left_for_visit; ///< the visit on screen began at a measure: its first "back" leads there
    size_t count;
    const struct policy *found[VIEW_POLICIES];
};
/// The slip asked for last; it prints only while whoever asked is here.
struct slip_state {
    bool asked;
    char job[64];
    enum receipt_state state;
    const char *problem_key;
};

// ---- policy.c, policy_fit.c, policy_slip.c
bool policy_intent(struct session *session, const struct intent *intent);
/// Forgets what was looked at; a slip that has not begun to print is taken back.
void policy_end(struct session *session);
void policy_view(struct session *session, struct view *view);
/// What became of a slip.
void policy_reply(struct session *session, struct session_input *input);
/// Is this screen of a form a part of "what may fit"? All its questions are notes that say so.
bool fit_is_screen(const struct form_screen *screen);
bool fit_is_shown(const struct visit *visit);
bool fit_intent(struct session *session, const struct intent *intent);
void fit_show(struct session *session, struct view *view);
/// What a resident answered in this record, for another form that asks it too. Lives in `arena`.
struct carried *fit_collect(struct record *record, struct arena *arena);
/// Answers what was answered before, once the record is there.
void fit_carry(struct visit *visit);
void slip_print_policy(struct session *session, const char *policy);
void slip_print_fits(struct session *session);
void slip_print_hand(struct session *session, const char *number);
void slip_forget(struct session *session);
void slip_event(struct session *session, const struct print_event *event);
