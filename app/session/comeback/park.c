// SPDX-License-Identifier: GPL-3.0-or-later
// Off the screen at once, and back with four characters: "hide this", letting somebody go first, a
// time-out on a long form. The attract screen offers "go on" always, and answers whoever tries it
// alike, in words and in time, whether anything lies here or not: nobody may learn that somebody
// was here. Each visit bears three wrong tries of whoever it may be, and 15 minutes.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

enum { TRIES = 3, LONG_SERVICE_MINUTES = 10 };

// What can be made again from a draft. A correction list cannot: it is asked for anew.
static bool fits(const struct visit *visit)
{
    return visit && visit->record && !correction_is_service(visit->service) &&
           visit->step < STEP_SAVING;
}

bool park_may(const struct session *session)
{
    const struct visit *visit = session->visit;
    return fits(visit) && !visit->service->urgent && !visit->of_instance[0] &&
           visit->step >= STEP_WHO && !visit->problem.open && !session->kept;
}

// ------------------------------------------------------------------ a code is chosen

static void choose(struct session *session, enum park_choice choice)
{
    session->overlay = OVERLAY_NONE;
    session->visit->choosing = choice;
}

void park_choose(struct session *session)
{
    if (park_may(session))
        choose(session, PARK_TO_GO);
}

void park_choose_hiding(struct session *session)
{
    if (session->visit && session->visit->step < STEP_SAVING && !session->visit->problem.open)
        choose(session, PARK_TO_HIDE);
}

static void chosen(struct session *session, const char *code)
{
    struct visit *visit = session->visit;
    enum park_choice choice = visit->choosing;
    char codes[PARK_CODES][TICKET_CODE_TEXT] = {0};
    visit->choosing = PARK_CHOOSES_NOTHING;
    text_copy(codes[0], sizeof codes[0], code);
    memory_wipe(&visit->park_entry, sizeof visit->park_entry);
    if (choice == PARK_TO_HIDE) {
        text_copy(visit->hide_code, sizeof visit->hide_code, codes[0]);
    } else if (park_put(session, visit, 1, codes)) {
        session_note(session, "visit.parked", "");
        go_home(session, "parked");
    }
    memory_wipe(codes, sizeof codes);
}

bool park_choose_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (visit->choosing == PARK_CHOOSES_NOTHING)
        return false;
    bool full = intent->kind == INTENT_CODE_DIGIT &&
                code_entry_digit(&visit->park_entry, TICKET_CHOSEN, intent->text);
    if (intent->kind == INTENT_BACK) {
        visit->choosing = PARK_CHOOSES_NOTHING;
        memory_wipe(&visit->park_entry, sizeof visit->park_entry);
    } else if ((full || intent->kind == INTENT_CODE_ENTER) &&
               code_entry_chosen(&visit->park_entry)) {
        char code[TICKET_CODE_TEXT];
        text_copy(code, sizeof code, visit->park_entry.typed);
        chosen(session, code);
        memory_wipe(code, sizeof code);
    }
    return true;
}

// ------------------------------------------------------------------ hidden, timed out

static void put_if_it_opens(struct session *session, struct visit *visit)
{
    char codes[PARK_CODES][TICKET_CODE_TEXT];
    size_t count = fits(visit) ? park_codes(visit, codes) : 0;
    if (count)
        (void)park_put(session, visit, count, codes);
    memory_wipe(codes, sizeof codes);
}

// Its record is with the store worker: the screen does not wait for the answer.
static void leave_saving(struct session *session)
{
    struct visit *visit = session->visit;
    if (!visit || visit->step != STEP_SAVING || visit->problem.open || session->away)
        return;
    session->away = visit;
    session->visit = NULL;
}

void park_hide(struct session *session)
{
    leave_saving(session);
    put_if_it_opens(session, session->kept);
    put_if_it_opens(session, session->visit);
    go_home(session, "hidden");
}

void park_away_ends(struct session *session)
{
    struct visit *visit = session->away;
    session->away = NULL;
    if (!visit)
        return;
    if (visit->record) { // it was not saved
        visit->step = STEP_REVIEW;
        put_if_it_opens(session, visit);
    }
    visit_forget(session, visit, "hidden");
}

static bool may_time_out(const struct visit *visit)
{
    char codes[PARK_CODES][TICKET_CODE_TEXT];
    bool is_long = fits(visit) && visit->step >= STEP_QUESTIONS && !visit->of_instance[0] &&
                   (visit->hide_code[0] || (visit->service->minutes >= LONG_SERVICE_MINUTES &&
                                            steps_apply(visit, STEP_IDENTITY)));
    bool may = is_long && park_codes(visit, codes) > 0;
    memory_wipe(codes, sizeof codes);
    return may;
}

bool park_would(const struct session *session)
{
    return may_time_out(session->visit) || may_time_out(session->kept);
}

void park_timed_out(struct session *session)
{
    if (may_time_out(session->kept))
        put_if_it_opens(session, session->kept);
    if (may_time_out(session->visit))
        put_if_it_opens(session, session->visit);
}

// ------------------------------------------------------------------ opened

void park_open(struct session *session)
{
    if (session->visit)
        return;
    session->overlay = OVERLAY_NONE;
    session->problem.open = false;
    memory_wipe(&session->park.entry, sizeof session->park.entry);
    session->park.tried = 0;
    session->park.try_serial = 0;
    session->place = PLACE_PARKED;
}

static void try_code(struct session *session)
{
    struct park *park = &session->park;
    if (!park->lock.id[0])
        ticket_make(session->options.crypto, TICKET_CHOSEN, &park->lock);
    park->try_serial = ask_key(session, ROOM_PARK, &park->lock, park->entry.typed);
    memory_wipe(&park->entry, sizeof park->entry);
}

bool park_intent(struct session *session, const struct intent *intent)
{
    struct park *park = &session->park;
    if (intent->kind == INTENT_HIDE) {
        park_hide(session);
        return true;
    }
    if (session->place != PLACE_PARKED || session->problem.open ||
        intent->kind == INTENT_TICKET_TYPE)
        return false;
    bool leaves = intent->kind == INTENT_BACK || intent->kind == INTENT_LEAVE ||
                  intent->kind == INTENT_LEAVE_SURE;
    if (leaves) {
        memory_wipe(&park->entry, sizeof park->entry);
        park->try_serial = 0;
        go_home(session, "left");
    } else if (!park->try_serial && intent->kind == INTENT_CODE_DIGIT &&
               code_entry_digit(&park->entry, TICKET_LAST_FOUR, intent->text)) {
        try_code(session);
    }
    return true;
}

static void wrong(struct session *session)
{
    struct park *park = &session->park;
    for (size_t i = 0; i < PARK_PLACES; i++)
        if (park->places[i].until_ms && ++park->places[i].wrong >= TRIES)
            park_forget(&park->places[i]);
    park->entry.problem_key = "code.wrong.park";
    if (++park->tried < TRIES)
        return;
    park->entry.problem_key = NULL;
    session->place = PLACE_ATTRACT;
    visit_problem(&session->problem, "parked-gone", "PARKED-WIPED", false);
}

static void come_back(struct session *session, struct session_input *input)
{
    struct park *park = &session->park;
    park->try_serial = 0;
    session->dirty = true;
    if (session->place != PLACE_PARKED || session->visit)
        return;
    if (input->err) {
        park->entry.problem_key = "code.not-now";
        return;
    }
    struct visit *visit = park_unseal(session, input->key.key);
    if (!visit) {
        wrong(session);
        return;
    }
    visit->came_back = true;
    session_note(session, "visit.continued", "");
    go_to(session, &(struct go){.kind = GO_DRAFT, .visit = visit});
}

void park_key_came(struct session *session, struct session_input *input)
{
    if (!input->id || park_lock(session, input))
        return;
    if (input->id == session->park.try_serial)
        come_back(session, input);
}

// ------------------------------------------------------------------ over

bool park_holds_any(const struct session *session)
{
    for (size_t i = 0; i < PARK_PLACES; i++)
        if (session->park.places[i].until_ms)
            return true;
    return false;
}

void park_wipe(struct session *session)
{
    for (size_t i = 0; i < PARK_PLACES; i++)
        park_forget(&session->park.places[i]);
    memory_wipe(&session->park, sizeof session->park);
}

void park_tick(struct session *session)
{
    for (size_t i = 0; i < PARK_PLACES; i++) {
        struct parked *place = &session->park.places[i];
        if (place->until_ms && session_now_ms(session) >= place->until_ms)
            park_forget(place);
    }
}

int64_t park_wait(const struct session *session)
{
    int64_t wait = -1;
    for (size_t i = 0; i < PARK_PLACES; i++) {
        const struct parked *place = &session->park.places[i];
        int64_t left = place->until_ms - session_now_ms(session);
        if (place->until_ms && (wait < 0 || left < wait))
            wait = left > 0 ? left : 0;
    }
    return wait;
}
