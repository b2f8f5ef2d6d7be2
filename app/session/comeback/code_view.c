// SPDX-License-Identifier: GPL-3.0-or-later
// The screens on which four characters, or the code of a ticket, are typed; and a ticket's own.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

static void show_chosen(struct view *view, const struct code_entry *entry,
                        enum code_purpose purpose)
{
    view->code = (struct view_code){.purpose = purpose,
                                    .digits = (int)strlen(entry->typed),
                                    .again = entry->first[0] != '\0',
                                    .problem_key = entry->problem_key,
                                    .tries_left = -1};
}

void ticket_view(struct session *session, struct view *view)
{
    const struct visit *visit = session->visit;
    if (!visit || session->staff.screen != STAFF_OFF)
        return;
    const struct ticket_state *state = &visit->ticket;
    view->may_take_ticket = ticket_may(session);
    view->has_ticket = state->taken;
    view->ticket_behind = state->behind;
    view->may_park = park_may(session);
    view->will_park = park_would(session);
    view->leaves_kept = session->kept != NULL;
    view->has_hide_code = visit->hide_code[0] != '\0';
    if (visit->choosing)
        show_chosen(view, &visit->park_entry,
                    visit->choosing == PARK_TO_GO ? CODE_PARK_CHOOSE : CODE_HIDE_CHOOSE);
    else if (visit->choosing_code)
        show_chosen(view, &visit->factor_entry, CODE_FACTOR_CHOOSE);
    else if (state->stage == TICKET_CHOOSE)
        show_chosen(view, &state->entry, CODE_TICKET_CHOOSE);
    if (state->stage == TICKET_NONE)
        return;
    view->ticket = (struct view_ticket){
        .making = state->stage == TICKET_MAKING,
        .failed = state->stage == TICKET_FAILED,
        .leaving = state->leaving,
        .last_four = state->held.ticket.code == TICKET_LAST_FOUR,
        .state = state->print_state,
        .problem_key = state->problem_key,
    };
    if (state->stage == TICKET_SHOWN) {
        view->qr_text = state->qr;
        ticket_grouped(state->held.ticket.typed, view->ticket.typed);
    }
    session_day_time(session, state->held.expires_utc_ms, view->ticket.expires);
}

static void show_typed(struct view *view, const struct resume *resume)
{
    view->code.purpose = CODE_TICKET_TYPE;
    view->code.alphabet = ticket_alphabet();
    text_copy(view->code.typed, sizeof view->code.typed, resume->typed);
}

// A ticket that came back, or whoever wants to go on: the same whether a visit lies here or not.
void resume_view(struct session *session, struct view *view)
{
    const struct resume *resume = session->resume;
    const struct park *park = &session->park;
    if (session->place == PLACE_RESUME || session->place == PLACE_PARKED)
        view->screen = SCREEN_CODE;
    if (session->visit && session->visit->draft) {
        view->code = (struct view_code){.purpose = session->visit->came_back ? CODE_PARK_OPEN
                                                                             : CODE_TICKET_OPEN,
                                        .digits = 4,
                                        .busy = true,
                                        .tries_left = -1};
    } else if (session->place == PLACE_RESUME && resume) {
        show_chosen(view, &resume->entry, CODE_TICKET_OPEN);
        view->code.last_four = resume->ticket.code == TICKET_LAST_FOUR;
        view->code.busy = resume->stage != RESUME_ASK && resume->stage != RESUME_TYPE;
        if (resume->stage == RESUME_TYPE || resume->stage == RESUME_FIND)
            show_typed(view, resume);
        view->code.tries_left = resume->tries_left;
    } else if (session->place == PLACE_PARKED) {
        show_chosen(view, &park->entry, CODE_PARK_OPEN);
        view->code.last_four = true; // X is offered to everybody
        view->code.busy = park->try_serial != 0;
        view->code.digits = park->try_serial ? TICKET_CODE_TEXT - 1 : view->code.digits;
    }
}
