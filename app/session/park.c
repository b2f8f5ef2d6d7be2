// SPDX-License-Identifier: GPL-3.0-or-later
// Letting somebody go first: the visit leaves the screen for 15 minutes and stays in this memory
// only. Whoever parks it chooses four digits; after a time-out on a long form the end of the typed
// ID number opens it. One visit at a time: with two, one person's wrong code would be about the
// other's. Five wrong codes, or the time, and it is zeroed.
#include "session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

enum { PARKED_MS = 15 * 60 * 1000, TRIES = 5, LONG_SERVICE_MINUTES = 10 };

// What several services were made into one form for is this session's only such form, and so is
// that of an earlier pack.
static bool fits(const struct session *session, const struct visit *visit)
{
    return !session->park.visit && visit && !visit->service->urgent && !visit->of_instance[0] &&
           !items_of(session, visit) && visit->service != &session->earlier.service &&
           visit->record && visit->step >= STEP_WHO && visit->step < STEP_SAVING;
}

bool park_may(const struct session *session)
{
    return fits(session, session->visit) && !session->visit->problem.open && !session->kept;
}

static void put_away(struct session *session, struct visit *visit, enum ticket_code kind,
                     const char *code)
{
    struct park *park = &session->park;
    struct print_request print = {.kind = PRINT_VISIT_ENDED};
    bool on_screen = visit == session->visit;
    *park = (struct park){
        .visit = visit, .kind = kind, .until_ms = session_now_ms(session) + PARKED_MS};
    text_copy(park->code, sizeof park->code, code);
    visit->parking = false;
    memory_wipe(&visit->park_entry, sizeof visit->park_entry);
    visit->language = session->comfort.language;
    visit->size = session->comfort.size;
    visit->contrast = session->comfort.contrast;
    checkpoint_last(session, visit);
    session->output.print(session->output.context, &print); // its owner has gone
    if (on_screen)
        session->visit = NULL;
    else
        session->kept = NULL;
    session_note(session, "visit.parked", "");
}

// ------------------------------------------------------------------ chosen

void park_choose(struct session *session)
{
    if (!park_may(session))
        return;
    session->overlay = OVERLAY_NONE;
    session->visit->parking = true;
}

bool park_choose_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (!visit->parking)
        return false;
    bool full = intent->kind == INTENT_CODE_DIGIT &&
                code_entry_digit(&visit->park_entry, TICKET_CHOSEN, intent->text);
    if (intent->kind == INTENT_BACK) {
        visit->parking = false;
        memory_wipe(&visit->park_entry, sizeof visit->park_entry);
    } else if ((full || intent->kind == INTENT_CODE_ENTER) &&
               code_entry_chosen(&visit->park_entry)) {
        char code[TICKET_CODE_TEXT];
        text_copy(code, sizeof code, visit->park_entry.typed);
        put_away(session, visit, TICKET_CHOSEN, code);
        memory_wipe(code, sizeof code);
        visit_end_all(session, "parked");
    }
    return true;
}

// ------------------------------------------------------------------ timed out

static bool may_time_out(const struct session *session, const struct visit *visit,
                         char code[TICKET_CODE_TEXT])
{
    return fits(session, visit) && visit->step >= STEP_QUESTIONS &&
           visit->service->minutes >= LONG_SERVICE_MINUTES && steps_apply(visit, STEP_IDENTITY) &&
           code_of_id(visit, code);
}

bool park_would(const struct session *session)
{
    char code[TICKET_CODE_TEXT];
    bool would =
        may_time_out(session, session->visit, code) || may_time_out(session, session->kept, code);
    memory_wipe(code, sizeof code);
    return would;
}

bool park_instead(struct session *session)
{
    char code[TICKET_CODE_TEXT];
    struct visit *visit = may_time_out(session, session->visit, code)  ? session->visit
                          : may_time_out(session, session->kept, code) ? session->kept
                                                                       : NULL;
    if (visit)
        put_away(session, visit, TICKET_LAST_FOUR, code);
    memory_wipe(code, sizeof code);
    return visit != NULL;
}

// ------------------------------------------------------------------ opened

void park_open(struct session *session)
{
    if (!session->park.visit || session->visit)
        return;
    session->overlay = OVERLAY_NONE;
    session->problem.open = false;
    session->place = PLACE_PARKED;
}

static void come_back(struct session *session)
{
    struct visit *visit = session->park.visit;
    memory_wipe(&session->park, sizeof session->park);
    session->visit = visit;
    session->place = PLACE_VISIT;
    session->comfort.language = visit->language;
    session->comfort.size = visit->size;
    session->comfort.contrast = visit->contrast;
    visit->step_since_ms = session_now_ms(session);
    session_note(session, "visit.continued", "");
}

static void try_code(struct session *session)
{
    struct park *park = &session->park;
    bool right = memory_equal(park->code, park->entry.typed, TICKET_CODE_TEXT);
    memory_wipe(&park->entry, sizeof park->entry);
    if (right) {
        come_back(session);
        return;
    }
    park->entry.problem_key = "code.wrong";
    if (++park->wrong < TRIES)
        return;
    park_wipe(session, "wrong-codes");
    session->place = PLACE_ATTRACT;
    visit_problem(&session->problem, "parked-gone", "PARKED-WIPED", false);
}

bool park_intent(struct session *session, const struct intent *intent)
{
    struct park *park = &session->park;
    bool leaves = intent->kind == INTENT_BACK || intent->kind == INTENT_LEAVE ||
                  intent->kind == INTENT_LEAVE_SURE || intent->kind == INTENT_HIDE;
    if (leaves) {
        memory_wipe(&park->entry, sizeof park->entry);
        visit_end_all(session, "left");
    } else if (intent->kind == INTENT_CODE_DIGIT &&
               code_entry_digit(&park->entry, park->kind, intent->text)) {
        try_code(session);
    }
    return true;
}

// ------------------------------------------------------------------ over

void park_wipe(struct session *session, const char *reason)
{
    struct visit *visit = session->park.visit;
    memory_wipe(&session->park, sizeof session->park);
    if (!visit)
        return;
    visit_forget(session, visit, reason); // whoever stands here now may be printing
    session->dirty = true;
}

void park_tick(struct session *session)
{
    if (!session->park.visit || session_now_ms(session) < session->park.until_ms)
        return;
    park_wipe(session, "parked-too-long");
    if (session->place == PLACE_PARKED)
        visit_end_all(session, "idle");
}

int64_t park_wait(const struct session *session)
{
    if (!session->park.visit)
        return -1;
    int64_t left = session->park.until_ms - session_now_ms(session);
    return left > 0 ? left : 0;
}
