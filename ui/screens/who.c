// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/screens.h"
#include "yimen/base/text.h"

void screen_who(struct build *b)
{
    static const char *const values[] = {"self", "other", "helped"};
    static const char *const icons[] = {"person", "people", "helper"};
    const char *who = b->view->who ? b->view->who : "";
    page_open(
        b, &(struct page){
               .next_key = "common.next", .next = INTENT_NEXT, .back = INTENT_BACK, .split = true});
    put_heading(b, say(b, "who.title"));
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "who.text"));
    if (b->view->show_violations && !who[0]) {
        put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say(b, "who.choose"));
    }
    flow_main(b);
    struct button buttons[3];
    for (size_t i = 0; i < 3; i++) {
        buttons[i] =
            (struct button){.id = tree_format(b->tree, "choice.%s", values[i]),
                            .label = say(b, tree_format(b->tree, "who.%s", values[i])),
                            .sub = say(b, tree_format(b->tree, "who.%s.text", values[i])),
                            .icon = icons[i],
                            .badge = true,
                            .trailing = text_equal(who, values[i]) ? "radio-on" : "radio-off",
                            .variant = VARIANT_CHOICE,
                            .role = ROLE_RADIO,
                            .style = STYLE_LEAD,
                            .chosen = text_equal(who, values[i]),
                            .at_start = true,
                            .action = act_text(INTENT_WHO, NULL, values[i])};
    }
    put_grid(b, buttons, 3, 1);
    page_close(b);
}
