// SPDX-License-Identifier: GPL-3.0-or-later
// Everything of a visit is zeroed; where a ticket was taken its last checkpoint goes first.
#include "../session_internal.h"
#include "yimen/base/text.h"

void visit_tell_ended(struct session *session, const struct visit *visit, const char *reason)
{
    struct outbox_request ended = {.kind = OUTBOX_VISIT_ENDED};
    text_copy(ended.instance, sizeof ended.instance, visit->instance);
    text_copy(ended.detail, sizeof ended.detail, reason);
    tell_store(session, &ended);
}

void visit_free(struct session *session, struct visit *visit)
{
    struct arena *arena = visit->arena;
    // While its record is with the store worker, so is its form.
    bool form_is_away = visit->step == STEP_SAVING && !visit->record;
    record_free(visit->record);
    if (correction_is_service(visit->service) && !form_is_away)
        correction_forget(session);
    if (visit->service == &session->earlier.service && !form_is_away)
        earlier_forget(session);
    if (visit->carried_arena)
        arena_free(visit->carried_arena);
    if (visit->next_arena)
        arena_free(visit->next_arena);
    arena_free(arena);
}

void visit_forget(struct session *session, struct visit *visit, const char *reason)
{
    if (!visit->put_away) // then it was made before the visit was sealed
        checkpoint_last(session, visit);
    visit_tell_ended(session, visit, reason);
    visit_free(session, visit);
}
