// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/screens.h"

void screen_commitment(struct build *b)
{
    page_open(
        b, &(struct page){.next_key = "commitment.next", .next = INTENT_NEXT, .back = INTENT_BACK});
    put_heading(b, say(b, "commitment.title"));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "commitment.text"));
    flow_skip(b, ui_measure(b, MEASURE_PAD));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "commitment.authorisation"));
    page_close(b);
}
