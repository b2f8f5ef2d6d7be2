// SPDX-License-Identifier: GPL-3.0-or-later
// The form's screens, one after the other. A repeat is one screen in the row; its instances are
// entered from there and lead back there. What was answered stays answered, whichever way one goes.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include <string.h>

// True for "/data/member[2]" and everything below it, given "/data/member[2]".
static bool is_inside(const char *ref, const char *instance)
{
    size_t length = strlen(instance);
    return strncmp(ref, instance, length) == 0 && (ref[length] == '/' || ref[length] == '\0');
}

// True for every instance of a range and what is below, given "/data/member".
static bool is_in_range(const char *ref, const char *range)
{
    size_t length = strlen(range);
    return strncmp(ref, range, length) == 0 && ref[length] == '[';
}

static void refused_forget(struct visit *visit)
{
    memory_wipe(visit->refused_ref, sizeof visit->refused_ref);
    memory_wipe(visit->refused_text, sizeof visit->refused_text);
}

bool questions_show(struct visit *visit, const char *screen)
{
    char wanted[LIMIT_REF]; // `screen` may be borrowed from the record
    struct fail why = {0};
    text_copy(wanted, sizeof wanted, screen);
    if (record_screen(visit->record, wanted, &visit->form_screen, &why)) {
        log_fail(LOG_ERROR, "session", "no-screen", &why);
        return false;
    }
    text_copy(visit->screen, sizeof visit->screen, wanted);
    visit->is_fit = fit_is_screen(&visit->form_screen);
    visit->show_violations = false;
    refused_forget(visit);
    return true;
}

static bool refresh(struct visit *visit)
{
    return record_screen(visit->record, visit->screen, &visit->form_screen, NULL) == ERR_OK;
}

static struct opened *innermost(struct visit *visit)
{
    return visit->opened_count ? &visit->opened[visit->opened_count - 1] : NULL;
}

// Back to the list of the innermost opened instance.
static bool close_instance(struct visit *visit)
{
    char range[LIMIT_REF];
    text_copy(range, sizeof range, visit->opened[--visit->opened_count].range);
    return questions_show(visit, range);
}

static bool is_repeat_screen(struct visit *visit, const char *ref)
{
    struct form_screen screen;
    return record_screen(visit->record, ref, &screen, NULL) == ERR_OK &&
           screen.kind == FORM_SCREEN_REPEAT;
}

// If a screen lies inside a repeat instance, the list of the outermost such repeat; else itself.
static const char *list_of(struct visit *visit, const char *screen, char range[LIMIT_REF])
{
    const char *bracket = strchr(screen, '[');
    if (!bracket)
        return screen;
    size_t length = (size_t)(bracket - screen);
    if (length >= LIMIT_REF)
        return screen;
    memcpy(range, screen, length);
    range[length] = '\0';
    return is_repeat_screen(visit, range) ? range : screen;
}

static const char *last_screen(struct visit *visit)
{
    char at[LIMIT_REF], range[LIMIT_REF];
    const char *screen = record_first_screen(visit->record);
    if (!screen)
        return NULL;
    for (const char *next = screen; next; next = record_next_screen(visit->record, at))
        text_copy(at, sizeof at, next);
    text_copy(visit->screen, sizeof visit->screen, list_of(visit, at, range));
    return visit->screen;
}

bool questions_enter(struct session *session, bool forwards)
{
    struct visit *visit = session->visit;
    visit->opened_count = 0;
    const char *screen = forwards ? record_first_screen(visit->record) : last_screen(visit);
    return screen && questions_show(visit, screen);
}

static bool screen_is_good(struct visit *visit)
{
    if (!refresh(visit))
        return true;
    for (size_t i = 0; i < visit->form_screen.question_count; i++)
        if (visit->form_screen.questions[i].violation != VIOLATION_NONE ||
            text_equal(visit->form_screen.questions[i].ref, visit->refused_ref))
            return false;
    return true;
}

static bool is_fit(struct visit *visit, const char *ref)
{
    struct form_screen screen;
    return record_screen(visit->record, ref, &screen, NULL) == ERR_OK && fit_is_screen(&screen);
}

// The next screen in the row, past the instances of a list; what may fit is one screen, however
// many the form has for it.
static const char *next_in_row(struct visit *visit, char at[LIMIT_REF])
{
    bool list = visit->form_screen.kind == FORM_SCREEN_REPEAT;
    text_copy(at, LIMIT_REF, visit->screen);
    for (;;) {
        const char *next = record_next_screen(visit->record, at);
        if (!next ||
            !((list && is_in_range(next, visit->screen)) || (visit->is_fit && is_fit(visit, next))))
            return next;
        text_copy(at, LIMIT_REF, next);
    }
}

static const char *previous_in_row(struct visit *visit, char at[LIMIT_REF])
{
    text_copy(at, LIMIT_REF, visit->screen);
    for (;;) {
        const char *previous = record_previous_screen(visit->record, at);
        if (!previous || !visit->is_fit || !is_fit(visit, previous))
            return previous;
        text_copy(at, LIMIT_REF, previous);
    }
}

static void add_instance(struct visit *visit);

bool questions_forward(struct session *session)
{
    struct visit *visit = session->visit;
    struct opened *opened = innermost(visit);
    char at[LIMIT_REF];
    if (visit->from_review && !opened)
        return false;
    const char *next = next_in_row(visit, at);
    if (opened && (!next || !is_inside(next, opened->instance)))
        return close_instance(visit);
    if (!next || !questions_show(visit, next))
        return false;
    if (refresh(visit) && visit->form_screen.opens_first) // back from there leads to the list
        add_instance(visit);
    return true;
}

static void drop_instance(struct visit *visit, const char *instance)
{
    struct fail why = {0};
    if (record_remove_repeat(visit->record, instance, &why))
        log_fail(LOG_WARNING, "session", "not-removed", &why);
    else
        characters_removed(visit, instance);
}

bool questions_backward(struct session *session)
{
    struct visit *visit = session->visit;
    struct opened *opened = innermost(visit);
    char at[LIMIT_REF], range[LIMIT_REF];
    if (visit->from_review && !opened)
        return false;
    const char *previous = previous_in_row(visit, at);
    if (opened) {
        bool inside = previous && is_inside(previous, opened->instance);
        if (!inside && opened->is_new) // nobody was named: nobody is there
            drop_instance(visit, opened->instance);
        return inside ? questions_show(visit, previous) : close_instance(visit);
    }
    return previous && questions_show(visit, list_of(visit, previous, range));
}

static void enter_instance(struct visit *visit, const char *instance, bool is_new)
{
    if (visit->opened_count == OPENED_DEPTH)
        return;
    struct opened *opened = &visit->opened[visit->opened_count];
    text_copy(opened->range, sizeof opened->range, visit->screen);
    text_copy(opened->instance, sizeof opened->instance, instance);
    opened->is_new = is_new;
    const char *inner = record_instance_screen(visit->record, opened->instance);
    if (!inner)
        return;
    visit->opened_count++;
    if (!questions_show(visit, inner))
        (void)close_instance(visit);
}

static bool knows_instance(const struct visit *visit, const char *ref)
{
    for (size_t i = 0; i < visit->form_screen.instance_count; i++)
        if (text_equal(visit->form_screen.instance_refs[i], ref))
            return true;
    return false;
}

static void add_instance(struct visit *visit)
{
    struct fail why = {0};
    if (!visit->form_screen.may_add || record_add_repeat(visit->record, visit->screen, &why)) {
        log_fail(LOG_WARNING, "session", "not-added", &why);
        return;
    }
    if (!refresh(visit) || !visit->form_screen.instance_count)
        return;
    char instance[LIMIT_REF];
    text_copy(instance, sizeof instance,
              visit->form_screen.instance_refs[visit->form_screen.instance_count - 1]);
    enter_instance(visit, instance, true);
}

void questions_ask_remove(struct session *session, const char *ref)
{
    struct visit *visit = session->visit;
    text_copy(visit->remove_ref, sizeof visit->remove_ref, ref);
    text_copy(visit->remove_label, sizeof visit->remove_label,
              record_instance_label(visit->record, visit->remove_ref));
    session->overlay = OVERLAY_REMOVE;
}

// From the list, or on any screen of the one that is to go.
static bool may_remove(const struct visit *visit, const char *ref)
{
    const struct form_screen *screen = &visit->form_screen;
    return screen->kind == FORM_SCREEN_REPEAT
               ? screen->may_remove && knows_instance(visit, ref)
               : screen->instance_may_go && text_equal(screen->instance_ref, ref);
}

// Where one is after an instance has gone: on its list, or back where it was chosen.
static void leave_removed(struct session *session, const char *instance)
{
    struct visit *visit = session->visit;
    char range[LIMIT_REF];
    text_copy(range, sizeof range, instance);
    *strrchr(range, '[') = '\0';
    if (visit->opened_count && text_equal(innermost(visit)->instance, instance))
        (void)close_instance(visit);
    else if (visit->from_review)
        go_to_step(session, STEP_REVIEW);
    else
        (void)questions_show(visit, range);
}

void questions_remove(struct session *session)
{
    struct visit *visit = session->visit;
    char instance[LIMIT_REF];
    text_copy(instance, sizeof instance, visit->remove_ref);
    memory_wipe(visit->remove_ref, sizeof visit->remove_ref);
    memory_wipe(visit->remove_label, sizeof visit->remove_label);
    session->overlay = OVERLAY_NONE;
    if (!instance[0] || !strrchr(instance, '['))
        return;
    bool was_there = visit->step == STEP_QUESTIONS && is_inside(visit->screen, instance);
    drop_instance(visit, instance);
    if (visit->step == STEP_REVIEW)
        go_to_step(session, STEP_REVIEW); // it may have made something necessary
    else if (was_there)
        leave_removed(session, instance);
    else
        (void)refresh(visit);
}

// Only what is on the screen can be answered.
// Numbers are understood however they are typed: the one place for every question of a form.
static void take_typed(const struct question *question, const char *text, char *out, size_t room)
{
    char clean[LIMIT_ANSWER + 1];
    bool id = strstr(question->appearance, "id-number") != NULL;
    bool number = question->kind == QUESTION_INTEGER || question->kind == QUESTION_DECIMAL ||
                  (question->kind == QUESTION_TEXT && strstr(question->appearance, "numbers"));
    session_copy_clean(clean, sizeof clean, text);
    if (id)
        normalise_id(clean, out, room);
    else if (number)
        normalise_number(clean, out, room);
    else
        text_copy(out, room, clean);
    memory_wipe(clean, sizeof clean);
}

// What is no number of its kind stays in its field to be mended. No part of it counts: not the
// digits that came before the one too many either.
static void refuse(struct visit *visit, const struct question *question, const char *text)
{
    if (question->kind != QUESTION_INTEGER && question->kind != QUESTION_DECIMAL)
        return;
    text_copy(visit->refused_ref, sizeof visit->refused_ref, question->ref);
    text_copy(visit->refused_text, sizeof visit->refused_text, text);
    (void)!record_answer(visit->record, visit->refused_ref, "", NULL);
}

static void note_answered(struct visit *visit, const char *ref, const char *value)
{
    for (size_t i = 0; value[0] && i < visit->opened_count; i++)
        if (is_inside(ref, visit->opened[i].instance))
            visit->opened[i].is_new = false;
}

static void answer(struct visit *visit, const struct intent *intent)
{
    char value[LIMIT_ANSWER + 1], ref[LIMIT_REF];
    struct fail why = {0};
    for (size_t i = 0; i < visit->form_screen.question_count; i++) {
        const struct question *question = &visit->form_screen.questions[i];
        if (!text_equal(question->ref, intent->ref) || question->readonly)
            continue;
        text_copy(ref, sizeof ref, intent->ref);
        take_typed(question, intent->text, value, sizeof value);
        if (text_equal(ref, visit->refused_ref))
            refused_forget(visit);
        enum err err = record_answer(visit->record, ref, value, &why);
        if (err)
            log_fail(LOG_WARNING, "session", "not-answered", &why);
        if (err == ERR_INPUT) // the question lives: nothing was stored
            refuse(visit, question, value);
        else if (!err)
            characters_follow(visit, ref, value);
        note_answered(visit, ref, value);
        memory_wipe(value, sizeof value);
        (void)refresh(visit);
        return;
    }
}

static void go_next(struct session *session)
{
    struct visit *visit = session->visit;
    if (!screen_is_good(visit)) {
        visit->show_violations = true;
        return;
    }
    record_note_asked(visit->record, visit->screen);
    if (!questions_forward(session))
        go_forward(session);
}

bool questions_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    bool list = visit->form_screen.kind == FORM_SCREEN_REPEAT;
    if (!visit->record)
        return intent->kind == INTENT_NEXT || intent->kind == INTENT_SUBMIT;
    if (fit_is_shown(visit) && fit_intent(session, intent))
        return true;
    if (intent->kind == INTENT_ANSWER)
        answer(visit, intent);
    else if (intent->kind == INTENT_ADD && list)
        add_instance(visit);
    else if (intent->kind == INTENT_OPEN_INSTANCE && list && knows_instance(visit, intent->ref))
        enter_instance(visit, intent->ref, false);
    else if (intent->kind == INTENT_REMOVE && may_remove(visit, intent->ref))
        questions_ask_remove(session, intent->ref);
    else if (intent->kind == INTENT_REMOVE_SURE)
        questions_remove(session);
    else if (intent->kind == INTENT_NEXT)
        go_next(session);
    else if (intent->kind == INTENT_BACK)
        return questions_backward(session); // at the first one: the step before
    else
        return false;
    return true;
}
