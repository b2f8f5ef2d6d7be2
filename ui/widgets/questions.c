// SPDX-License-Identifier: GPL-3.0-or-later
// One question of a form, by kind.
#include "ui/typing.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"

static const char *problem_of(const struct build *b, const struct question *q)
{
    if (!b->view->show_violations || q->violation == VIOLATION_NONE) {
        return NULL;
    }
    if (q->violation_message && q->violation_message[0]) {
        return q->violation_message;
    }
    return say(b, q->violation == VIOLATION_REQUIRED ? "question.required" : "question.wrong");
}

static bool is_refused(const struct build *b, const struct question *q)
{
    return b->view->refused_ref && text_equal(b->view->refused_ref, q->ref);
}

// What was typed is no number of this kind. One that is too long is said at once; of another more
// may still be coming.
static const char *refused_problem(const struct build *b, const struct question *q)
{
    enum { DIGITS_OF_32_BITS = 10 };
    size_t digits = 0;
    for (const char *at = b->view->refused_text; *at; at++) {
        digits += *at >= '0' && *at <= '9';
    }
    if (q->kind == QUESTION_INTEGER && digits >= DIGITS_OF_32_BITS) {
        return say(b, "question.too-large");
    }
    return b->view->show_violations ? say(b, "question.wrong") : NULL;
}

static const char *label_of(const struct build *b, const struct question *q)
{
    bool asks = q->kind != QUESTION_NOTE && q->kind != QUESTION_TRIGGER && !q->readonly;
    return asks && !q->required && q->label[0]
               ? tree_format(b->tree, "%s%s", q->label, say(b, "field.optional"))
               : q->label;
}

static void put_label(struct build *b, const struct question *q, bool alone)
{
    const char *label = label_of(b, q);
    if (alone && !b->view->form_screen->group_label[0]) {
        put_heading(b, label);
    } else if (label[0]) {
        put_text(b, STYLE_LEAD, COLOUR_INK, label);
        flow_keep(b);
    }
    if (q->hint[0]) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, q->hint);
        flow_keep(b);
    }
}

static void put_typed(struct build *b, const struct question *q, enum field_kind kind, bool alone)
{
    bool refused = is_refused(b, q);
    struct field field = {.id = tree_format(b->tree, "field.%s", question_name(b, q->ref)),
                          .label = q->label[0] ? q->label : ref_leaf(q->ref),
                          .label_is_there = true,
                          .hint = "",
                          .value = refused ? b->view->refused_text : q->shown,
                          .problem = refused ? refused_problem(b, q) : problem_of(b, q),
                          .kind = kind,
                          .intent = INTENT_ANSWER,
                          .ref = q->ref,
                          .stored = refused ? b->view->refused_text : q->value};
    put_label(b, q, alone);
    put_field(b, &field);
}

static void put_trigger(struct build *b, const struct question *q)
{
    bool done = text_equal(q->value, "OK");
    struct button button = {.id = tree_format(b->tree, "trigger.%s", question_name(b, q->ref)),
                            .label = say(b, "question.trigger"),
                            .icon = done ? "check-on" : "check-off",
                            .variant = VARIANT_CHOICE,
                            .role = ROLE_CHECK,
                            .chosen = done,
                            .at_start = true,
                            .action = act_text(INTENT_ANSWER, q->ref, done ? "" : "OK")};
    put_button(b, &button);
}

static void put_control(struct build *b, const struct question *q, bool alone)
{
    switch (q->kind) {
    case QUESTION_SELECT_ONE:
    case QUESTION_SELECT_MANY:
    case QUESTION_RANK: put_choices(b, q, alone); break;
    case QUESTION_RANGE: put_range(b, q); break;
    case QUESTION_TRIGGER: put_trigger(b, q); break;
    case QUESTION_UPLOAD:
        put_notice(b, "", "paper", COLOUR_TINT, COLOUR_INK, say(b, "question.upload"));
        break;
    case QUESTION_UNSUPPORTED:
        put_notice(b, "", "call", COLOUR_TINT, COLOUR_INK, say(b, "question.unsupported"));
        break;
    case QUESTION_TEXT:
    case QUESTION_INTEGER:
    case QUESTION_DECIMAL:
    case QUESTION_DATE:
    case QUESTION_TIME:
    case QUESTION_DATE_TIME:
    case QUESTION_NOTE:
        if (q->shown[0]) {
            put_text(b, STYLE_LEAD, COLOUR_ACCENT_INK, q->shown);
        }
        break;
    }
}

void put_question(struct build *b, const struct question *q, bool alone)
{
    enum field_kind kind = typing_kind(q);
    if (kind != FIELD_NONE) {
        put_typed(b, q, kind, alone);
        return;
    }
    put_label(b, q, alone);
    const char *problem = problem_of(b, q);
    if (problem) {
        put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE, problem);
        b->tree->nodes[b->tree->count - 1]->state |= STATE_INVALID;
        flow_keep(b);
    }
    if (alone) {
        flow_main(b);
    }
    put_control(b, q, alone);
}
