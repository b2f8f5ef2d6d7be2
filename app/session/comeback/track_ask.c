// SPDX-License-Identifier: GPL-3.0-or-later
// The question and its answers. The kiosk is asked first: it may hold the case, or have locked its
// number. Then the district, which alone knows of other counters' cases and of the state today.
// When it does not answer, what the kiosk knows is said, with the time from which it is.
#include "../session_internal.h"

#include "yimen/base/text.h"

#include <string.h>

const struct track_case *track_case(const struct session *session)
{
    const struct track *track = session->track;
    bool found = track && track->told && track->told->result == TRACK_FOUND;
    return found ? track->told : NULL;
}

static void ask_here(struct session *session)
{
    struct outbox_request request = {.kind = OUTBOX_TRACK};
    request.question = session->track->question;
    session->track->asks_store = true;
    (void)ask_store(session, ROOM_TRACK, &request);
    memory_wipe(&request, sizeof request);
}

static void ask_district(struct session *session)
{
    session->track->asks_district = true;
    (void)session_ask(
        session, ROOM_TRACK,
        &(struct session_request){.kind = SESSION_TRACK, .question = session->track->question});
}

void track_ask(struct session *session, bool reprint)
{
    struct track *track = session->track;
    session_forget_asked(session, ROOM_TRACK); // of the question before
    track->question.id++;
    track->question.reprint = reprint;
    track->asked_ms = session_now_ms(session);
    track->asks_store = track->asks_district = false;
    session->dirty = true;
    if (reprint) { // of another counter's case: the case itself stays on screen
        ask_district(session);
        return;
    }
    track->step = TRACK_STEP_ASKING;
    ask_here(session);
}

// The four are kept only for what can be done with the case that they opened.
static void show_no_fit(struct session *session, struct track_case *told)
{
    struct track *track = session->track;
    track->step = TRACK_STEP_FACTOR;
    track->no_fit = true;
    track->tries_left = told->tries_left;
    track_case_free(told);
}

void track_show(struct session *session, struct track_case *told)
{
    struct track *track = session->track;
    track->asks_store = track->asks_district = false;
    session->dirty = true;
    if (told->result != TRACK_FOUND)
        memory_wipe(track->question.factor, sizeof track->question.factor);
    if (told->result == TRACK_NO_FIT) {
        show_no_fit(session, told);
        return;
    }
    track_case_free(track->told);
    track->told = told;
    track->step = TRACK_STEP_TOLD;
    session_note(session, "track.told", told->result == TRACK_FOUND ? "found" : "not-shown");
}

static bool is_final(const struct track_case *here)
{
    bool unsent = here->own && here->place == TRACK_HERE;
    return here->result == TRACK_LOCKED || (unsent && here->result != TRACK_ELSEWHERE);
}

static struct track_case *no_answer(const struct track *track)
{
    struct track_case *none = track_case_new(&track->question);
    return none;
}

void track_outbox(struct session *session, struct outbox_reply *reply)
{
    struct track *track = session->track;
    struct track_case *here = reply->track;
    bool expected = track && track->step == TRACK_STEP_ASKING && track->asks_store &&
                    (!here || here->question == track->question.id);
    if (!expected)
        return; // the reply is cleared, with what it holds
    reply->track = NULL;
    track->asks_store = false;
    if (!here) // the store failed: the district may still know
        here = no_answer(track);
    if (!here) {
        track->step = TRACK_STEP_FACTOR;
    } else if (is_final(here)) {
        track_show(session, here);
    } else {
        track_case_free(track->here);
        track->here = here;
        ask_district(session);
    }
}

// What the kiosk knows by itself, when the district says nothing.
static void fall_back(struct session *session)
{
    struct track *track = session->track;
    struct track_case *here = track->here;
    track->here = NULL;
    track->asks_district = false;
    if (here)
        track_show(session, here);
    else
        track->step = TRACK_STEP_FACTOR;
}

// The kiosk's own knowledge of a case of its own goes with what the district says.
static void add_own(struct track_case *told, const struct track_case *here)
{
    if (here && here->result == TRACK_NO_FIT && here->tries_left < told->tries_left)
        told->tries_left = here->tries_left;
    if (!here || here->result != TRACK_FOUND || !text_equal(here->instance, told->instance))
        return;
    told->own = here->own;
    told->owner = told->owner || here->owner; // its new code may not be known there yet
    told->may_reprint = told->may_reprint || here->may_reprint;
    if (!told->masked_name[0] && here->owner) { // what is handed in for it shows these
        text_copy(told->masked_name, sizeof told->masked_name, here->masked_name);
        text_copy(told->masked_id, sizeof told->masked_id, here->masked_id);
    }
    track_case_allow(told);
}

// The factor fitted here: a district that was restored, or has not opened the case yet, can only
// say less.
static bool knows_better(const struct track *track)
{
    return track->here && track->here->result == TRACK_FOUND;
}

static bool is_more(const struct track_case *answer)
{
    return answer->result == TRACK_FOUND || answer->result == TRACK_LOCKED;
}

static void copy_came(struct session *session, struct track_case *answer)
{
    struct track *track = session->track;
    track->asks_district = false;
    if (answer->result != TRACK_FOUND || !answer->facts) {
        track->receipt_state = RECEIPT_FAILED;
        track->receipt_problem_key = "follow.reprint-later";
        return;
    }
    struct print_request print = {.kind = PRINT_RECEIPT, .facts = answer->facts};
    struct outbox_request note = {.kind = OUTBOX_NOTE};
    text_copy(print.job, sizeof print.job, track->job);
    text_copy(note.text, sizeof note.text, "receipt.reprinted");
    text_copy(note.receipt, sizeof note.receipt, answer->number);
    text_copy(note.staff, sizeof note.staff, "owner");
    text_copy(note.detail, sizeof note.detail, "of another counter");
    answer->facts = NULL; // the print worker's from here
    tell_store(session, &note);
    tell_printer(session, &print);
}

void track_answer(struct session *session, struct session_input *input)
{
    struct track *track = session->track;
    struct track_case *answer = input->tracked;
    if (!answer || !track || !track->asks_district)
        return;
    input->tracked = NULL;
    session->dirty = true;
    if (track->question.reprint) {
        copy_came(session, answer);
        track_case_free(answer);
        return;
    }
    if (answer->result == TRACK_NO_ANSWER || (knows_better(track) && !is_more(answer))) {
        track_case_free(answer);
        fall_back(session);
        return;
    }
    add_own(answer, track->here);
    track_show(session, answer);
}

void track_tick(struct session *session)
{
    struct track *track = session->track;
    bool waits = track && (track->asks_store || track->asks_district);
    if (!waits || session_now_ms(session) - track->asked_ms < TRACK_ANSWER_MS)
        return;
    session->dirty = true;
    if (track->question.reprint) {
        track->asks_district = false;
        track->receipt_state = RECEIPT_FAILED;
        track->receipt_problem_key = "follow.reprint-later";
    } else if (track->asks_store) {
        track->asks_store = false;
        track->step = TRACK_STEP_FACTOR;
    } else {
        fall_back(session);
    }
}

int64_t track_wait(const struct session *session)
{
    const struct track *track = session->track;
    if (!track || !(track->asks_store || track->asks_district))
        return -1;
    int64_t left = track->asked_ms + TRACK_ANSWER_MS - session_now_ms(session);
    return left > 0 ? left : 0;
}
