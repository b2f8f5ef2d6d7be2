// SPDX-License-Identifier: GPL-3.0-or-later
// A resident of app/demo/residents goes through a visit; some answers are the test's own.
#include "unit/restricted/whole.h"
#include "yimen/base/text.h"
#include <jansson.h>
#include <stdio.h>

enum { TOUCHES = 400 };

struct trip {
    struct whole *whole;
    const char *service;
    const struct whole_answer *own; // the first is what the comparison is about
    size_t own_count;
    json_t *answers;
};

static void touch(struct whole *whole, enum intent_kind kind, int number, const char *text)
{
    struct intent intent = {.kind = kind, .number = number};
    text_copy(intent.text, sizeof intent.text, text);
    whole_touch(whole, &intent);
}

static void words_of(const json_t *answer, char out[LIMIT_ANSWER])
{
    out[0] = '\0';
    if (json_is_object(answer))
        answer = json_object_get(answer, "text");
    if (json_is_string(answer))
        text_copy(out, LIMIT_ANSWER, json_string_value(answer));
    size_t length = 0;
    for (size_t i = 0; i < json_array_size(answer); i++)
        length += (size_t)snprintf(out + length, LIMIT_ANSWER - length, "%s%s", i ? " " : "",
                                   json_string_value(json_array_get(answer, i)));
}

static bool answers_something(struct trip *trip)
{
    const struct form_screen *screen = whole_view(trip->whole)->form_screen;
    for (size_t i = 0; i < screen->question_count; i++) {
        struct intent intent = {.kind = INTENT_ANSWER};
        const struct question *question = &screen->questions[i];
        text_copy(intent.ref, sizeof intent.ref, question->ref);
        words_of(json_object_get(trip->answers, question->ref), intent.text);
        for (size_t k = 0; k < trip->own_count; k++)
            if (text_equal(question->ref, trip->own[k].ref))
                text_copy(intent.text, sizeof intent.text, trip->own[k].value);
        if (!intent.text[0] || text_equal(intent.text, question->value) || question->readonly)
            continue;
        whole_touch(trip->whole, &intent);
        return true;
    }
    return false;
}

static bool tells(const struct trip *trip)
{
    const struct view *view = whole_view(trip->whole);
    for (size_t i = 0; view->form_screen && i < view->form_screen->question_count; i++)
        if (text_equal(view->form_screen->questions[i].ref, trip->own[0].ref))
            return true;
    return false;
}

static void note_screen(struct trip *trip)
{
    bool saved = trip->whole->saved; // from here on it is what is left of it
    struct strbuf *out = &trip->whole->traces[saved ? TRACE_AFTER : TRACE_SCREENS];
    if (!saved && tells(trip))
        strbuf_adds(out, "the question itself\n");
    else
        tree_json(stage_tree(trip->whole->stage), 0, out);
}

static void until_printed(struct trip *trip)
{
    while (whole_view(trip->whole)->receipt_state != RECEIPT_PRINTED)
        whole_wait(trip->whole, 100);
    note_screen(trip);
}

static void act(struct trip *trip)
{
    struct whole *whole = trip->whole;
    enum screen screen = whole_view(whole)->screen;
    if (screen == SCREEN_ATTRACT) {
        touch(whole, INTENT_SERVICE, 0, trip->service);
        return;
    }
    if (screen == SCREEN_WHO)
        touch(whole, INTENT_WHO, 0, "self");
    if (screen == SCREEN_CONSENT)
        touch(whole, INTENT_CONSENT, 1, "");
    while (screen == SCREEN_QUESTION && answers_something(trip))
        note_screen(trip);
    if (screen == SCREEN_SAVED)
        until_printed(trip);
    if (screen == SCREEN_SAVED)
        touch(whole, INTENT_HAVE_RECEIPT, 0, "");
    else if (screen == SCREEN_RATING)
        touch(whole, INTENT_RATE, 0, "");
    else if (screen == SCREEN_CODE) // neither number nor telephone, and no digits either
        touch(whole, INTENT_NO_CODE, 0, "");
    else
        touch(whole, INTENT_NEXT, 0, "");
}

void whole_walk(struct whole *whole, const char *service, const struct whole_answer *own,
                size_t count)
{
    char path[128];
    snprintf(path, sizeof path, "app/demo/residents/%s.json", service);
    json_t *plan = json_load_file(path, 0, NULL);
    struct trip trip = {whole, service, own, count, json_object_get(plan, "answers")};
    assert_non_null(trip.answers);
    for (int i = 0; i < TOUCHES; i++) {
        const struct view *view = whole_view(whole);
        note_screen(&trip);
        if (view->screen == SCREEN_ATTRACT && whole->saved)
            break;
        if (view->screen == SCREEN_PROBLEM)
            fail_msg("%s", view->problem_what_key);
        act(&trip);
    }
    json_decref(plan);
    assert_true(whole->saved);
    assert_int_equal(whole_view(whole)->screen, SCREEN_ATTRACT);
}
