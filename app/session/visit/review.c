// SPDX-License-Identifier: GPL-3.0-or-later
// Every answer on one list, each a way back to where it was given and from there here again.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <string.h>

// Where lines that are not the form's lead to.
#define REVIEW_WHO "visit:who"
#define REVIEW_IDENTITY "visit:identity"

static struct view_answer *add_line(struct visit *visit, const char *screen, const char *label)
{
    if (visit->answer_count == VIEW_ITEMS)
        return NULL;
    struct view_answer *line = &visit->answers[visit->answer_count++];
    text_copy(line->screen_ref, sizeof line->screen_ref, screen);
    text_copy(line->label, sizeof line->label, label);
    return line;
}

struct listing {
    struct session *session;
    char section[256]; ///< heading of the line before
};

// A person is a heading; else the group that the question's screen stands in.
static void put_heading(struct listing *with, struct view_answer *line)
{
    struct visit *visit = with->session->visit;
    struct form_screen screen;
    char ref[LIMIT_REF], heading[sizeof line->heading];
    if (record_screen(visit->record, line->screen_ref, &screen, NULL))
        return;
    text_copy(ref, sizeof ref, screen.instance_ref);
    text_copy(heading, sizeof heading,
              ref[0] ? record_instance_label(visit->record, ref) : screen.group_label);
    if (text_equal(heading, with->section))
        return;
    text_copy(with->section, sizeof with->section, heading);
    text_copy(line->heading, sizeof line->heading, heading);
    if (screen.instance_may_go)
        text_copy(line->instance, sizeof line->instance, ref);
}

// Somebody's telephone, whatever the question: a mistake is put right in free words.
static bool is_mobile(const char *text)
{
    return strlen(text) == 11 && text[0] == '1' && strspn(text, "0123456789") == 11;
}

// The whole of a confidential answer is on its own screen, and here for who asks for it.
static void put_shown(struct listing *with, const struct question *question,
                      struct view_answer *line)
{
    bool secret = question_is_confidential(question) && question->value[0];
    line->phone = question->kind == QUESTION_TEXT && !secret &&
                  (strstr(question->appearance, "numbers") != NULL || is_mobile(question->value));
    line->place = strstr(question->appearance, "place") != NULL;
    line->masked = secret && !text_equal(question->ref, with->session->visit->revealed);
    if (!line->masked)
        text_copy(line->shown, sizeof line->shown, question->shown ? question->shown : "");
    else if (strstr(question->appearance, "id-number"))
        mask_id(question->value, line->shown);
    else
        text_copy(line->shown, sizeof line->shown, session_text(with->session, "review.hidden"));
}

static void add_question(void *context, const char *screen, const struct question *question)
{
    struct listing *with = context;
    struct visit *visit = with->session->visit;
    bool shown = question->kind != QUESTION_NOTE && !question->readonly;
    const char *label = question->short_label[0] ? question->short_label : question->label;
    struct view_answer *line = screen && shown ? add_line(visit, screen, label) : NULL;
    if (!line)
        return;
    text_copy(line->ref, sizeof line->ref, question->ref);
    put_heading(with, line);
    put_shown(with, question, line);
    line->missing = question->violation != VIOLATION_NONE;
    line->item = items_own(visit->items, question->ref);
}

static const char *who_key(const char *who)
{
    if (text_equal(who, "other"))
        return "visit.who.other";
    return text_equal(who, "helped") ? "visit.who.helped" : "visit.who.self";
}

static const char *document_key(enum document document)
{
    static const char *const keys[DOCUMENT_COUNT] = {
        [DOCUMENT_RESIDENT] = "document.resident",   [DOCUMENT_HMT] = "document.hmt",
        [DOCUMENT_FOREIGNER] = "document.foreigner", [DOCUMENT_PASSPORT] = "document.passport",
        [DOCUMENT_NONE] = "document.none",
    };
    return keys[document];
}

static void add_fact(struct visit *visit, const char *screen, const char *label, const char *shown,
                     bool missing)
{
    struct view_answer *line = add_line(visit, screen, label);
    if (!line)
        return;
    text_copy(line->shown, sizeof line->shown, shown);
    line->missing = missing;
}

static void add_person(struct session *session)
{
    struct visit *visit = session->visit;
    char masked[24];
    if (steps_apply(visit, STEP_WHO))
        add_fact(visit, REVIEW_WHO, session_text(session, "visit.who"),
                 session_text(session, who_key(visit->who)), false);
    if (!steps_apply(visit, STEP_IDENTITY))
        return;
    identity_check(visit, session);
    add_fact(visit, REVIEW_IDENTITY, session_text(session, "visit.name"), visit->name,
             visit->name_problem[0] != '\0');
    if (visit->document != DOCUMENT_RESIDENT)
        add_fact(visit, REVIEW_IDENTITY, session_text(session, "visit.document"),
                 session_text(session, document_key(visit->document)), false);
    if (visit->document == DOCUMENT_NONE)
        return;
    mask_id(visit->id_number, masked);
    add_fact(visit, REVIEW_IDENTITY, session_text(session, "visit.id-number"), masked,
             visit->id_problem[0] != '\0');
}

void review_list(struct session *session)
{
    struct visit *visit = session->visit;
    visit->items = items_of(session, visit);
    memory_wipe(visit->answers, sizeof visit->answers[0] * visit->answer_count);
    visit->answer_count = 0;
    add_person(session);
    if (visit->answer_count)
        text_copy(visit->answers[0].heading, sizeof visit->answers[0].heading,
                  session_text(session, "review.applicant"));
    struct listing with = {.session = session};
    record_review(visit->record, add_question, &with);
}

// The screen that a change began at leads back there.
static bool jump(struct session *session, const char *screen)
{
    struct visit *visit = session->visit;
    char to[LIMIT_REF]; // `screen` may be borrowed from the record
    text_copy(to, sizeof to, screen);
    visit->from_review = true;
    session->dirty = true;
    if (text_equal(to, REVIEW_WHO)) {
        go_to_step(session, STEP_WHO);
    } else if (text_equal(to, REVIEW_IDENTITY)) {
        go_to_step(session, STEP_IDENTITY);
    } else {
        visit->opened_count = 0;
        if (!questions_show(visit, to)) {
            visit->from_review = false;
            return false;
        }
        visit->step = STEP_QUESTIONS;
    }
    text_copy(visit->review_origin, sizeof visit->review_origin, to);
    return true;
}

// What an answer made necessary comes before the review: a question nobody has seen yet, a paper
// that was not called for before. True: it is on screen.
static bool ask_first(struct session *session)
{
    struct visit *visit = session->visit;
    const char *screen = record_first_unasked(visit->record);
    if (screen && questions_show(visit, screen)) {
        visit->opened_count = 0;
        visit->step = STEP_QUESTIONS;
    } else if (steps_apply(visit, STEP_PAPERS) && papers_call_for_more(visit)) {
        visit->step = STEP_PAPERS;
    } else {
        return false;
    }
    visit->from_review = true;
    visit->show_violations = false;
    session->dirty = true;
    return true;
}

bool review_enter(struct session *session, bool forwards)
{
    struct visit *visit = session->visit;
    (void)forwards;
    if (ask_first(session))
        return false;
    visit->from_review = false;
    visit->review_origin[0] = '\0';
    visit->opened_count = 0;
    memory_wipe(visit->revealed, sizeof visit->revealed);
    review_list(session);
    return true;
}

// Back from what a change led to: to the change, from the change itself to the review.
bool review_back(struct session *session)
{
    struct visit *visit = session->visit;
    char origin[LIMIT_REF];
    bool at_origin = visit->step == STEP_QUESTIONS ? text_equal(visit->screen, visit->review_origin)
                                                   : visit->step != STEP_PAPERS;
    text_copy(origin, sizeof origin, visit->review_origin);
    if (!origin[0]) { // nothing was changed: on the way to the review for the first time
        visit->from_review = false;
        return false;
    }
    if (at_origin || !jump(session, origin))
        go_to_step(session, STEP_REVIEW);
    return true;
}

// Something is still missing: show it there. What no screen can change does not stop anybody here.
static bool is_complete(struct session *session)
{
    struct visit *visit = session->visit;
    const char *screen = NULL;
    if (steps_apply(visit, STEP_IDENTITY) && !identity_ready(session)) {
        (void)jump(session, REVIEW_IDENTITY);
        return false;
    }
    const char *ref = record_first_violation(visit->record, &screen);
    if (ref && screen)
        return !jump(session, screen);
    if (ref)
        log_event(LOG_WARNING, "session", "unasked-violation", "service=%s ref=%s",
                  visit->service->id, ref);
    return true;
}

bool review_ready(struct session *session)
{
    return is_complete(session) && !code_wanted(session);
}

static bool has_line(const struct visit *visit, const char *screen)
{
    for (size_t i = 0; i < visit->answer_count; i++)
        if (text_equal(visit->answers[i].screen_ref, screen))
            return true;
    return false;
}

// What was shown to its owner is masked again; the next one is shown.
static void reveal(struct session *session, const char *ref)
{
    struct visit *visit = session->visit;
    for (size_t i = 0; i < visit->answer_count; i++)
        if (visit->answers[i].masked && text_equal(visit->answers[i].ref, ref)) {
            text_copy(visit->revealed, sizeof visit->revealed, ref);
            review_list(session);
            return;
        }
}

static bool has_person(const struct visit *visit, const char *instance)
{
    for (size_t i = 0; i < visit->answer_count; i++)
        if (instance[0] && text_equal(visit->answers[i].instance, instance))
            return true;
    return false;
}

bool review_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (intent->kind == INTENT_JUMP && has_line(visit, intent->ref))
        (void)jump(session, intent->ref);
    else if (intent->kind == INTENT_REVEAL)
        reveal(session, intent->ref);
    else if (intent->kind == INTENT_REMOVE && has_person(visit, intent->ref))
        questions_ask_remove(session, intent->ref);
    else if (intent->kind == INTENT_REMOVE_SURE)
        questions_remove(session);
    else
        return intent->kind == INTENT_JUMP;
    return true;
}
