// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a code that is typed from a paper: its own alphabet and nothing else, so that no
// character can be taken for another.
#include "ui/widgets/widgets.h"
#include <string.h>

enum { COLUMNS = 7 };

static void symbol_at(struct build *b, struct box box, enum intent_kind intent, const char *text)
{
    button_at(b, box,
              &(struct button){.id = tree_format(b->tree, "key.%s", text),
                               .label = text,
                               .role = ROLE_KEY,
                               .variant = VARIANT_SECONDARY,
                               .style = STYLE_LEAD,
                               .action = act_text(intent, NULL, text)});
}

// Its picture alone, as on every other keyboard: a word would be wider than the key.
static void erase_at(struct build *b, struct box box, enum intent_kind intent)
{
    struct node *node = button_at(b, box,
                                  &(struct button){.id = "key.backspace",
                                                   .label = "",
                                                   .role = ROLE_KEY,
                                                   .variant = VARIANT_SECONDARY,
                                                   .action = act_text(intent, NULL, "\b")});
    node->name = say(b, "key.backspace");
    int side = ui_measure(b, MEASURE_ICON) * 5 / 4;
    icon_part(b, node, "erase",
              (struct box){box.x + (box.w - side) / 2, box.y + (box.h - side) / 2, side, side},
              COLOUR_INK);
}

void put_symbol_pad(struct build *b, enum intent_kind intent, const char *symbols)
{
    int gap = ui_measure(b, MEASURE_GAP), key = ui_measure(b, MEASURE_TARGET);
    int count = (int)strlen(symbols) + 1, rows = (count + COLUMNS - 1) / COLUMNS;
    struct box dock = dock_take(b, rows * (key + gap) + gap), ground = dock;
    ground.x = b->is_split ? dock.x - gap : 0;
    ground.w = b->is_split ? dock.w + 2 * gap : b->window.w;
    panel_at(b, ground, COLOUR_BOARD, COLOUR_NONE)->radius =
        b->is_split ? ui_measure(b, MEASURE_RADIUS) : 0;
    int width = (dock.w - (COLUMNS - 1) * gap) / COLUMNS, last = count - 1;
    int spare = rows * COLUMNS - count; // the key to erase takes what is left of its row
    for (int i = 0; i < count; i++) {
        struct box box = {dock.x + i % COLUMNS * (width + gap),
                          dock.y + gap + i / COLUMNS * (key + gap), width, key};
        if (i == last) {
            box.w += spare * (width + gap);
            erase_at(b, box, intent);
        } else {
            symbol_at(b, box, intent, tree_format(b->tree, "%c", symbols[i]));
        }
    }
}
