// SPDX-License-Identifier: GPL-3.0-or-later
// The keyboard for words: pinyin with large candidates, letters, signs. Rows are strings; a key is
// one character of them. Rows named "key.…" are in the catalogue.
#include "ui/widgets/keys.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"

enum { ROWS = 4 };

static const char *const rows[LAYER_COUNT][ROWS] = {
    [LAYER_PINYIN] = {"1234567890", "qwertyuiop", "asdfghjkl", "'zxcvbnm"},
    [LAYER_LETTERS] = {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"},
    [LAYER_CAPITALS] = {"1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"},
    [LAYER_SYMBOLS] = {"1234567890", "key.signs-1", "key.signs-2", "-_/.,:+&"},
};

void key_at(struct build *b, struct box box, const char *id, const char *label,
            struct action action)
{
    struct node *node = tree_add(b->tree, ROLE_KEY, box, id, label);
    node->fill = COLOUR_KEY;
    node->line = COLOUR_LINE;
    node->line_px = to_px(b, 0.3);
    node->radius = ui_measure(b, MEASURE_RADIUS) * 3 / 4;
    node->action = action;
    PangoLayout *layout = set_text(b, STYLE_LEAD, label, box.w, ALIGN_CENTRE);
    int w, h;
    layout_size(layout, &w, &h);
    tree_text(b->tree, node, layout, (struct box){box.x, box.y + (box.h - h) / 2, box.w, h},
              COLOUR_INK);
}

struct node *special_at(struct build *b, struct box box, const struct special *key)
{
    struct node *node = tree_add(b->tree, ROLE_KEY, box, key->id, say(b, key->label_key));
    node->fill = key->primary ? COLOUR_ACCENT : key->chosen ? COLOUR_TINT : COLOUR_BOARD;
    node->line = key->chosen ? COLOUR_ACCENT : COLOUR_LINE;
    node->line_px = to_px(b, key->chosen ? 0.9 : 0.3);
    node->radius = ui_measure(b, MEASURE_RADIUS) * 3 / 4;
    node->state |= key->chosen ? STATE_CHOSEN : 0u;
    node->action = (struct action){.act = key->act, .number = key->number, .text = key->text};
    enum colour ink = key->primary ? COLOUR_ON_ACCENT : COLOUR_INK;
    if (key->icon) {
        int side = ui_measure(b, MEASURE_ICON);
        side = side < box.w - 4 ? side : box.w - 4;
        icon_part(b, node, key->icon,
                  (struct box){box.x + (box.w - side) / 2, box.y + (box.h - side) / 2, side, side},
                  ink);
        return node;
    }
    PangoLayout *layout = set_text(b, STYLE_SMALL, say(b, key->label_key), box.w, ALIGN_CENTRE);
    int w, h;
    layout_size(layout, &w, &h);
    tree_text(b->tree, node, layout, (struct box){box.x, box.y + (box.h - h) / 2, box.w, h}, ink);
    return node;
}

// As high as the window allows; `lines` of them and `other` px have to fit beside a question.
static int key_height(const struct build *b, int lines, int other)
{
    int height = ui_measure(b, MEASURE_KEY), least = to_px(b, 12.8),
        gap = ui_measure(b, MEASURE_GAP);
    int most = b->is_split    ? (b->main.view.h - other) / lines - gap
               : b->landscape ? b->window.h * 7 / 100
                              : b->window.h * 5 / 100;
    return height < most ? height : most > least ? most : least;
}

// A row of characters, with a key before and one behind when given.
static void put_row(struct build *b, struct box row, const char *keys, const struct special *before,
                    const struct special *after)
{
    int gap = ui_measure(b, MEASURE_GAP), count = (int)text_length(keys);
    int columns = 10, width = (row.w - (columns - 1) * gap) / columns;
    int used = count + (before ? 1 : 0) + (after ? 1 : 0), spare = columns - used;
    int x = row.x + (before || after ? 0 : spare * (width + gap) / 2);
    if (before) {
        int extra = after ? spare * (width + gap) / 2 : 0;
        special_at(b, (struct box){x, row.y, width + extra, row.h}, before);
        x += width + extra + gap;
    }
    for (const char *at = keys; *at;) {
        char bytes[5];
        text_put(text_next(&at), bytes);
        const char *text = arena_strdup(b->tree->arena, bytes);
        key_at(b, (struct box){x, row.y, width, row.h}, tree_format(b->tree, "key.%s", text), text,
               (struct action){.act = ACT_KEY, .text = text});
        x += width + gap;
    }
    if (after) {
        special_at(b, (struct box){x, row.y, row.x + row.w - x, row.h}, after);
    }
}

// Keys of which each is one character, `rows` of them ending in NULL; erase ends the last.
static struct box put_rows(struct build *b, struct box row, const char *const *keys)
{
    const struct special erase = {
        "key.backspace", "key.backspace", "erase", ACT_KEY, 0, "\b", 1, false, false};
    for (; *keys; keys++) {
        put_row(b, row, *keys, NULL, keys[1] ? NULL : &erase);
        row.y += row.h + ui_measure(b, MEASURE_GAP);
    }
    return row;
}

// The board that the keys lie on. All candidates take what room there is, and leave some to the
// field.
static struct box keyboard_ground(struct build *b, int height, bool all)
{
    int gap = ui_measure(b, MEASURE_GAP), large = b->main.view.h * 55 / 100;
    struct box dock = dock_take(b, all && !b->is_split && large > height ? large : height);
    struct box ground = dock;
    ground.x = b->is_split ? dock.x - gap : 0;
    ground.w = b->is_split ? dock.w + 2 * gap : b->window.w;
    panel_at(b, ground, COLOUR_BOARD, COLOUR_NONE)->radius =
        b->is_split ? ui_measure(b, MEASURE_RADIUS) : 0;
    return dock;
}

// The dock's ground and the first row on it, for so many rows.
static struct box first_row(struct build *b, int count)
{
    int gap = ui_measure(b, MEASURE_GAP), key = key_height(b, count, 2 * gap);
    struct box dock = keyboard_ground(b, count * (key + gap) - gap + 2 * gap, false);
    return (struct box){dock.x, dock.y + gap, dock.w, key};
}

static void done_at(struct build *b, struct box box)
{
    const struct done done = done_key(b);
    const struct special key = {"key.done", done.label_key, NULL, ACT_TYPED, 0, NULL,
                                1,          false,          true};
    special_at(b, box, &key)->action = done.action;
}

void put_document_keys(struct build *b)
{
    static const char *const keys[] = {"1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM", NULL};
    const struct special digits = {"key.digits", "key.123", NULL,  ACT_LETTERS, 0,
                                   NULL,         1,         false, false};
    struct box row = put_rows(b, first_row(b, 5), keys);
    int gap = ui_measure(b, MEASURE_GAP);
    row.w = (row.w - gap) / 2;
    special_at(b, row, &digits);
    row.x += row.w + gap;
    done_at(b, row);
}

static void put_last_row(struct build *b, struct box row)
{
    enum layer layer = b->local->typing.layer;
    bool capitals = layer == LAYER_CAPITALS;
    const struct special keys[] = {
        {"key.layer.pinyin", "key.pinyin", NULL, ACT_LAYER, LAYER_PINYIN, NULL, 2,
         layer == LAYER_PINYIN, false},
        {"key.layer.letters", "key.letters", NULL, ACT_LAYER,
         layer == LAYER_LETTERS ? LAYER_CAPITALS : LAYER_LETTERS, NULL, 2,
         layer == LAYER_LETTERS || capitals, false},
        {"key.layer.symbols", "key.symbols", NULL, ACT_LAYER, LAYER_SYMBOLS, NULL, 2,
         layer == LAYER_SYMBOLS, false},
        {"key.space", "key.space", NULL, ACT_KEY, 0, " ", 2, false, false},
    };
    int gap = ui_measure(b, MEASURE_GAP), unit = (row.w - 9 * gap) / 10, x = row.x;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        int width = keys[i].share * unit + (keys[i].share - 1) * gap;
        special_at(b, (struct box){x, row.y, width, row.h}, &keys[i]);
        x += width + gap;
    }
    done_at(b, (struct box){x, row.y, row.x + row.w - x, row.h});
}

// Of an address the words that every door has, each at one touch, where candidates would stand.
static bool is_address(const struct build *b)
{
    const struct question *question = typed_question(b);
    return question && question_is_address(question);
}

static void put_address_words(struct build *b, struct box box)
{
    const char *words = say(b, "key.address-words");
    int gap = ui_measure(b, MEASURE_GAP), count = 1;
    for (const char *at = words; (at = strchr(at, ' ')) != NULL; at++) {
        count++;
    }
    int width = (box.w - (count - 1) * gap) / count;
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        const char *word = arena_strndup(b->tree->arena, at, length);
        key_at(b, (struct box){box.x, box.y, width, box.h}, tree_format(b->tree, "key.%s", word),
               word, (struct action){.act = ACT_KEY, .text = word});
        box.x += width + gap;
        at += length;
    }
}

// In place of the keys: these letters are no characters yet. The candidates stay above.
static void put_ask(struct build *b, struct box area)
{
    const struct typing *typing = &b->local->typing;
    int gap = ui_measure(b, MEASURE_GAP);
    const char *words = typing->entry.count ? candidate_text(b, 0) : "";
    const char *const pairs[] = {"letters", typing->entry.remaining, "words", words, NULL};
    struct box line = {area.x, area.y, area.w, 0};
    int used = text_at(b, ROLE_TEXT, "letters.ask", STYLE_LEAD, COLOUR_INK,
                       say_with(b, words[0] ? "letters.ask" : "letters.ask-none", pairs), line,
                       ALIGN_START) +
               gap;
    struct button buttons[] = {
        {.id = "letters.choose",
         .label = say_with(b, "letters.choose", pairs),
         .variant = VARIANT_PRIMARY,
         .action = {.act = ACT_CANDIDATE}},
        {.id = "letters.go-on",
         .label = say(b, "letters.go-on"),
         .variant = VARIANT_SECONDARY,
         .action = {.act = ACT_PENDING, .number = LETTERS_GO_ON}},
        {.id = "letters.take",
         .label = say_with(b, "letters.take", pairs),
         .variant = VARIANT_SECONDARY,
         .action = {.act = ACT_PENDING, .number = LETTERS_TAKE}},
        {.id = "letters.drop",
         .label = say(b, "letters.drop"),
         .variant = VARIANT_SECONDARY,
         .action = {.act = ACT_PENDING, .number = LETTERS_DROP}},
    };
    size_t first = words[0] ? 0 : 1;
    int width = (area.w - gap) / 2, height = (area.h - used - gap) / 2;
    for (size_t i = first; i < sizeof(buttons) / sizeof(*buttons); i++) {
        int place = (int)(i - first);
        buttons[i].style = STYLE_BODY;
        button_at(b,
                  (struct box){area.x + place % 2 * (width + gap),
                               area.y + used + place / 2 * (height + gap), width, height},
                  &buttons[i]);
    }
}

static void put_keys(struct build *b, struct box row, int first)
{
    enum layer layer = b->local->typing.layer;
    const struct special shift = {"key.shift",
                                  "key.capitals",
                                  "shift",
                                  ACT_LAYER,
                                  layer == LAYER_CAPITALS ? LAYER_LETTERS : LAYER_CAPITALS,
                                  NULL,
                                  1,
                                  layer == LAYER_CAPITALS,
                                  false};
    const struct special erase = {
        "key.backspace", "key.backspace", "erase", ACT_KEY, 0, "\b", 1, false, false};
    bool letters = layer == LAYER_LETTERS || layer == LAYER_CAPITALS;
    for (int i = first; i < ROWS; i++) {
        bool last = i == ROWS - 1;
        const char *keys =
            text_starts(rows[layer][i], "key.") ? say(b, rows[layer][i]) : rows[layer][i];
        put_row(b, row, keys, last && letters ? &shift : NULL, last ? &erase : NULL);
        row.y += row.h + ui_measure(b, MEASURE_GAP);
    }
    put_last_row(b, row);
}

void put_keyboard(struct build *b)
{
    const struct typing *typing = &b->local->typing;
    enum layer layer = typing->layer;
    int gap = ui_measure(b, MEASURE_GAP), pad = gap;
    int line = text_height(b, STYLE_SMALL, say(b, "key.pinyin-hint"), -1);
    int candidates = layer == LAYER_PINYIN ? line + gap / 2 + candidates_height(b) + gap : 0;
    bool tight = !b->is_split || (candidates && b->theme->size == TEXT_SIZE_XL);
    int first = b->landscape && tight && layer != LAYER_SYMBOLS ? 1 : 0, count = ROWS - first + 1;
    int key = key_height(b, count, candidates + 2 * pad);
    bool all = candidates && typing->all_candidates && !typing->asks;
    struct box dock = keyboard_ground(b, candidates + count * (key + gap) - gap + 2 * pad, all);
    struct box row = {dock.x, dock.y + pad, dock.w, key};
    struct box below = {dock.x, dock.y + pad, dock.w, dock.h - 2 * pad};
    if (candidates) {
        put_preedit(b, (struct box){row.x, row.y, row.w, line});
        below.y += line + gap / 2;
        below.h -= line + gap / 2;
        row.y += candidates;
    }
    if (all) {
        put_all_candidates(b, below);
        return;
    }
    if (candidates) {
        struct box place = {below.x, below.y, below.w, candidates_height(b)};
        if (!typing->entry.remaining[0] && is_address(b))
            put_address_words(b, place);
        else
            put_candidates(b, place);
    }
    if (typing->asks) {
        put_ask(b, (struct box){row.x, row.y, row.w, count * (key + gap) - gap});
    } else {
        put_keys(b, row, first);
    }
}
