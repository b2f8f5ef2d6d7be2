// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over a screen: it covers all but the header, so that 急难 and staff stay in reach.
#include "ui/screens/screens.h"
#include "yimen/base/text.h"
#include "yimen/port/call.h"

static void veil_between(struct build *b, int left, int right, int bottom)
{
    struct box box = {left, 0, right - left, bottom};
    tree_add(b->tree, ROLE_PANEL, box, "", "")->fill = COLOUR_SCRIM;
}

// Everything but "hide", "call" and 急难 goes behind a veil; returns where the tools end.
static int veil_header(struct build *b)
{
    int bottom = 0, left = b->window.w, gap = ui_measure(b, MEASURE_GAP) / 2;
    const struct node *hide = NULL;
    for (size_t i = 0; i < b->tree->count; i++) {
        struct node *node = b->tree->nodes[i];
        if (text_equal(node->id, "urgent") || text_equal(node->id, "call")) {
            bottom = node->box.y + node->box.h + ui_measure(b, MEASURE_MARGIN) / 2;
            left = node->box.x < left ? node->box.x : left;
        } else if (text_equal(node->id, "hide")) {
            hide = node;
        } else {
            node->state |= STATE_INERT;
        }
    }
    if (hide) {
        veil_between(b, 0, hide->box.x - gap, bottom);
    }
    veil_between(b, hide ? hide->box.x + hide->box.w + gap : 0, left - gap, bottom);
    return bottom;
}

static void veil(struct build *b, bool stay)
{
    int top = veil_header(b);
    struct box box = {0, top, b->window.w, b->window.h - top};
    struct node *scrim = tree_add(b->tree, ROLE_PANEL, box, "scrim", "");
    scrim->fill = COLOUR_SCRIM;
    if (stay) {
        scrim->action = act_send(INTENT_CLOSE_OVERLAY);
    }
}

struct sheet {
    struct box box;
    size_t ground;
};

// A sheet in the middle; its height is set when what is on it is known.
static struct sheet sheet_open(struct build *b)
{
    int margin = ui_measure(b, MEASURE_MARGIN), pad = ui_measure(b, MEASURE_PAD) * 3 / 2;
    int width = b->landscape ? b->window.w * (b->theme->size > TEXT_SIZE_M ? 90 : 62) / 100
                             : b->window.w - 2 * margin;
    struct box scrim = b->tree->nodes[b->tree->count - 1]->box;
    struct sheet sheet = {{(b->window.w - width) / 2, scrim.y, width, scrim.h}, b->tree->count};
    panel_at(b, sheet.box, COLOUR_SURFACE, COLOUR_LINE);
    b->is_split = false;
    b->footer = (struct box){0};
    b->page = (struct page){0};
    b->main =
        (struct flow){.view = {sheet.box.x + pad, 0, width - 2 * pad, scrim.h - 2 * pad - margin},
                      .blocks = b->main.blocks};
    b->flow = &b->main;
    return sheet;
}

static void sheet_close(struct build *b, struct sheet *sheet)
{
    int pad = ui_measure(b, MEASURE_PAD) * 3 / 2;
    int height = b->main.y - ui_measure(b, MEASURE_GAP) + 2 * pad;
    int most = sheet->box.h - ui_measure(b, MEASURE_MARGIN);
    height = height < most ? height : most;
    int top = sheet->box.y + (sheet->box.h - height) / 2;
    struct node *panel = b->tree->nodes[sheet->ground];
    panel->box.y = top;
    panel->box.h = height;
    panel->radius = ui_measure(b, MEASURE_RADIUS) * 2;
    b->main.view.y = top + pad;
    b->main.view.h = height - 2 * pad;
    int page = b->tree->page, pages = b->tree->pages;
    page_close(b);
    b->tree->page = b->tree->pages > 1 ? b->tree->page : page;
    b->tree->pages = b->tree->pages > 1 ? b->tree->pages : pages;
}

static struct node *put_icon(struct build *b, const char *icon, int least)
{
    int side = ui_measure(b, MEASURE_ICON_LARGE) * 3 / 2;
    struct box box = flow_take(b, side > least ? side : least);
    struct node *node = tree_add(b->tree, ROLE_IMAGE, box, "", "");
    icon_part(b, node, icon,
              (struct box){box.x + (box.w - side) / 2, box.y + (box.h - side) / 2, side, side},
              COLOUR_ACCENT);
    return node;
}

static void put_answer(struct build *b, const char *id, const char *key, enum variant variant,
                       struct action action)
{
    put_button(b, &(struct button){.id = id,
                                   .label = say(b, key),
                                   .variant = variant,
                                   .style = STYLE_LEAD,
                                   .action = action});
}

static void overlay_idle(struct build *b)
{
    (void)put_icon(b, "clock", 0);
    put_heading(b, say(b, "idle.title"));
    const char *const pairs[] = {"seconds", number_text(b, b->view->countdown_s), NULL};
    put_text(b, STYLE_BODY, COLOUR_INK,
             say_with(b,
                      b->view->has_ticket  ? "idle.text.ticket"
                      : b->view->will_park ? "idle.text.park"
                                           : "idle.text",
                      pairs));
    put_answer(b, "stay", "idle.stay", VARIANT_PRIMARY, act_send(INTENT_CLOSE_OVERLAY));
}

static void overlay_leave(struct build *b)
{
    (void)put_icon(b, "leave", 0);
    const struct view *view = b->view;
    bool kept = view->has_ticket && !view->ticket_behind;
    bool advises = view->service && view->service->advises; // there is nothing to hand in
    put_heading(b, say(b, "leave.title"));
    put_text(b, STYLE_BODY, COLOUR_INK,
             say(b, kept                ? "leave.text.ticket"
                    : view->has_ticket  ? "leave.text.ticket-behind"
                    : view->leaves_kept ? "leave.text.kept"
                    : advises           ? "leave.text.advice"
                                        : "leave.text"));
    put_answer(b, "close", "leave.stay", VARIANT_PRIMARY, act_send(INTENT_CLOSE_OVERLAY));
    if (view->may_take_ticket) {
        put_answer(b, "ticket", view->has_ticket ? "leave.ticket-again" : "leave.ticket",
                   VARIANT_SECONDARY, act_send(INTENT_TICKET));
    }
    if (view->may_park) {
        put_answer(b, "park", "leave.park", VARIANT_SECONDARY, act_send(INTENT_PARK));
    }
    put_answer(b, "leave-sure",
               kept                ? "leave.sure.ticket"
               : view->leaves_kept ? "leave.sure.kept"
                                   : "leave.sure",
               VARIANT_SECONDARY, act_send(INTENT_LEAVE_SURE));
}

static void overlay_remove(struct build *b)
{
    const char *const pairs[] = {"name", b->view->remove_label ? b->view->remove_label : "", NULL};
    (void)put_icon(b, "remove", 0);
    put_heading(b, say_with(b, "remove.title", pairs));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "remove.text"));
    put_answer(b, "close", "remove.keep", VARIANT_PRIMARY, act_send(INTENT_CLOSE_OVERLAY));
    put_answer(b, "remove-sure", "remove.sure", VARIANT_SECONDARY,
               act_text(INTENT_REMOVE_SURE, b->view->remove_ref, NULL));
}

static void overlay_withdraw(struct build *b)
{
    (void)put_icon(b, "remove", 0);
    put_heading(b, say(b, "withdraw.title"));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "withdraw.text"));
    put_answer(b, "close", "withdraw.keep", VARIANT_PRIMARY, act_send(INTENT_CLOSE_OVERLAY));
    put_answer(b, "withdraw-sure", "withdraw.sure", VARIANT_SECONDARY,
               act_send(INTENT_TRACK_WITHDRAW_SURE));
}

static bool is_over(enum screen screen)
{
    return screen == SCREEN_SAVING || screen == SCREEN_SAVED || screen == SCREEN_RATING ||
           screen == SCREEN_DONE || screen == SCREEN_PROBLEM;
}

static void put_phones(struct build *b)
{
    static const char *const phones[] = {"hotline", "police", "fire", "ambulance"};
    const struct view *view = b->view;
    if (view->counter_phone && view->counter_phone[0]) { // never one that was not set
        put_fact(b, say(b, "call.phone.counter"), view->counter_phone);
    } else if (view->counter_name && view->counter_name[0]) {
        put_fact(b, say(b, "call.window"), view->counter_name);
    }
    for (size_t i = 0; i < sizeof(phones) / sizeof(*phones); i++) {
        put_fact(b, say(b, tree_format(b->tree, "call.phone.%s", phones[i])),
                 say(b, tree_format(b->tree, "phone.%s", phones[i])));
    }
    flow_skip(b, ui_measure(b, MEASURE_GAP));
}

// One sentence for each thing that was reached.
static const char *reached_text(struct build *b)
{
    static const struct {
        unsigned reached;
        const char *key;
    } sentences[] = {
        {CALL_REACHED_LAMP, "call.reached.lamp"},
        {CALL_REACHED_SOUND, "call.reached.sound"},
        {CALL_REACHED_DESK, "call.reached.desk"},
        {CALL_REACHED_DUTY, "call.reached.duty"},
    };
    const char *text = "", *between = text_equal(b->view->language, "zh") ? "" : " ";
    for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++) {
        if (b->view->call_reached & sentences[i].reached) {
            text = tree_format(b->tree, "%s%s%s", text, text[0] ? between : "",
                               say(b, sentences[i].key));
        }
    }
    return text;
}

// Something that was filled in lies underneath: said only then, and only then does it go on.
static void put_call_close(struct build *b, const char *text)
{
    bool goes_on = b->view->visit_open;
    if (text) {
        put_text(b, STYLE_BODY, COLOUR_INK, text);
    }
    if (goes_on && !b->view->call_answered) {
        put_text(b, STYLE_BODY, COLOUR_INK, say(b, "call.kept"));
    }
    put_answer(b, "close", goes_on ? "call.close" : "call.close.plain", VARIANT_PRIMARY,
               act_send(INTENT_CLOSE_OVERLAY));
}

// ------------------------------------------------------------------ where nothing can be saved

static const char *outage_heading(const struct view *view)
{
    if (!view->slip_asked) {
        return view->call_reached ? "call.waiting" : "call.nobody";
    }
    switch (view->slip_state) {
    case RECEIPT_COMPOSED:
    case RECEIPT_ACCEPTED: return "outage.slip.printing";
    case RECEIPT_PRINTED: return "outage.slip.printed";
    case RECEIPT_UNKNOWN: return "outage.slip.unknown";
    case RECEIPT_FAILED:
    case RECEIPT_WAITING_FOR_OWNER: break;
    }
    return "outage.slip.failed";
}

// A machine that can take no case: what is in the hand, that nothing is kept, whom to go to now.
static void overlay_outage(struct build *b)
{
    const struct view *view = b->view;
    const char *heading = outage_heading(view);
    bool holds = view->slip_asked && !text_equal(heading, "outage.slip.failed");
    (void)put_icon(b, view->slip_asked ? "paper" : "call", 0);
    put_heading(b, say(b, heading));
    if (view->slip_asked && view->slip_problem_key) {
        put_text(b, STYLE_BODY, COLOUR_INK, say(b, view->slip_problem_key));
    }
    put_text(b, STYLE_STRONG, COLOUR_INK, say(b, "outage.not-saved"));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, holds ? "outage.next.slip" : "outage.next"));
    if (view->call_reached) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, reached_text(b));
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "outage.unheard"));
    }
    put_phones(b);
    put_answer(b, "close", "call.close.plain", VARIANT_PRIMARY, act_send(INTENT_CLOSE_OVERLAY));
}

// ------------------------------------------------------------------ a call

static void overlay_call(struct build *b)
{
    const struct view *view = b->view;
    if (view->outage) {
        overlay_outage(b);
        return;
    }
    // A clerk who has come answers here, without leaving what is open underneath.
    struct node *bell = put_icon(b, "call", ui_measure(b, MEASURE_TARGET));
    bell->id = "bell";
    bell->name = say(b, "call.bell");
    bell->action = (struct action){.act = ACT_BRAND};
    if (view->call_answered) {
        put_heading(b, say(b, "call.answered"));
        put_call_close(b, say(b, "call.answered.text"));
    } else if (!view->call_reached || view->call_unanswered) {
        bool nobody = !view->call_reached;
        put_heading(b, say(b, nobody ? "call.nobody" : "call.unanswered"));
        put_text(b, STYLE_BODY, COLOUR_INK,
                 say(b, nobody ? "call.nobody.text" : "call.unanswered.text"));
        put_phones(b);
        put_call_close(b, NULL);
    } else {
        put_heading(b, say(b, "call.waiting"));
        put_text(b, STYLE_BODY, COLOUR_INK, reached_text(b));
        put_call_close(b, say(b, "call.waiting.text"));
    }
}

// On every visit alike: who needs it must not stand out by having it.
static void put_hiding(struct build *b)
{
    bool is_offered = b->view->service && b->view->screen != SCREEN_CODE &&
                      b->view->screen != SCREEN_TICKET && !is_over(b->view->screen);
    if (!is_offered) {
        return;
    }
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "help.hide"));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "help.hide.chosen"));
    put_answer(b, "hide-code", b->view->has_hide_code ? "help.hide.change" : "help.hide.choose",
               VARIANT_SECONDARY, act_send(INTENT_HIDE_CODE));
}

static void overlay_help(struct build *b)
{
    (void)put_icon(b, "help", 0);
    put_heading(b, say(b, "help.title"));
    put_text(b, STYLE_BODY, COLOUR_INK,
             say(b, tree_format(b->tree, "help.%s", screen_name(b->view->screen))));
    const struct form_screen *form = b->view->form_screen;
    for (size_t i = 0; form && b->view->screen == SCREEN_QUESTION && i < form->question_count;
         i++) {
        put_text(b, STYLE_BODY, COLOUR_INK, form->questions[i].guidance);
    }
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "help.staff"));
    put_hiding(b);
    put_answer(b, "close", "help.close", VARIANT_PRIMARY, act_send(INTENT_CLOSE_OVERLAY));
}

static void overlay_form_changed(struct build *b)
{
    (void)put_icon(b, "change", 0);
    put_heading(b, say(b, "ticket.form-changed"));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "ticket.form-changed.text"));
    put_answer(b, "close", "ticket.form-changed.close", VARIANT_PRIMARY,
               act_send(INTENT_CLOSE_OVERLAY));
}

static void overlay_code(struct build *b)
{
    (void)put_icon(b, "attention", 0);
    put_heading(b, say(b, "code.title"));
    put_text(b, STYLE_BODY, COLOUR_INK,
             say(b, b->view->code_message_key ? b->view->code_message_key : "code.not-ours"));
    put_answer(b, "close", "code.close", VARIANT_PRIMARY, act_send(INTENT_CLOSE_OVERLAY));
}

// What became of a call, under the number of whoever says so. Nothing is chosen by leaving.
static void overlay_answer(struct build *b)
{
    static const char *const answers[] = {VIEW_CALL_ANSWERS};
    const struct view *view = b->view;
    bool dated = view->call_since && view->call_since[0];
    const char *const pairs[] = {"since", dated ? view->call_since : "", "staff",
                                 view->staff_number ? view->staff_number : "", NULL};
    put_heading(b, say_with(b, dated ? "staff.answer.title.since" : "staff.answer.title", pairs));
    put_text(b, STYLE_BODY, COLOUR_INK, say_with(b, "staff.answer.text", pairs));
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
        put_button(b, &(struct button){
                          .id = tree_format(b->tree, "answer.%s", answers[i]),
                          .label = say(b, tree_format(b->tree, "staff.answer.%s", answers[i])),
                          .at_start = true,
                          .variant = VARIANT_CHOICE,
                          .action = act_text(INTENT_STAFF_ANSWER_CALL, NULL, answers[i])});
    }
    put_answer(b, "close", "staff.answer.not-yet", VARIANT_SECONDARY,
               act_send(INTENT_CLOSE_OVERLAY));
}

// ------------------------------------------------------------------ comfort

static struct button option(const char *id, const char *label, bool chosen, struct action action)
{
    return (struct button){.id = id,
                           .label = label,
                           .icon = chosen ? "radio-on" : "radio-off",
                           .variant = VARIANT_CHOICE,
                           .role = ROLE_RADIO,
                           .chosen = chosen,
                           .at_start = true,
                           .style = STYLE_BODY,
                           .action = action};
}

static void put_options(struct build *b, const char *title_key, const struct button *buttons,
                        size_t count, int columns)
{
    put_text(b, STYLE_STRONG, COLOUR_INK, say(b, title_key));
    flow_keep(b);
    bool narrow = b->theme->size == TEXT_SIZE_XL && !b->landscape;
    put_grid(b, buttons, count, narrow && columns > 2 ? 2 : columns);
    flow_skip(b, ui_measure(b, MEASURE_GAP));
}

static void overlay_comfort(struct build *b)
{
    static const char *const languages[] = {"zh", "en", "ko"};
    static const char *const sizes[] = {"s", "m", "l", "xl"};
    static const char *const contrasts[] = {"default", "on-white", "on-black", "low"};
    struct button buttons[4];
    put_heading(b, say(b, "comfort.title"));
    for (size_t i = 0; i < 3; i++) {
        buttons[i] = option(tree_format(b->tree, "language.%s", languages[i]),
                            say(b, tree_format(b->tree, "language.%s", languages[i])),
                            text_equal(languages[i], b->view->language),
                            act_text(INTENT_LANGUAGE, NULL, languages[i]));
    }
    put_options(b, "comfort.language", buttons, 3, 3);
    for (int i = 0; i < 4; i++) {
        buttons[i] = option(tree_format(b->tree, "size.%s", sizes[i]),
                            say(b, tree_format(b->tree, "comfort.size.%s", sizes[i])),
                            b->view->size == (enum text_size)i, act_number(INTENT_SIZE, NULL, i));
    }
    put_options(b, "comfort.size", buttons, 4, b->landscape ? 4 : 2);
    for (int i = 0; i < 4; i++) {
        buttons[i] =
            option(tree_format(b->tree, "contrast.%s", contrasts[i]),
                   say(b, tree_format(b->tree, "comfort.contrast.%s", contrasts[i])),
                   b->view->contrast == (enum contrast)i, act_number(INTENT_CONTRAST, NULL, i));
    }
    put_options(b, "comfort.contrast", buttons, 4, b->landscape ? 4 : 2);
    put_answer(b, "close", "comfort.close", VARIANT_PRIMARY, act_send(INTENT_CLOSE_OVERLAY));
}

void overlay_build(struct build *b)
{
    static void (*const overlays[])(struct build *) = {
        [OVERLAY_IDLE] = overlay_idle,
        [OVERLAY_LEAVE] = overlay_leave,
        [OVERLAY_CALL] = overlay_call,
        [OVERLAY_COMFORT] = overlay_comfort,
        [OVERLAY_HELP] = overlay_help,
        [OVERLAY_REMOVE] = overlay_remove,
        [OVERLAY_CODE] = overlay_code,
        [OVERLAY_WITHDRAW] = overlay_withdraw,
        [OVERLAY_FORM_CHANGED] = overlay_form_changed,
        [OVERLAY_ANSWER] = overlay_answer,
    };
    veil(b, b->view->overlay == OVERLAY_IDLE);
    struct sheet sheet = sheet_open(b);
    overlays[b->view->overlay](b);
    sheet_close(b, &sheet);
}
