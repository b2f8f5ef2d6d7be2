// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/screens.h"
#include "ui/typing.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"

// Something to be touched beside what is typed: a keyboard that opens by itself would hide it.
static bool has_choices(const struct form_screen *screen)
{
    for (size_t i = 0; i < screen->question_count; i++) {
        const struct question *question = &screen->questions[i];
        if (question->kind != QUESTION_NOTE && !question->readonly &&
            typing_kind(question) == FIELD_NONE) {
            return true;
        }
    }
    return false;
}

// Back from writing a character with the finger: the name goes on.
static void go_on_typing(struct build *b, const struct form_screen *screen)
{
    struct typing *typing = &b->local->typing;
    for (size_t i = 0; i < screen->question_count; i++) {
        const struct question *question = &screen->questions[i];
        if (typing->kind == FIELD_NONE && b->view->goes_on &&
            text_equal(question->ref, b->view->goes_on)) {
            typing_open(typing, typing_kind(question), INTENT_ANSWER, question->ref,
                        question->value);
            b->local->page = -1;
        }
    }
}

// The first typed question opens its keyboard by itself, unless the visitor has put it away.
static void begin_typing(struct build *b, const struct form_screen *screen)
{
    struct typing *typing = &b->local->typing;
    const struct question *first = screen->question_count ? &screen->questions[0] : NULL;
    for (size_t i = 0; i < screen->question_count && screen->questions[i].kind == QUESTION_NOTE;
         i++) {
        first = i + 1 < screen->question_count ? &screen->questions[i + 1] : NULL;
    }
    if (first && typing->kind == FIELD_NONE && typing_kind(first) != FIELD_NONE &&
        !has_choices(screen)) {
        typing_open(typing, typing_kind(first), INTENT_ANSWER, first->ref, first->value);
    }
}

// Whoever was added by mistake can go again from wherever one notices.
static void put_remove(struct build *b, const struct form_screen *screen)
{
    if (!screen->instance_may_go || b->only_active) {
        return;
    }
    struct button remove = {.id = "remove",
                            .label = say(b, "repeat.remove-this"),
                            .icon = "remove",
                            .variant = VARIANT_TOOL,
                            .action = act_text(INTENT_REMOVE, screen->instance_ref, NULL)};
    put_button(b, &remove);
}

// Next was pressed and something is missing: go there, whatever was being typed.
static void go_to_violation(struct build *b, const struct form_screen *screen)
{
    struct typing *typing = &b->local->typing;
    if (!b->view->show_violations || b->local->shows_violations) {
        return;
    }
    for (size_t i = 0; i < screen->question_count; i++) {
        const struct question *question = &screen->questions[i];
        if (question->violation == VIOLATION_NONE) {
            continue;
        }
        if (typing_kind(question) == FIELD_NONE) {
            typing->put_away = true;
        } else {
            typing_open(typing, typing_kind(question), INTENT_ANSWER, question->ref,
                        question->value);
            typing->put_away = false;
        }
        return;
    }
}

static bool splits(const struct build *b, const struct form_screen *screen)
{
    return is_typing(b) || (screen->question_count == 1 && screen->questions[0].choice_count > 0);
}

void screen_question(struct build *b)
{
    const struct form_screen *screen = b->view->form_screen;
    if (screen) {
        go_on_typing(b, screen);
        begin_typing(b, screen);
        go_to_violation(b, screen);
    }
    page_open(b, &(struct page){.next_key = "common.next",
                                .next = INTENT_NEXT,
                                .back = INTENT_BACK,
                                .split = screen && splits(b, screen)});
    if (!screen) {
        page_close(b);
        return;
    }
    bool alone = screen->question_count == 1;
    put_question_item(b);
    if (screen->group_label[0]) {
        put_heading(b, screen->group_label);
    }
    for (size_t i = 0; i < screen->question_count; i++) {
        if (b->only_active && !text_equal(screen->questions[i].ref, b->local->typing.ref) &&
            !choices_are_being_searched(b, &screen->questions[i])) {
            b->leaves_out = true;
            continue;
        }
        put_question(b, &screen->questions[i], alone);
        if (!alone) {
            flow_skip(b, ui_measure(b, MEASURE_PAD));
        }
    }
    put_remove(b, screen);
    put_dock(b);
    page_close(b);
}
