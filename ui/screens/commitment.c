// SPDX-License-Identifier: GPL-3.0-or-later
// What is promised and authorised. Who does not want to says so here, is told what that means, and
// may still do everything: read again, go back, call a clerk, leave, or change their mind.
#include "ui/screens/screens.h"

void screen_commitment(struct build *b)
{
    page_open(
        b, &(struct page){.next_key = "commitment.next", .next = INTENT_NEXT, .back = INTENT_BACK});
    put_heading(b, say(b, "commitment.title"));
    put_items(b, "items.commitment");
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "commitment.text"));
    flow_skip(b, ui_measure(b, MEASURE_PAD));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "commitment.authorisation"));
    flow_skip(b, ui_measure(b, MEASURE_PAD));
    if (b->view->consent_asked && !b->view->consent_given)
        put_notice(b, "declined", "shield", COLOUR_TINT, COLOUR_INK, say(b, "commitment.declined"));
    else
        put_button(b, &(struct button){.id = "decline",
                                       .label = say(b, "commitment.decline"),
                                       .variant = VARIANT_SECONDARY,
                                       .action = act_number(INTENT_CONSENT, NULL, 0)});
    page_close(b);
}
