// SPDX-License-Identifier: GPL-3.0-or-later
// Every answer on one list, each a way back to where it was given and from there here again.
#include "session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"

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
    struct visit *visit;
    const char *hidden;
};

static void add_question(void *context, const char *screen, const struct question *question)
{
    const struct listing *with = context;
    struct visit *visit = with->visit;
    bool shown = question->kind != QUESTION_NOTE && !question->readonly;
    struct view_answer *line = screen && shown ? add_line(visit, screen, question->label) : NULL;
    if (!line)
        return;
    if (question_is_confidential(question) && question->kind == QUESTION_TEXT)
        mask_id(question->value, line->shown);
    else if (question_is_confidential(question)) // which one was chosen shows on its screen alone
        text_copy(line->shown, sizeof line->shown, question->value[0] ? with->hidden : "");
    else
        text_copy(line->shown, sizeof line->shown, question->shown ? question->shown : "");
    line->missing = question->violation != VIOLATION_NONE;
    line->item = items_own(visit->items, question->ref);
}

static const char *who_key(const char *who)
{
    if (text_equal(who, "other"))
        return "visit.who.other";
    return text_equal(who, "helped") ? "visit.who.helped" : "visit.who.self";
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
    struct listing with = {visit, session_text(session, "review.hidden")};
    record_review(visit->record, add_question, &with);
}

bool review_enter(struct session *session, bool forwards)
{
    (void)forwards;
    session->visit->from_review = false;
    session->visit->opened_count = 0;
    review_list(session);
    return true;
}

static void jump(struct session *session, const char *screen)
{
    struct visit *visit = session->visit;
    visit->from_review = true;
    if (text_equal(screen, REVIEW_WHO)) {
        steps_go(session, STEP_WHO);
        return;
    }
    if (text_equal(screen, REVIEW_IDENTITY)) {
        steps_go(session, STEP_IDENTITY);
        return;
    }
    visit->opened_count = 0;
    if (!questions_show(visit, screen)) {
        visit->from_review = false;
        return;
    }
    visit->step = STEP_QUESTIONS;
}

// Something is still missing: show it there. What no screen can change does not stop anybody here.
bool review_ready(struct session *session)
{
    struct visit *visit = session->visit;
    const struct service *service = visit->service;
    const char *screen = NULL;
    const char *ref = record_first_violation(visit->record, &screen);
    if (!ref)
        return true;
    bool identity = steps_apply(visit, STEP_IDENTITY) &&
                    (text_equal(ref, service->ref_name) || text_equal(ref, service->ref_id_number));
    if (!screen && !identity) {
        log_event(LOG_WARNING, "session", "unasked-violation", "service=%s ref=%s", service->id,
                  ref);
        return true;
    }
    char to[LIMIT_REF];
    text_copy(to, sizeof to, identity ? REVIEW_IDENTITY : screen);
    jump(session, to);
    return false;
}

static bool has_line(const struct visit *visit, const char *screen)
{
    for (size_t i = 0; i < visit->answer_count; i++)
        if (text_equal(visit->answers[i].screen_ref, screen))
            return true;
    return false;
}

bool review_intent(struct session *session, const struct intent *intent)
{
    if (intent->kind != INTENT_JUMP)
        return false;
    if (has_line(session->visit, intent->ref))
        jump(session, intent->ref);
    return true;
}
