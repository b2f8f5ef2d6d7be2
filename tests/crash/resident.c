// SPDX-License-Identifier: GPL-3.0-or-later
#include "resident.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 4000, // for a receipt; then they leave with the number on the screen
    TOUCHES_AT_MOST = 600,
    LINE = 160,
};

void tell(const char *word, const char *what)
{
    char line[LINE];
    int length = snprintf(line, sizeof line, "%s %s\n", word, what);
    if (write(STDOUT_FILENO, line, (size_t)length) != length)
        _exit(1);
}

bool residents_load(struct resident *resident)
{
    resident->plans = json_object();
    for (size_t i = 0; i < catalogue_service_count(resident->catalogue); i++) {
        const char *id = catalogue_service_at(resident->catalogue, i)->id;
        char path[200];
        (void)snprintf(path, sizeof path, "app/demo/residents/%s.json", id);
        json_t *plan = json_load_file(path, 0, NULL);
        if (plan)
            json_object_set_new(resident->plans, id, plan);
    }
    return json_object_size(resident->plans) > 0;
}

void residents_free(struct resident *resident)
{
    json_decref(resident->plans);
}

static void send(struct resident *resident, const struct intent *intent)
{
    session_step(resident->session,
                 &(struct session_input){.kind = SESSION_INTENT, .intent = intent});
}

static void touch(struct resident *resident, enum intent_kind kind, int number, const char *text)
{
    struct intent intent = {.kind = kind, .number = number};
    text_copy(intent.text, sizeof intent.text, text);
    send(resident, &intent);
}

static void touch_ref(struct resident *resident, enum intent_kind kind, const char *ref,
                      const char *text)
{
    struct intent intent = {.kind = kind};
    text_copy(intent.ref, sizeof intent.ref, ref);
    text_copy(intent.text, sizeof intent.text, text);
    send(resident, &intent);
}

// ---- questions

static void without_positions(const char *ref, char out[LIMIT_REF])
{
    size_t used = 0;
    bool inside = false;
    for (; *ref; ref++) {
        inside = *ref == '[' || (inside && *ref != ']');
        if (!inside && *ref != ']')
            out[used++] = *ref;
    }
    out[used] = '\0';
}

// Texts as they are, lists joined by blanks, dates with their hyphens.
static bool planned(const struct resident *resident, const struct question *question, char *out,
                    size_t room)
{
    const json_t *answers = json_object_get(resident->plan, "answers");
    char plain[LIMIT_REF];
    without_positions(question->ref, plain);
    const json_t *answer = json_object_get(answers, question->ref);
    answer = answer ? answer : json_object_get(answers, plain);
    if (json_is_object(answer))
        answer = json_object_get(answer, "text");
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < json_array_size(answer); i++)
        used += (size_t)snprintf(out + used, room - used, "%s%s", i ? " " : "",
                                 json_string_value(json_array_get(answer, i)));
    const char *text = json_string_value(answer);
    if (text && question->kind == QUESTION_DATE && strlen(text) == 8)
        (void)snprintf(out, room, "%.4s-%.2s-%.2s", text, text + 4, text + 6);
    else if (text)
        text_copy(out, room, text);
    return out[0] != '\0';
}

static void answer_all(struct resident *resident)
{
    for (size_t i = 0;; i++) { // an answer may bring more questions
        const struct form_screen *screen = session_view(resident->session)->form_screen;
        if (!screen || i >= screen->question_count)
            return;
        const struct question *question = &screen->questions[i];
        char ref[LIMIT_REF], value[LIMIT_ANSWER + 1];
        text_copy(ref, sizeof ref, question->ref);
        if (question->readonly || question->value[0])
            continue;
        bool known = planned(resident, question, value, sizeof value);
        if (!known && question->required && question->choice_count)
            known = text_copy(value, sizeof value, question->choices[0].value);
        if (known)
            touch_ref(resident, INTENT_ANSWER, ref, value);
    }
}

static void on_repeat(struct resident *resident)
{
    char ref[LIMIT_REF];
    text_copy(ref, sizeof ref, session_view(resident->session)->form_screen->ref);
    if (resident->members++ < (int)json_integer_value(json_object_get(resident->plan, "members")))
        touch_ref(resident, INTENT_ADD, ref, "");
    else
        touch(resident, INTENT_NEXT, 0, "");
}

static void sign(struct resident *resident)
{
    static const struct stroke_point points[] = {
        {10, 10}, {200, 12}, {-1, -1}, {100, 5}, {60, 280}};
    send(resident, &(struct intent){.kind = INTENT_SIGN,
                                    .number = SIGNATURE_DRAWN,
                                    .strokes = points,
                                    .stroke_count = sizeof points / sizeof points[0],
                                    .stroke_width = 1400,
                                    .stroke_height = 600});
}

static void identify(struct resident *resident)
{
    const json_t *name = json_object_get(json_object_get(resident->plan, "name"), "text");
    const json_t *number = json_object_get(resident->plan, "id_number");
    touch(resident, INTENT_NAME, 0, json_is_string(name) ? json_string_value(name) : "");
    touch(resident, INTENT_ID_NUMBER, 0, json_is_string(number) ? json_string_value(number) : "");
}

// ---- the visit

static void begin(struct resident *resident)
{
    const char *service = "urgent-relief";
    bool urgent = rand_r(&resident->seed) % 100 < resident->urgent_percent;
    if (!urgent)
        service = resident->services[(size_t)rand_r(&resident->seed) % resident->service_count];
    resident->plan = json_object_get(resident->plans, service);
    resident->wanted = service;
    resident->members = resident->touches = 0;
    resident->told = resident->told_printed = false;
    resident->visits++;
    touch(resident, urgent ? INTENT_URGENT : INTENT_SERVICE, 0, service);
}

// Until the receipt is out, or patience is at its end.
static bool on_saved(struct resident *resident, const struct view *view, int64_t now_ms)
{
    if (!resident->told) {
        tell("saved", view->receipt_number);
        resident->told = true;
        resident->saved_ms = now_ms;
    }
    if (view->receipt_state == RECEIPT_PRINTED && !resident->told_printed) {
        tell("printed", view->receipt_number);
        resident->told_printed = true;
    }
    bool waits = view->receipt_state == RECEIPT_COMPOSED || view->receipt_state == RECEIPT_ACCEPTED;
    if (waits && now_ms - resident->saved_ms < PATIENCE_MS)
        return false;
    touch(resident, INTENT_HAVE_RECEIPT, 0, "");
    return true;
}

static void on_problem(struct resident *resident, const struct view *view)
{
    tell("refused", view->problem_code);
    touch(resident, INTENT_LEAVE, 0, "");
    touch(resident, INTENT_LEAVE_SURE, 0, "");
}

static void go_on(struct resident *resident, enum screen screen)
{
    if (screen == SCREEN_WHO)
        touch(resident, INTENT_WHO, 0, "self");
    else if (screen == SCREEN_IDENTITY)
        identify(resident);
    else if (screen == SCREEN_QUESTION)
        answer_all(resident);
    else if (screen == SCREEN_CONSENT || screen == SCREEN_COMMITMENT)
        touch(resident, INTENT_CONSENT, 1, "");
    else if (screen == SCREEN_SIGNATURE)
        sign(resident);
    else if (screen == SCREEN_CODE) // neither number nor telephone was left
        touch(resident, INTENT_NO_CODE, 0, "");
    if (session_view(resident->session)->screen == screen)
        touch(resident, INTENT_NEXT, 0, "");
}

static void give_up(const struct resident *resident, const struct view *view)
{
    const struct form_screen *screen = view->form_screen;
    const char *ref = screen ? screen->ref : "";
    for (size_t i = 0; screen && i < screen->question_count; i++)
        if (screen->questions[i].violation)
            ref = screen->questions[i].ref;
    char where[LINE];
    (void)snprintf(where, sizeof where, "%s: screen %d of %s, %s", resident->wanted,
                   (int)view->screen, view->service ? view->service->id : "nothing", ref);
    tell("stuck", where);
    exit(1);
}

bool resident_act(struct resident *resident, int64_t now_ms, bool may_begin)
{
    const struct view *view = session_view(resident->session);
    if (view->overlay != OVERLAY_NONE) {
        touch(resident, INTENT_CLOSE_OVERLAY, 0, "");
        return true;
    }
    if (view->screen == SCREEN_SAVING || (view->screen == SCREEN_ATTRACT && view->visit_open))
        return false; // the store is at work, or the form is still being loaded
    if (view->screen == SCREEN_ATTRACT) {
        if (may_begin)
            begin(resident);
        return may_begin;
    }
    if (view->screen == SCREEN_SAVED)
        return on_saved(resident, view, now_ms);
    enum screen before = view->screen;
    if (view->screen == SCREEN_PROBLEM)
        on_problem(resident, view);
    else if (view->screen == SCREEN_REPEAT)
        on_repeat(resident);
    else
        go_on(resident, view->screen);
    const struct view *after = session_view(resident->session);
    if (after->screen == before && before != SCREEN_QUESTION && before != SCREEN_REPEAT)
        return false; // a worker is at it: waiting is no touch
    if (++resident->touches > TOUCHES_AT_MOST)
        give_up(resident, after);
    return true;
}
