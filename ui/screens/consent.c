// SPDX-License-Identifier: GPL-3.0-or-later
// One consent a screen; two answers of equal standing, none chosen beforehand.
#include "ui/screens/screens.h"

void screen_consent(struct build *b)
{
    const struct view *view = b->view;
    const char *id = view->consent ? view->consent : "";
    page_open(b, &(struct page){.next_key = view->consent_asked ? "common.next" : NULL,
                                .next = INTENT_NEXT,
                                .back = INTENT_BACK,
                                .split = true});
    put_heading(b, say(b, tree_format(b->tree, "consent.%s.title", id)));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, tree_format(b->tree, "consent.%s.text", id)));
    flow_main(b);
    bool yes = view->consent_asked && view->consent_given;
    bool no = view->consent_asked && !view->consent_given;
    const struct button buttons[2] = {{.id = "choice.agree",
                                       .label = say(b, "consent.agree"),
                                       .icon = yes ? "radio-on" : "radio-off",
                                       .variant = VARIANT_CHOICE,
                                       .role = ROLE_RADIO,
                                       .chosen = yes,
                                       .at_start = true,
                                       .style = STYLE_LEAD,
                                       .action = act_number(INTENT_CONSENT, NULL, 1)},
                                      {.id = "choice.disagree",
                                       .label = say(b, "consent.disagree"),
                                       .icon = no ? "radio-on" : "radio-off",
                                       .variant = VARIANT_CHOICE,
                                       .role = ROLE_RADIO,
                                       .chosen = no,
                                       .at_start = true,
                                       .style = STYLE_LEAD,
                                       .action = act_number(INTENT_CONSENT, NULL, 0)}};
    size_t first = b->flow->count;
    put_grid(b, buttons, 2, b->landscape && !b->is_split ? 2 : 1);
    flow_bind(b, first);
    put_text(b, STYLE_SMALL, COLOUR_INK_SOFT, say(b, "consent.free"));
    page_close(b);
}
