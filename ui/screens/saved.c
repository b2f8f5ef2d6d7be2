// SPDX-License-Identifier: GPL-3.0-or-later
// Saving, saved, thanked, gone: the end of a visit. What is true is said, and no more.
#include "ui/screens/screens.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"

static void put_middle_icon(struct build *b, const char *icon, enum colour colour)
{
    int side = ui_measure(b, MEASURE_ICON_LARGE) * 2;
    struct box box = flow_take(b, side);
    struct node *node = tree_add(b->tree, ROLE_IMAGE, box, "", "");
    icon_part(b, node, icon, (struct box){box.x + (box.w - side) / 2, box.y, side, side}, colour);
}

static void put_middle(struct build *b, enum role role, const char *id, enum text_style style,
                       enum colour colour, const char *text)
{
    struct box box = flow_take(b, text_height(b, style, text, flow_width(b)));
    text_at(b, role, id, style, colour, text, box, ALIGN_CENTRE);
}

void screen_saving(struct build *b)
{
    page_open(b, &(struct page){0});
    flow_skip(b, b->main.view.h / 5);
    put_middle_icon(b, "wait", COLOUR_ACCENT);
    put_middle(b, ROLE_HEADING, "title", STYLE_TITLE, COLOUR_INK, say(b, "saving.title"));
    put_middle(b, ROLE_TEXT, "", STYLE_BODY, COLOUR_INK_SOFT, say(b, "saving.text"));
    page_close(b);
}

static const char *state_key(enum receipt_state state)
{
    switch (state) {
    case RECEIPT_COMPOSED:
    case RECEIPT_ACCEPTED: return "saved.printing";
    case RECEIPT_PRINTED: return "saved.printed";
    case RECEIPT_FAILED: return "saved.failed";
    case RECEIPT_UNKNOWN: return "saved.unknown";
    case RECEIPT_WAITING_FOR_OWNER: return "saved.waiting";
    }
    return "saved.printing";
}

static void put_number(struct build *b)
{
    const char *number = b->view->receipt_number;
    int pad = ui_measure(b, MEASURE_PAD), width = flow_width(b) - 2 * pad;
    char grouped[RECEIPT_NUMBER_SHOWN];
    receipt_number_show(number, grouped, sizeof grouped);
    PangoLayout *label = set_text(b, STYLE_SMALL, say(b, "saved.number"), width, ALIGN_CENTRE);
    PangoLayout *digits = set_text(b, STYLE_NUMBER, grouped, width, ALIGN_CENTRE);
    int w, label_h, digits_h;
    layout_size(label, &w, &label_h);
    layout_size(digits, &w, &digits_h);
    struct box box = flow_take(b, label_h + digits_h + pad * 3 / 2);
    struct node *node = tree_add(b->tree, ROLE_TEXT, box, "receipt-number", say(b, "saved.number"));
    node->value = arena_strdup(b->tree->arena, number);
    node->fill = COLOUR_SURFACE;
    node->line = COLOUR_ACCENT;
    node->line_px = to_px(b, 0.7);
    node->radius = ui_measure(b, MEASURE_RADIUS);
    int y = box.y + pad * 3 / 4;
    tree_text(b->tree, node, label, (struct box){box.x + pad, y, width, label_h}, COLOUR_INK_SOFT);
    tree_text(b->tree, node, digits, (struct box){box.x + pad, y + label_h, width, digits_h},
              COLOUR_INK);
}

static void put_receipt_state(struct build *b)
{
    const struct view *view = b->view;
    enum receipt_state state = view->receipt_state;
    bool bad = state == RECEIPT_FAILED || state == RECEIPT_UNKNOWN;
    const char *text = say(b, state_key(state));
    if (view->receipt_problem_key) {
        text = tree_format(b->tree, "%s%s%s", say(b, view->receipt_problem_key),
                           say(b, "common.stop"), text);
    }
    put_notice(b, "receipt-state",
               bad                        ? "attention"
               : state == RECEIPT_PRINTED ? "good"
                                          : "printer",
               bad ? COLOUR_NOTICE : COLOUR_TINT, bad ? COLOUR_ON_NOTICE : COLOUR_INK, text);
    if (bad || state == RECEIPT_WAITING_FOR_OWNER) { // perhaps a second one: it says so on itself
        struct button again = {
            .id = "reprint",
            .label = say(b, state == RECEIPT_UNKNOWN ? "saved.reprint.marked" : "saved.reprint"),
            .icon = "printer",
            .variant = VARIANT_SECONDARY,
            .action = act_send(INTENT_REPRINT)};
        put_button(b, &again);
    }
}

static bool is_urgent(const struct build *b)
{
    return b->view->service && b->view->service->urgent;
}

static const char *title_key(const struct view *view)
{
    if (!view->service)
        return "saved.title";
    if (view->service->urgent)
        return "saved.title.urgent";
    if (view->service->type == RECEIPT_TYPE_REPORT)
        return "saved.title.said";
    // A withdrawal or a mistake put right is no application, and "yours is saved" would unsettle.
    return view->service->type == RECEIPT_TYPE_CHANGE ? "saved.title.change" : "saved.title";
}

// The one promise, who does what now, where to wait, and what to do when it gets worse.
static void put_urgent_after(struct build *b)
{
    const char *const hours[] = {"hours", number_text(b, b->view->service->limit_hours), NULL};
    put_notice(b, "promise", "clock", COLOUR_NOTICE, COLOUR_ON_NOTICE,
               say_with(b, "urgent.promise", hours));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "urgent.after.who"));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "urgent.after.where"));
    put_text(b, STYLE_STRONG, COLOUR_INK, say(b, "urgent.after.danger"));
}

void screen_saved(struct build *b)
{
    const struct view *view = b->view;
    bool printed = view->receipt_state == RECEIPT_PRINTED;
    page_open(b, &(struct page){.next_key = printed ? "saved.have" : "saved.have.noted",
                                .next = INTENT_HAVE_RECEIPT,
                                .split = true});
    if (!b->landscape || b->theme->size <= TEXT_SIZE_M) {
        put_middle_icon(b, "good", COLOUR_GOOD);
        flow_keep(b);
    }
    put_middle(b, ROLE_HEADING, "title", STYLE_TITLE, COLOUR_INK, say(b, title_key(view)));
    if (view->receipt_number) {
        put_number(b);
    }
    put_items(b, "items.saved");
    if (is_urgent(b)) {
        put_urgent_after(b);
    } else if (view->service) {
        put_text(b, STYLE_BODY, COLOUR_INK,
                 say(b, tree_format(b->tree, "service.%s.after", view->service->id)));
    }
    flow_main(b);
    put_receipt_state(b);
    put_qr_code(b, say(b, "saved.qr"));
    page_close(b);
}

void screen_rating(struct build *b)
{
    static const char *const icons[] = {"face-5", "face-4", "face-3", "face-2", "face-1"};
    page_open(b, &(struct page){.next_key = b->view->rating ? "common.next" : "rating.skip",
                                .next = b->view->rating ? INTENT_NEXT : INTENT_RATE,
                                .split = true});
    put_heading(b, say(b, "rating.title"));
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "rating.text"));
    flow_main(b);
    struct button buttons[5];
    for (int i = 0; i < 5; i++) {
        int grade = 5 - i;
        buttons[i] = (struct button){.id = tree_format(b->tree, "rate.%d", grade),
                                     .label = say(b, tree_format(b->tree, "rating.%d", grade)),
                                     .icon = icons[i],
                                     .variant = VARIANT_CHOICE,
                                     .role = ROLE_RADIO,
                                     .chosen = b->view->rating == grade,
                                     .at_start = true,
                                     .action = act_number(INTENT_RATE, NULL, grade)};
    }
    put_grid(b, buttons, 5, 1);
    page_close(b);
}

// Where services go one after the other.
static void put_afterwards(struct build *b)
{
    struct button buttons[VIEW_AFTERWARDS];
    const struct view *view = b->view;
    if (view->afterwards_count == 0) {
        return;
    }
    put_text(b, STYLE_STRONG, COLOUR_INK, say(b, "done.afterwards"));
    flow_keep(b);
    for (size_t i = 0; i < view->afterwards_count; i++) {
        const char *id = view->afterwards[i]->id;
        buttons[i] = (struct button){.id = tree_format(b->tree, "afterwards.%s", id),
                                     .label = say(b, tree_format(b->tree, "service.%s.name", id)),
                                     .variant = VARIANT_SECONDARY,
                                     .action = act_text(INTENT_SERVICE, NULL, id)};
    }
    put_grid(b, buttons, view->afterwards_count, b->theme->size == TEXT_SIZE_XL ? 1 : 2);
}

void screen_done(struct build *b)
{
    page_open(b, &(struct page){.next_key = "done.finish", .next = INTENT_NEXT});
    flow_skip(b, b->view->afterwards_count ? 0 : b->main.view.h / 10);
    bool urgent = is_urgent(b); // nobody is sent on their way there
    put_middle_icon(b, urgent ? "good" : "door", COLOUR_ACCENT);
    put_middle(b, ROLE_HEADING, "title", STYLE_DISPLAY, COLOUR_INK,
               say(b, urgent ? "done.title.urgent" : "done.title"));
    put_middle(b, ROLE_TEXT, "", STYLE_LEAD, COLOUR_INK,
               say(b, urgent ? "urgent.after.where" : "done.take"));
    if (urgent) {
        put_middle(b, ROLE_TEXT, "", STYLE_LEAD, COLOUR_INK, say(b, "urgent.after.danger"));
    }
    if (b->view->receipt_number) {
        put_number(b);
    }
    put_afterwards(b);
    put_middle(b, ROLE_TEXT, "", STYLE_BODY, COLOUR_INK_SOFT,
               say(b, b->view->afterwards_count ? "done.wiped.finish" : "done.wiped"));
    page_close(b);
}
