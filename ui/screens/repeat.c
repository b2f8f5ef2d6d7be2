// SPDX-License-Identifier: GPL-3.0-or-later
// The people (or things) of a repeat: change, take away, add, go on.
#include "ui/screens/screens.h"

static void put_instance(struct build *b, const struct form_screen *screen, size_t index)
{
    int gap = ui_measure(b, MEASURE_GAP), width = flow_width(b);
    struct button open = {.id = tree_format(b->tree, "instance.%zu", index + 1),
                          .label = screen->instance_labels[index],
                          .icon = "person",
                          .trailing = "change",
                          .at_start = true,
                          .variant = VARIANT_CHOICE,
                          .action =
                              act_text(INTENT_OPEN_INSTANCE, screen->instance_refs[index], NULL)};
    struct button remove = {.id = tree_format(b->tree, "remove.%zu", index + 1),
                            .label = say(b, "repeat.remove"),
                            .icon = "remove",
                            .icon_above = true,
                            .style = STYLE_SMALL,
                            .variant = VARIANT_TOOL,
                            .action = act_text(INTENT_REMOVE, screen->instance_refs[index], NULL)};
    int side = screen->may_remove ? width / 5 : 0, wide = width - (side ? side + gap : 0);
    int height = button_height(b, &open, wide), other = side ? button_height(b, &remove, side) : 0;
    struct box row = flow_take(b, height > other ? height : other);
    button_at(b, (struct box){row.x, row.y, wide, row.h}, &open);
    if (side) {
        button_at(b, (struct box){row.x + wide + gap, row.y, side, row.h}, &remove);
    }
}

void screen_repeat(struct build *b)
{
    const struct form_screen *screen = b->view->form_screen;
    bool none = !screen || !screen->instance_count;
    page_open(b, &(struct page){.next_key = none ? "repeat.done-none" : "repeat.done",
                                .next = INTENT_NEXT,
                                .back = INTENT_BACK,
                                .split = true});
    if (!screen) {
        page_close(b);
        return;
    }
    put_heading(b, screen->group_label[0] ? screen->group_label : say(b, "repeat.title"));
    const char *const count[] = {"count", number_text(b, (long long)screen->instance_count), NULL};
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT,
             screen->instance_count ? say_with(b, "repeat.count", count) : say(b, "repeat.none"));
    flow_main(b);
    for (size_t i = 0; i < screen->instance_count; i++) {
        put_instance(b, screen, i);
    }
    if (screen->may_add) {
        struct button add = {.id = "add",
                             .label = say(b, none ? "repeat.add-first" : "repeat.add"),
                             .icon = "plus",
                             .variant = VARIANT_SECONDARY,
                             .style = STYLE_LEAD,
                             .action = act_text(INTENT_ADD, screen->ref, NULL)};
        put_button(b, &add);
    }
    page_close(b);
}
