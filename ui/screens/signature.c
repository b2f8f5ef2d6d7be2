// SPDX-License-Identifier: GPL-3.0-or-later
// Signing has equal ways; an outstanding signature never blocks.
#include "ui/screens/screens.h"
#include "ui/widgets/widgets.h"

static void put_ways(struct build *b)
{
    enum signature_way way = b->view->signature;
    bool drawn = b->local->stroke_count > 0;
    const struct button buttons[] = {
        {.id = "sign.witnessed",
         .label = say(b, "signature.witnessed"),
         .sub = say(b, "signature.witnessed.text"),
         .icon = way == SIGNATURE_WITNESSED && !drawn ? "radio-on" : "helper",
         .at_start = true,
         .variant = VARIANT_CHOICE,
         .role = ROLE_RADIO,
         .chosen = way == SIGNATURE_WITNESSED && !drawn,
         .action = act_number(INTENT_SIGN, NULL, SIGNATURE_WITNESSED)},
        {.id = "sign.outstanding",
         .label = say(b, "signature.outstanding"),
         .sub = say(b, "signature.outstanding.text"),
         .icon = way == SIGNATURE_OUTSTANDING && !drawn ? "radio-on" : "home",
         .at_start = true,
         .variant = VARIANT_CHOICE,
         .role = ROLE_RADIO,
         .chosen = way == SIGNATURE_OUTSTANDING && !drawn,
         .action = act_number(INTENT_SIGN, NULL, SIGNATURE_OUTSTANDING)}};
    put_grid(b, buttons, 2, 1);
}

void screen_signature(struct build *b)
{
    page_open(b, &(struct page){.next_key = "common.submit",
                                .next = INTENT_SUBMIT,
                                .back = INTENT_BACK,
                                .split = true});
    put_heading(b, say(b, "signature.title"));
    bool kept = b->view->signature == SIGNATURE_DRAWN && b->local->stroke_count == 0;
    if (b->view->show_violations && b->view->signature == SIGNATURE_NONE &&
        b->local->stroke_count == 0) {
        put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say(b, "signature.choose"));
    } else if (kept) {
        put_notice(b, "kept", "good", COLOUR_TINT, COLOUR_INK, say(b, "signature.kept"));
    } else if (b->view->signature == SIGNATURE_WITNESSED) {
        put_notice(b, "kept", "good", COLOUR_TINT, COLOUR_INK, say(b, "signature.was-witnessed"));
    }
    if (b->is_split) {
        put_ways(b);
        flow_main(b);
    }
    int target = ui_measure(b, MEASURE_TARGET), gap = ui_measure(b, MEASURE_GAP);
    int room = b->is_split ? b->main.view.h - target * 5 / 4 - gap : to_px(b, 78);
    put_signature_pad(b, room > to_px(b, 90) ? to_px(b, 90) : room);
    struct button clear = {.id = "sign.clear",
                           .label = say(b, "signature.clear"),
                           .icon = "erase",
                           .variant = VARIANT_SECONDARY,
                           .action = {.act = ACT_CLEAR_STROKES}};
    put_button(b, &clear);
    if (!b->is_split) {
        flow_skip(b, gap);
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "signature.or"));
        flow_keep(b);
        put_ways(b);
    }
    page_close(b);
}

// A character that cannot be typed. The pad is square, as the character is, and takes the room that
// there is: whoever needs the largest text needs room for the finger too.
void screen_character(struct build *b)
{
    page_open(b, &(struct page){.next_key = b->local->stroke_count ? "character.use" : NULL,
                                .next = INTENT_NEXT,
                                .back = INTENT_BACK,
                                .split = true});
    put_heading(b, say(b, "character.title"));
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "character.text"));
    flow_main(b);
    const struct button clear = {.id = "character.clear",
                                 .label = say(b, "signature.clear"),
                                 .icon = "erase",
                                 .variant = VARIANT_SECONDARY,
                                 .action = {.act = ACT_CLEAR_STROKES}};
    int below = button_height(b, &clear, flow_width(b)) + 2 * ui_measure(b, MEASURE_GAP);
    int room = b->main.view.h - b->main.y - below, least = to_px(b, 70), most = to_px(b, 200);
    put_character_pad(b, room < least ? least : room > most ? most : room);
    put_button(b, &clear);
    page_close(b);
}
