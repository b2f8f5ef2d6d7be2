// SPDX-License-Identifier: GPL-3.0-or-later
// "How far is my case?": its number, scanned or typed, then the last four of the ID number, then
// what can be told. Everything typed lives in an arena that is zeroed; the four are gone as soon as
// they were asked with, unless they fit.
#include "../session_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include "yimen/case/tracking.h"

#include <string.h>

static void forget_told(struct track *track)
{
    track_case_free(track->here);
    track_case_free(track->told);
    track->here = track->told = NULL;
    track->printing = false;
}

void track_open(struct session *session)
{
    if (!session->track) {
        struct arena *arena = arena_new_locked(0);
        session->track = ARENA_NEW(arena, struct track);
        session->track->arena = arena;
        session_note(session, "track.opened", "");
    }
    session->overlay = OVERLAY_NONE;
    session->problem.open = false;
    session->place = PLACE_TRACK;
    session->track->step = TRACK_STEP_FIND;
    session->dirty = true;
}

void track_end(struct session *session)
{
    struct track *track = session->track;
    if (!track)
        return;
    session->track = NULL;
    session_forget_asked(session, ROOM_TRACK);
    forget_told(track);
    memory_wipe(&track->question, sizeof track->question);
    arena_free(track->arena);
}

static bool number_is_good(const char *number)
{
    struct receipt_number parsed;
    return receipt_number_parse(number, &parsed, NULL) == ERR_OK;
}

static void go_to_factor(struct session *session)
{
    struct track *track = session->track;
    memory_wipe(track->question.factor, sizeof track->question.factor);
    forget_told(track);
    track->no_fit = false;
    track->step = TRACK_STEP_FACTOR;
    session->dirty = true;
}

// Whoever stands in front of a greeting, a list or the question for a number may show a receipt; in
// the middle of anything else it is none of our business.
static bool may_scan(const struct session *session)
{
    if (session->staff.screen != STAFF_OFF || session->place == PLACE_VISIT)
        return false;
    return session->place != PLACE_TRACK || session->track->step != TRACK_STEP_ASKING;
}

bool track_code(struct session *session, const char *text)
{
    struct tracking code;
    char number[LIMIT_RECEIPT_NUMBER], hash[TRACKING_HASH_TEXT];
    bool good = tracking_parse(text, &code, number, NULL) == ERR_OK && number_is_good(number) &&
                tracking_token_hash(session->options.crypto, code.token, hash, NULL) == ERR_OK;
    if (!good || !may_scan(session)) {
        memory_wipe(&code, sizeof code);
        return false;
    }
    idle_touch(session);
    track_open(session);
    struct track_question *question = &session->track->question;
    text_copy(question->number, sizeof question->number, number);
    text_copy(question->token, sizeof question->token, code.token);
    memory_wipe(&code, sizeof code);
    go_to_factor(session);
    return true;
}

static void type_number(struct track *track, const char *text)
{
    size_t used = 0;
    memory_wipe(track->question.token, sizeof track->question.token);
    for (; *text && used < RECEIPT_NUMBER_DIGITS; text++)
        if (*text >= '0' && *text <= '9')
            track->question.number[used++] = *text;
    track->question.number[used] = '\0';
}

static void type_factor(struct track *track, const char *text)
{
    char *factor = track->question.factor;
    size_t length = strlen(factor);
    bool digit = text[0] >= '0' && text[0] <= '9', last = length == TRACK_FACTOR - 2;
    track->no_fit = false;
    if (text[0] == '\b' && length)
        factor[length - 1] = '\0';
    else if (!text[1] && length < TRACK_FACTOR - 1 && (digit || (text[0] == 'X' && last)))
        factor[length] = text[0];
}

static void find_intent(struct session *session, const struct intent *intent)
{
    struct track *track = session->track;
    if (intent->kind == INTENT_TRACK_NUMBER)
        type_number(track, intent->text);
    else if (intent->kind == INTENT_NEXT && number_is_good(track->question.number))
        go_to_factor(session);
    else if (intent->kind == INTENT_BACK)
        go_home(session, "left");
}

static void factor_intent(struct session *session, const struct intent *intent)
{
    struct track *track = session->track;
    if (intent->kind == INTENT_TRACK_DIGIT) {
        type_factor(track, intent->text);
    } else if (intent->kind == INTENT_NEXT && track_factor_is_whole(track->question.factor)) {
        track_ask(session, false);
    } else if (intent->kind == INTENT_BACK) {
        memory_wipe(track->question.factor, sizeof track->question.factor);
        track->no_fit = false;
        track->step = TRACK_STEP_FIND;
    }
}

static void told_intent(struct session *session, const struct intent *intent)
{
    if (track_act(session, intent))
        return;
    if (intent->kind == INTENT_NEXT)
        go_home(session, "done");
    else if (intent->kind == INTENT_BACK)
        track_open(session);
}

bool track_intent(struct session *session, const struct intent *intent)
{
    if (session->place != PLACE_TRACK)
        return false;
    if (intent->kind == INTENT_LEAVE || intent->kind == INTENT_LEAVE_SURE) {
        go_home(session, "left"); // nothing was entered that could be lost
        return true;
    }
    if (session->problem.open) {
        session->problem.open = intent->kind != INTENT_BACK && intent->kind != INTENT_NEXT;
        return true;
    }
    switch (session->track->step) {
    case TRACK_STEP_FIND: find_intent(session, intent); break;
    case TRACK_STEP_FACTOR: factor_intent(session, intent); break;
    case TRACK_STEP_ASKING: break; // its answer or its time-out is near
    case TRACK_STEP_TOLD: told_intent(session, intent); break;
    }
    return true;
}

void track_reply(struct session *session, struct session_input *input)
{
    if (input->kind == SESSION_PRINT && input->print.kind == PRINT_EVENT_JOB)
        track_print(session, &input->print);
    if (!input->id)
        return;
    if (input->kind == SESSION_TRACKED)
        track_answer(session, input);
    else if (input->outbox.to == OUTBOX_TRACK)
        track_outbox(session, &input->outbox);
    else if (!track_receipt(session, &input->outbox))
        receipt_unclaimed(session, &input->outbox);
}
