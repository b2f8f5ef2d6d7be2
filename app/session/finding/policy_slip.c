// SPDX-License-Identifier: GPL-3.0-or-later
// Information on paper. As with a receipt, it prints only while whoever asked is here, and what
// became of it is said; the text stays on the screen whatever the printer does.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static struct slip *begin(const struct session *session, enum slip_kind kind)
{
    struct slip *slip = calloc(1, sizeof *slip);
    if (!slip)
        return NULL;
    slip->kind = kind;
    slip->made = session->now;
    text_copy(slip->language, sizeof slip->language, session->comfort.language);
    text_copy(slip->counter_code, sizeof slip->counter_code, session->options.counter);
    return slip;
}

static bool is_under_way(const struct slip_state *state)
{
    return state->asked && (state->state == RECEIPT_COMPOSED || state->state == RECEIPT_ACCEPTED);
}

static void send(struct session *session, struct slip *slip)
{
    struct slip_state *state = &session->slip;
    struct print_request print = {.kind = PRINT_SLIP, .slip = slip};
    *state = (struct slip_state){.asked = true, .state = RECEIPT_COMPOSED};
    snprintf(state->job, sizeof state->job, "slip-%" PRId64, session->now.monotonic_ms);
    text_copy(print.job, sizeof print.job, state->job);
    if (slip)
        tell_printer(session, &print);
    else
        state->state = RECEIPT_FAILED;
}

void slip_print_policy(struct session *session, const char *policy)
{
    if (is_under_way(&session->slip))
        return;
    struct slip *slip = begin(session, SLIP_POLICY);
    if (slip) {
        slip->count = 1;
        text_copy(slip->lines[0].policy, sizeof slip->lines[0].policy, policy);
    }
    send(session, slip);
}

void slip_print_fits(struct session *session)
{
    const struct visit *visit = session->visit;
    if (is_under_way(&session->slip))
        return;
    struct slip *slip = begin(session, SLIP_FIT);
    for (size_t i = 0; slip && i < visit->fit_count && i < SLIP_LINES; i++) {
        const struct view_fit *fit = &visit->fits[i];
        struct slip_line *line = &slip->lines[slip->count++];
        text_copy(line->policy, sizeof line->policy, fit->policy ? fit->policy->id : "");
        text_copy(line->reason, sizeof line->reason, fit->reason);
    }
    send(session, slip);
}

void slip_print_hand(struct session *session, const char *number)
{
    struct slip *slip = begin(session, SLIP_HAND);
    if (slip)
        text_copy(slip->number, sizeof slip->number, number);
    send(session, slip);
}

void slip_forget(struct session *session)
{
    if (!is_under_way(&session->slip))
        session->slip = (struct slip_state){0};
}

void slip_event(struct session *session, const struct print_event *event)
{
    struct slip_state *state = &session->slip;
    if (event->kind != PRINT_EVENT_JOB || !state->asked || !text_equal(state->job, event->job))
        return;
    state->state = receipt_state_of(event, &state->problem_key);
    session->dirty = true;
}
