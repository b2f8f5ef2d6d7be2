// SPDX-License-Identifier: GPL-3.0-or-later
// A field: what it asks, what was typed, where the next character goes, what is wrong.
#include "ui/typing.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include <string.h>

const char *ref_leaf(const char *ref)
{
    const char *slash = strrchr(ref, '/');
    return slash ? slash + 1 : ref;
}

const char *question_name(const struct build *b, const char *ref)
{
    const struct form_screen *screen = b->view->form_screen;
    const char *leaf = ref_leaf(ref), *name = leaf;
    for (size_t i = 0; screen && i < screen->question_count; i++) {
        const char *other = screen->questions[i].ref;
        if (!text_equal(other, ref) && text_equal(ref_leaf(other), leaf)) {
            name -= name > ref; // the step before tells them apart
            while (name > ref && name[-1] != '/') {
                name--;
            }
            break;
        }
    }
    return name;
}

const struct question *typed_question(const struct build *b)
{
    const struct typing *typing = &b->local->typing;
    const struct form_screen *screen = b->view->form_screen;
    for (size_t i = 0; typing->intent == INTENT_ANSWER && screen && i < screen->question_count;
         i++) {
        if (text_equal(screen->questions[i].ref, typing->ref)) {
            return &screen->questions[i];
        }
    }
    return NULL;
}

const char *grouped_digits(const struct build *b, enum field_kind kind, const char *digits)
{
    static const size_t id_cuts[] = {6, 10, 14, 0}, phone_cuts[] = {3, 7, 0};
    const size_t *cut = kind == FIELD_ID ? id_cuts : phone_cuts;
    if (kind == FIELD_RECEIPT) {
        char shown[RECEIPT_NUMBER_SHOWN];
        receipt_number_show(digits, shown, sizeof shown);
        return arena_strdup(b->tree->arena, shown);
    }
    if ((kind == FIELD_PHONE && digits[0] != '1') || (digits[0] >= 'A' && digits[0] <= 'Z')) {
        return digits;
    }
    struct strbuf out;
    strbuf_init(&out, 256);
    for (size_t i = 0; digits[i]; i++) {
        if (*cut && i == *cut) {
            strbuf_addc(&out, ' ');
            cut++;
        }
        strbuf_addc(&out, digits[i]);
    }
    const char *shown = arena_strdup(b->tree->arena, strbuf_text(&out));
    strbuf_free(&out);
    return shown;
}

// `count` digits from `at`, the missing ones as low lines.
static char *slot(const struct build *b, const char *digits, size_t at, size_t count)
{
    size_t length = strlen(digits);
    struct strbuf out;
    strbuf_init(&out, 64);
    for (size_t i = at; i < at + count; i++) {
        strbuf_addc(&out, i < length ? digits[i] : '_');
    }
    char *shown = arena_strdup(b->tree->arena, strbuf_text(&out));
    strbuf_free(&out);
    return shown;
}

const char *masked_digits(const struct build *b, enum field_kind kind, const char *digits)
{
    static const char *const keys[] = {
        [FIELD_DATE] = "mask.date",           [FIELD_MONTH] = "mask.month",
        [FIELD_YEAR] = "mask.year",           [FIELD_TIME] = "mask.time",
        [FIELD_DATE_TIME] = "mask.date-time",
    };
    size_t clock = kind == FIELD_TIME ? 0 : 8;
    const char *const pairs[] = {
        "year",   slot(b, digits, 0, 4),         "month", slot(b, digits, 4, 2),
        "day",    slot(b, digits, 6, 2),         "hour",  slot(b, digits, clock, 2),
        "minute", slot(b, digits, clock + 2, 2), NULL};
    return say_with(b, keys[kind], pairs);
}

static const char *shown_value(const struct build *b, const struct field *field, bool active)
{
    const struct typing *typing = &b->local->typing;
    const char *left = active ? NULL : typing_left(typing, field->intent, field->ref);
    const char *raw = active ? typing->text : left ? left : field->stored;
    if (left && !typing_digits(field->kind)) {
        return left;
    }
    if (typing_digits(field->kind)) {
        char digits[16];
        typing_digits_of(field->kind, raw, digits);
        return active || digits[0] ? masked_digits(b, field->kind, digits) : "";
    }
    if (field->kind == FIELD_ID || field->kind == FIELD_PHONE || field->kind == FIELD_RECEIPT) {
        return grouped_digits(b, field->kind, raw);
    }
    return active ? raw : field->value;
}

static void put_caret(struct build *b, struct node *node, struct box box, PangoLayout *layout)
{
    PangoRectangle at;
    pango_layout_get_cursor_pos(layout, (int)strlen(pango_layout_get_text(layout)), &at, NULL);
    struct box caret = {box.x + PANGO_PIXELS(at.x) + to_px(b, 0.5), box.y + PANGO_PIXELS(at.y),
                        to_px(b, 0.7), PANGO_PIXELS(at.height)};
    tree_part(b->tree, node, PART_FILL, caret, COLOUR_ACCENT);
}

// The value, and behind it, underlined, what is typed but not chosen yet.
static PangoLayout *set_value(const struct build *b, const char *value, bool active, int width)
{
    const struct text_entry_state *entry = &b->local->typing.entry;
    if (!value[0] && !active) {
        return set_text(b, STYLE_BODY, say(b, "field.touch"), width, ALIGN_START);
    }
    if (!active || !entry->remaining[0]) {
        return set_text(b, STYLE_LEAD, value, width, ALIGN_START);
    }
    const char *pending = tree_format(b->tree, "%s%s", entry->composed, entry->remaining);
    PangoLayout *layout =
        set_text(b, STYLE_LEAD, tree_format(b->tree, "%s%s", value, pending), width, ALIGN_START);
    PangoAttrList *have = pango_layout_get_attributes(layout);
    PangoAttrList *list = have ? pango_attr_list_copy(have) : pango_attr_list_new();
    PangoAttribute *line = pango_attr_underline_new(PANGO_UNDERLINE_SINGLE);
    line->start_index = (guint)(strlen(pango_layout_get_text(layout)) - strlen(pending));
    pango_attr_list_insert(list, line);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    return layout;
}

static void put_box(struct build *b, const struct field *field, bool active)
{
    int pad = ui_measure(b, MEASURE_PAD), width = flow_width(b) - 2 * pad - to_px(b, 2);
    const char *value = shown_value(b, field, active);
    bool empty = !value[0] && !active;
    PangoLayout *layout = set_value(b, value, active, width);
    int w, h, least = ui_measure(b, MEASURE_TARGET);
    layout_size(layout, &w, &h);
    int height = h + pad * 3 / 2;
    struct box box = flow_take(b, height > least ? height : least);
    struct node *node = tree_add(b->tree, ROLE_FIELD, box, field->id, field->label);
    node->value = arena_strdup(b->tree->arena, value);
    node->fill = COLOUR_SURFACE;
    node->line = active ? COLOUR_ACCENT : COLOUR_LINE;
    node->line_px = to_px(b, active ? 1.1 : 0.45);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    node->action = (struct action){.act = ACT_FIELD,
                                   .ref = field->ref,
                                   .intent = field->intent,
                                   .number = (int)field->kind,
                                   .text = field->stored};
    node->state |= (active ? STATE_ACTIVE : 0u) | (field->problem ? STATE_INVALID : 0u);
    struct box at = {box.x + pad, box.y + (box.h - h) / 2, width, h};
    tree_text(b->tree, node, layout, at, empty ? COLOUR_INK_SOFT : COLOUR_INK);
    if (active && !typing_digits(field->kind)) {
        put_caret(b, node, at, layout);
    }
}

// What is wrong with what was typed so far, which the session does not know; NULL: nothing, or not
// yet.
static const char *typed_problem(const struct build *b, const struct field *field, bool active)
{
    const struct typing *typing = &b->local->typing;
    const char *digits = active ? typing->text : typing_left(typing, field->intent, field->ref);
    if (!digits) {
        return NULL;
    }
    if (typing_digits_impossible(field->kind, digits)) {
        return say(b, field->kind == FIELD_TIME ? "field.no-such-time" : "field.no-such-date");
    }
    bool said = !active || (typing->insists && typing_is_unfinished(typing));
    return said ? say(b, "field.unfinished") : NULL;
}

void put_field(struct build *b, const struct field *field)
{
    const struct typing *typing = &b->local->typing;
    struct field mended = *field;
    bool active = typing->kind != FIELD_NONE && !typing->put_away &&
                  typing->intent == field->intent && text_equal(typing->ref, field->ref);
    if (field->label[0] && !field->label_is_there) {
        const char *label = field->label;
        if (field->optional) {
            label = tree_format(b->tree, "%s%s", field->label, say(b, "field.optional"));
        }
        put_text(b, STYLE_LEAD, COLOUR_INK, label);
        flow_keep(b);
    }
    if (field->hint[0]) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, field->hint);
        flow_keep(b);
    }
    const char *typed = typed_problem(b, field, active);
    mended.problem = typed ? typed : field->problem;
    put_box(b, &mended, active);
    if (mended.problem) {
        flow_keep(b);
        put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE, mended.problem);
    }
}

// ------------------------------------------------------------------ from one field to the next

static struct action to_field(enum field_kind kind, enum intent_kind intent, const char *ref)
{
    return (struct action){
        .act = ACT_FIELD, .ref = ref, .intent = intent, .number = (int)kind, .text = ""};
}

// The next question behind the one being typed in that has no answer yet, when it is a field.
static const struct question *next_typed(const struct form_screen *screen, const char *ref)
{
    bool passed = false;
    for (size_t i = 0; screen && i < screen->question_count; i++) {
        const struct question *question = &screen->questions[i];
        bool asks = question->kind != QUESTION_NOTE && !question->readonly;
        if (passed && asks && !question->value[0]) {
            return typing_kind(question) != FIELD_NONE ? question : NULL;
        }
        passed = passed || text_equal(question->ref, ref);
    }
    return NULL;
}

struct done done_key(const struct build *b)
{
    const struct typing *typing = &b->local->typing;
    struct done done = {.label_key = "key.done", .action = {.act = ACT_TYPED}};
    if (typing_is_unfinished(typing)) {
        return done;
    }
    if (typing->intent == INTENT_ANSWER) {
        const struct question *next = next_typed(b->view->form_screen, typing->ref);
        if (next) {
            done.action = to_field(typing_kind(next), INTENT_ANSWER, next->ref);
        }
    } else if (typing->intent == INTENT_NAME && b->view->document != DOCUMENT_NONE &&
               !(b->view->id_number && b->view->id_number[0])) {
        done.action = to_field(FIELD_ID, INTENT_ID_NUMBER, "id-number");
    }
    done.label_key = done.action.act == ACT_FIELD ? "key.next-field" : "key.done";
    return done;
}
