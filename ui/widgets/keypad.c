// SPDX-License-Identifier: GPL-3.0-or-later
// Large digits: ID numbers, phones, amounts, dates, and the staff's number and PIN.
#include "ui/typing.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"
#include <string.h>

enum { PAD_KEYS = 12 };

struct pad {
    const char *label[PAD_KEYS]; ///< NULL: no key here
    const char *icon[PAD_KEYS], *id[PAD_KEYS];
    bool has_done;    ///< a last row puts the pad away, where there are other questions to see
    bool has_letters; ///< and there, numbers of documents have letters too
    bool has_sign;    ///< before it: a key that changes the sign
    struct action action[PAD_KEYS];
};

static void digit_at(struct build *b, struct box box, const struct pad *pad, size_t index)
{
    struct node *node = tree_add(b->tree, ROLE_KEY, box, pad->id[index], pad->label[index]);
    bool digit = pad->label[index][0] >= '0' && pad->label[index][0] <= '9';
    node->fill = digit ? COLOUR_KEY : COLOUR_BOARD;
    node->line = COLOUR_LINE;
    node->line_px = to_px(b, 0.4);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    node->action = pad->action[index];
    if (pad->icon[index]) {
        int side = ui_measure(b, MEASURE_ICON) * 5 / 4;
        icon_part(b, node, pad->icon[index],
                  (struct box){box.x + (box.w - side) / 2, box.y + (box.h - side) / 2, side, side},
                  COLOUR_INK);
        return;
    }
    enum text_style style = text_length(pad->label[index]) > 1 ? STYLE_STRONG : STYLE_NUMBER;
    PangoLayout *layout = set_text(b, style, pad->label[index], box.w, ALIGN_CENTRE);
    int w, h;
    layout_size(layout, &w, &h);
    tree_text(b->tree, node, layout, (struct box){box.x, box.y + (box.h - h) / 2, box.w, h},
              COLOUR_INK);
}

static void last_row_at(struct build *b, struct box box, const struct pad *pad)
{
    const struct done done = done_key(b);
    const struct button keys[] = {{.id = "key.letters",
                                   .label = say(b, "key.abc"),
                                   .role = ROLE_KEY,
                                   .variant = VARIANT_SECONDARY,
                                   .action = {.act = ACT_LETTERS, .number = 1}},
                                  {.id = "key.done",
                                   .label = say(b, done.label_key),
                                   .role = ROLE_KEY,
                                   .variant = VARIANT_SECONDARY,
                                   .action = done.action}};
    int gap = ui_measure(b, MEASURE_GAP), count = pad->has_letters + pad->has_done;
    box.w = (box.w - (count - 1) * gap) / count;
    for (size_t i = pad->has_letters ? 0 : 1; i < (pad->has_done ? 2u : 1u); i++) {
        button_at(b, box, &keys[i]);
        box.x += box.w + gap;
    }
}

static void sign_at(struct build *b, struct box box)
{
    struct pad sign = {.id = {"key.sign"},
                       .label = {say(b, "key.sign")},
                       .action = {{.act = ACT_KEY, .text = "sign"}}};
    digit_at(b, box, &sign, 0);
}

static void put_pad(struct build *b, const struct pad *pad)
{
    static const size_t wide[PAD_KEYS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 9, 11};
    bool flat = b->landscape && !b->is_split;
    int columns = flat ? 6 : 3, has_last = pad->has_done || pad->has_letters || pad->has_sign,
        rows = PAD_KEYS / columns + has_last, gap = ui_measure(b, MEASURE_GAP);
    int key = ui_measure(b, MEASURE_TARGET), space = gap;
    if (b->is_split) {
        int high = (b->main.view.h - 2 * space - (rows - 1) * gap) / rows;
        int most = key * 3 / 2;
        key = high > most ? most : high > key ? high : key;
    }
    struct box dock = dock_take(b, rows * (key + gap) - gap + 2 * space);
    struct box ground = dock;
    ground.x = b->is_split ? dock.x - space : 0;
    ground.w = b->is_split ? dock.w + 2 * space : b->window.w;
    panel_at(b, ground, COLOUR_BOARD, COLOUR_NONE)->radius =
        b->is_split ? ui_measure(b, MEASURE_RADIUS) : 0;
    int width = (dock.w - (columns - 1) * gap) / columns;
    for (size_t i = 0; i < PAD_KEYS; i++) {
        size_t index = flat ? wide[i] : i;
        int column = (int)i % columns, row = (int)i / columns;
        if (pad->label[index]) {
            digit_at(b,
                     (struct box){dock.x + column * (width + gap),
                                  dock.y + space + row * (key + gap), width, key},
                     pad, index);
        }
    }
    struct box last = {dock.x, dock.y + space + (rows - 1) * (key + gap), dock.w, key};
    if (pad->has_sign) {
        sign_at(b, (struct box){last.x, last.y, width, key});
        last.x += width + gap;
        last.w -= width + gap;
    }
    if (pad->has_done || pad->has_letters) {
        last_row_at(b, last, pad);
    }
}

static void set_key(struct pad *pad, size_t index, const char *id, const char *label,
                    const char *icon, struct action action)
{
    pad->id[index] = id;
    pad->label[index] = label;
    pad->icon[index] = icon;
    pad->action[index] = action;
}

static const char *const digits[10] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
static const char *const digit_ids[10] = {"key.0", "key.1", "key.2", "key.3", "key.4",
                                          "key.5", "key.6", "key.7", "key.8", "key.9"};

static bool may_be_negative(const struct build *b)
{
    const struct form_screen *form = b->view->form_screen;
    for (size_t i = 0; form && i < form->question_count; i++) {
        if (text_equal(form->questions[i].ref, b->local->typing.ref)) {
            return form->questions[i].may_be_negative;
        }
    }
    return false;
}

void put_keypad(struct build *b, enum field_kind kind)
{
    struct pad pad = {0};
    for (size_t i = 0; i < 10; i++) {
        set_key(&pad, i == 0 ? 10 : i - 1, digit_ids[i], digits[i], NULL,
                (struct action){.act = ACT_KEY, .text = digits[i]});
    }
    const char *special = kind == FIELD_ID        ? "X"
                          : kind == FIELD_DECIMAL ? "."
                          : kind == FIELD_PHONE   ? "-"
                                                  : NULL;
    if (special) {
        set_key(&pad, 9, tree_format(b->tree, "key.%s", special), special, NULL,
                (struct action){.act = ACT_KEY, .text = special});
    } else {
        set_key(&pad, 9, "key.clear", say(b, "key.clear"), NULL,
                (struct action){.act = ACT_KEY, .text = "clear"});
    }
    set_key(&pad, 11, "key.backspace", say(b, "key.backspace"), "erase",
            (struct action){.act = ACT_KEY, .text = "\b"});
    const struct form_screen *form = b->view->form_screen;
    pad.has_letters = kind == FIELD_ID;
    pad.has_done = b->view->screen == SCREEN_IDENTITY || (form && form->question_count > 1);
    pad.has_sign = (kind == FIELD_WHOLE || kind == FIELD_DECIMAL) && may_be_negative(b);
    put_pad(b, &pad);
}

void put_pin_pad(struct build *b, enum intent_kind intent, enum intent_kind enter)
{
    struct pad pad = {0};
    for (size_t i = 0; i < 10; i++) {
        set_key(&pad, i == 0 ? 10 : i - 1, digit_ids[i], digits[i], NULL,
                act_text(intent, NULL, digits[i]));
    }
    set_key(&pad, 9, "key.backspace", say(b, "key.backspace"), "erase",
            act_text(intent, NULL, "\b"));
    set_key(&pad, 11, "key.enter", say(b, "staff.enter"), NULL, act_send(enter));
    put_pad(b, &pad);
}

void put_factor_pad(struct build *b, enum intent_kind intent, bool with_x)
{
    struct pad pad = {0};
    for (size_t i = 0; i < 10; i++) {
        set_key(&pad, i == 0 ? 10 : i - 1, digit_ids[i], digits[i], NULL,
                act_text(intent, NULL, digits[i]));
    }
    if (with_x) {
        set_key(&pad, 9, "key.X", "X", NULL, act_text(intent, NULL, "X"));
    }
    set_key(&pad, 11, "key.backspace", say(b, "key.backspace"), "erase",
            act_text(intent, NULL, "\b"));
    put_pad(b, &pad);
}

void put_dock(struct build *b)
{
    const struct typing *typing = &b->local->typing;
    if (!is_typing(b)) {
        return;
    }
    if (typing->kind == FIELD_WORDS) {
        put_keyboard(b);
    } else if (typing->kind == FIELD_ID && typing->letters) {
        put_document_keys(b);
    } else {
        put_keypad(b, typing->kind);
    }
}
