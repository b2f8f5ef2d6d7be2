// SPDX-License-Identifier: GPL-3.0-or-later
// One of, several of, put in order, a value in a range: large buttons, as many columns as fit.
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// The stored list with one word added or taken away, in the order of the choices (several of) or
// of touching (put in order).
static const char *toggled(const struct build *b, const struct question *q, size_t index)
{
    struct strbuf out;
    strbuf_init(&out, LIMIT_ANSWER);
    if (q->kind == QUESTION_RANK) {
        char words[LIMIT_ANSWER + 1];
        bool found = false;
        text_copy(words, sizeof(words), q->value);
        char *rest = NULL;
        for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
            if (text_equal(word, q->choices[index].value)) {
                found = true;
            } else {
                strbuf_addf(&out, "%s%s", out.length ? " " : "", word);
            }
        }
        if (!found) {
            strbuf_addf(&out, "%s%s", out.length ? " " : "", q->choices[index].value);
        }
    } else {
        for (size_t i = 0; i < q->choice_count; i++) {
            if (q->choices[i].chosen != (i == index)) {
                strbuf_addf(&out, "%s%s", out.length ? " " : "", q->choices[i].value);
            }
        }
    }
    const char *value = arena_strdup(b->tree->arena, strbuf_text(&out));
    strbuf_free(&out);
    return value;
}

// Place of a choice in a rank's value, from 1; 0: not yet.
static int rank_of(const struct question *q, const char *value)
{
    int place = 1;
    size_t length = strlen(value);
    for (const char *at = q->value; *at; place++) {
        size_t word = strcspn(at, " ");
        if (word == length && memcmp(at, value, length) == 0) {
            return place;
        }
        at += word + (at[word] ? 1 : 0);
    }
    return 0;
}

static struct button choice_button(const struct build *b, const struct question *q, size_t index,
                                   bool alone)
{
    const struct question_choice *choice = &q->choices[index];
    bool many = q->kind == QUESTION_SELECT_MANY, rank = q->kind == QUESTION_RANK;
    struct button button = {
        .label = choice->label[0] ? choice_label(b, q, choice->label) : choice->value,
        .icon = many ? (choice->chosen ? "check-on" : "check-off")
                     : (choice->chosen ? "radio-on" : "radio-off"),
        .variant = VARIANT_CHOICE,
        .role = many || rank ? ROLE_CHECK : ROLE_RADIO,
        .chosen = choice->chosen,
        .at_start = true,
        .action =
            act_text(INTENT_ANSWER, q->ref, many || rank ? toggled(b, q, index) : choice->value),
    };
    if (rank) {
        int place = rank_of(q, choice->value);
        button.chosen = place > 0;
        button.icon = "order";
        button.label = place ? tree_format(b->tree, "%d. %s", place, button.label) : button.label;
    }
    button.id = alone
                    ? tree_format(b->tree, "choice.%s", choice->value)
                    : tree_format(b->tree, "choice.%s.%s", question_name(b, q->ref), choice->value);
    return button;
}

static int choice_columns(const struct build *b, const struct question *q)
{
    int widest = 0, extra = 2 * ui_measure(b, MEASURE_PAD) + ui_measure(b, MEASURE_ICON) +
                            ui_measure(b, MEASURE_PAD);
    for (size_t i = 0; i < q->choice_count; i++) {
        PangoLayout *layout =
            set_text(b, STYLE_STRONG, choice_label(b, q, q->choices[i].label), -1, ALIGN_START);
        int w, h;
        layout_size(layout, &w, &h);
        g_object_unref(layout);
        widest = w > widest ? w : widest;
    }
    int gap = ui_measure(b, MEASURE_GAP), fit = (flow_width(b) + gap) / (widest + extra + gap + 2);
    int most = q->choice_count <= 1 ? 1 : q->choice_count > 12 ? 4 : q->choice_count > 5 ? 2 : 1;
    most = q->choice_count == 2 ? 2 : most;
    const char *wish = strstr(q->appearance, "columns-");
    if (wish && wish[8] >= '1' && wish[8] <= '6') {
        most = wish[8] - '0';
    }
    return fit < 1 ? 1 : fit < most ? fit : most;
}

void put_choices(struct build *b, const struct question *q, bool alone)
{
    if (q->choice_count == 0) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "question.no-choices"));
        return;
    }
    struct button *buttons = ARENA_ARRAY(b->tree->arena, struct button, q->choice_count);
    const char *typed = choices_searched_for(b, q);
    size_t count = 0;
    if (choices_are_searched(q)) {
        put_choice_search(b, q);
    }
    for (size_t i = 0; i < q->choice_count; i++) {
        if (choice_is_found(q->choices[i].label, typed)) {
            buttons[count++] = choice_button(b, q, i, alone);
        }
    }
    if (count == 0) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "question.search-none"));
        return;
    }
    put_grid(b, buttons, count, choice_columns(b, q));
}

// ------------------------------------------------------------------ range

static const char *range_text(const struct build *b, double value)
{
    return tree_format(b->tree, "%.10g", value);
}

void put_range(struct build *b, const struct question *q)
{
    char *end = NULL;
    double step = q->range_step > 0 ? q->range_step : 1, value = strtod(q->value, &end);
    bool has_value = end && end != q->value;
    value = has_value ? value : (q->range_start + q->range_end) / 2;
    double low = fmin(q->range_start, q->range_end), high = fmax(q->range_start, q->range_end);
    double less = has_value ? fmax(low, value - step) : value,
           more = has_value ? fmin(high, value + step) : value;
    int gap = ui_measure(b, MEASURE_GAP), height = ui_measure(b, MEASURE_TARGET) * 5 / 4;
    struct box row = flow_take(b, height);
    struct button minus = {.id = "range.less",
                           .label = say(b, "question.less"),
                           .icon = "minus",
                           .variant = VARIANT_SECONDARY,
                           .action = act_text(INTENT_ANSWER, q->ref, range_text(b, less))};
    struct button plus = {.id = "range.more",
                          .label = say(b, "question.more"),
                          .icon = "plus",
                          .variant = VARIANT_SECONDARY,
                          .action = act_text(INTENT_ANSWER, q->ref, range_text(b, more))};
    int side = (row.w - 2 * gap) * 2 / 5, middle = row.w - 2 * (side + gap);
    button_at(b, (struct box){row.x, row.y, side, height}, &minus);
    const char *shown = has_value ? range_text(b, value) : say(b, "common.none");
    int h = text_height(b, STYLE_NUMBER, shown, middle);
    text_at(b, ROLE_TEXT, "range.value", STYLE_NUMBER, COLOUR_INK, shown,
            (struct box){row.x + side + gap, row.y + (height - h) / 2, middle, h}, ALIGN_CENTRE);
    button_at(b, (struct box){row.x + row.w - side, row.y, side, height}, &plus);
    struct box line = flow_take(b, to_px(b, 4));
    struct node *bar = tree_add(b->tree, ROLE_IMAGE, line, "", "");
    tree_part(b->tree, bar, PART_FILL, line, COLOUR_TRACK)->radius = line.h / 2;
    if (has_value && high > low) {
        line.w = (int)(line.w * (value - low) / (high - low));
        tree_part(b->tree, bar, PART_FILL, line, COLOUR_ACCENT)->radius = line.h / 2;
    }
}
