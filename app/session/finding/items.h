// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "../room/room.h"

/// Several services in one visit.

/// Several services in one visit: the check list, and what was chosen as one service.
struct items {
    const struct bundle *bundle; ///< the situation that was chosen; NULL: from a service
    const struct service *first; ///< what the visit began with; NULL: a situation
    bool open, none_chosen;      ///< the check list is on screen
    size_t count;
    struct view_item list[VIEW_CHOICES];
    struct one_visit visit;
    struct form_slot slot; ///< kept when the visit is over, like the forms of the services
    char form_id[LIMIT_FORM_ID];
};

// ---- items.c
bool items_intent(struct session *session, const struct intent *intent);
/// The same services as one again, for a visit that a ticket brings back; NULL when they no longer
/// go together.
const struct service *items_again(struct session *session, const struct service *const *services,
                                  size_t count);
void items_forget(struct session *session);
/// The services of a visit of several; NULL: it is of one.
const struct one_visit *items_of(const struct session *session, const struct visit *visit);
/// Of these, the one for which alone a question is asked; NULL: it is asked for all.
const struct service *items_own(const struct one_visit *items, const char *ref);
void items_view(struct session *session, struct view *view);
void items_describe(const struct session *session, const struct visit *visit, bool limits_hold,
                    struct case_draft *draft);
