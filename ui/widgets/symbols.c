// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a code that is typed from a paper: its own alphabet and nothing else, so that no
// character can be taken for another.
#include "ui/widgets/widgets.h"
#include <string.h>

enum { COLUMNS = 7 };

static void symbol_at(struct build *b, struct box box, enum intent_kind intent, const char *text)
{
    bool erase = text[0] == '\b';
    button_at(b, box,
              &(struct button){.id = erase ? "key.backspace" : tree_format(b->tree, "key.%s", text),
                               .label = erase ? say(b, "key.backspace") : text,
                               .icon = erase ? "erase" : NULL,
                               .role = ROLE_KEY,
                               .variant = VARIANT_SECONDARY,
                               .style = STYLE_LEAD,
                               .action = act_text(intent, NULL, text)});
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
        box.w += i == last ? spare * (width + gap) : 0;
        symbol_at(b, box, intent,
                  i == last ? "\b" : tree_format(b->tree, "%c", symbols[i]));
    }
}
