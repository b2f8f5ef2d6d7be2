// SPDX-License-Identifier: GPL-3.0-or-later
// Resume tickets and parking: offered, made, on paper or on the screen; and four characters that
// open a visit again, of which only dots are seen.
#include "ui/screens/screens.h"
#include "ui/widgets/widgets.h"
#include "yimen/case/ticket.h"
#include <string.h>

enum { CODE_DIGITS = 4 };

static void put_large_icon(struct build *b, const char *icon)
{
    int side = ui_measure(b, MEASURE_ICON_LARGE) * 2;
    struct box box = flow_take(b, side);
    struct node *node = tree_add(b->tree, ROLE_IMAGE, box, "", "");
    icon_part(b, node, icon, (struct box){box.x + (box.w - side) / 2, box.y, side, side},
              COLOUR_ACCENT);
}

void screen_ticket_offer(struct build *b)
{
    const struct service *service = b->view->service;
    const char *const pairs[] = {"minutes", number_text(b, service ? service->minutes : 0), NULL};
    page_open(
        b, &(struct page){.back = INTENT_BACK, .next_key = "ticket.decline", .next = INTENT_NEXT});
    put_large_icon(b, "printer");
    put_heading(b, say(b, "ticket.offer"));
    put_text(b, STYLE_BODY, COLOUR_INK, say_with(b, "ticket.offer.text", pairs));
    put_button(b, &(struct button){.id = "ticket",
                                   .label = say(b, "ticket.take"),
                                   .icon = "printer",
                                   .variant = VARIANT_PRIMARY,
                                   .style = STYLE_LEAD,
                                   .action = act_send(INTENT_TICKET)});
    page_close(b);
}

// ------------------------------------------------------------------ the ticket

static const char *state_key(const struct view_ticket *ticket)
{
    if (ticket->making) {
        return "ticket.making";
    }
    switch (ticket->state) {
    case RECEIPT_COMPOSED:
    case RECEIPT_ACCEPTED: return "ticket.printing";
    case RECEIPT_PRINTED: return "ticket.printed";
    case RECEIPT_FAILED:
    case RECEIPT_WAITING_FOR_OWNER: return "ticket.not-printed";
    case RECEIPT_UNKNOWN: return "ticket.perhaps-printed";
    }
    return "ticket.printing";
}

static void ticket_failed(struct build *b, const struct view_ticket *ticket)
{
    page_open(
        b, &(struct page){.back = INTENT_BACK, .next_key = "problem.retry", .next = INTENT_RETRY});
    put_heading(b, say(b, "ticket.title"));
    put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
               say(b, ticket->problem_key ? ticket->problem_key : "ticket.failed"));
    page_close(b);
}

void screen_ticket(struct build *b)
{
    const struct view_ticket *ticket = &b->view->ticket;
    const char *const pairs[] = {"until", ticket->expires, NULL};
    bool printing = ticket->state == RECEIPT_COMPOSED || ticket->state == RECEIPT_ACCEPTED;
    if (ticket->failed) {
        ticket_failed(b, ticket);
        return;
    }
    page_open(b, &(struct page){.next_key = ticket->making    ? NULL
                                            : ticket->leaving ? "ticket.have-leave"
                                                              : "ticket.have",
                                .next_id = "have-ticket",
                                .next = INTENT_HAVE_RECEIPT});
    if (ticket->making || printing) {
        put_large_icon(b, ticket->making ? "wait" : "printer");
    }
    put_heading(b, say(b, "ticket.title"));
    put_notice(b, "ticket-state", ticket->state == RECEIPT_PRINTED ? "good" : "printer",
               COLOUR_TINT, COLOUR_INK, say(b, state_key(ticket)));
    if (ticket->making) {
        page_close(b);
        return;
    }
    put_text(b, STYLE_BODY, COLOUR_INK, say_with(b, "ticket.words", pairs));
    put_text(b, STYLE_BODY, COLOUR_INK,
             say(b, ticket->last_four ? "ticket.words.last-four" : "ticket.words.chosen"));
    if (!printing && ticket->state != RECEIPT_PRINTED) {
        const char *const code[] = {"code", ticket->typed, NULL};
        put_qr_code(b, say(b, "ticket.qr"));
        if (ticket->typed[0]) {
            put_text(b, STYLE_BODY, COLOUR_INK, say_with(b, "ticket.typed", code));
        }
    }
    page_close(b);
}

// ------------------------------------------------------------------ four characters

static const char *title_key(const struct view_code *code)
{
    switch (code->purpose) {
    case CODE_TICKET_CHOOSE:
    case CODE_HIDE_CHOOSE:
    case CODE_FACTOR_CHOOSE:
    case CODE_PARK_CHOOSE: return code->again ? "code.choose-again" : "code.choose";
    case CODE_TICKET_TYPE: return "code.typed";
    case CODE_TICKET_OPEN: return code->last_four ? "code.last-four" : "code.chosen";
    case CODE_PARK_OPEN: return "code.park";
    }
    return "code.choose";
}

// Beside the keys of a slip the notice has room at the largest size when the heading is short.
static const char *heading_key(const struct build *b, const struct view_code *code)
{
    bool is_short = b->only_active && code->purpose == CODE_TICKET_TYPE && code->problem_key;
    return is_short ? "code.typed.entry" : title_key(code);
}

static const char *text_key(const struct view_code *code)
{
    switch (code->purpose) {
    case CODE_TICKET_CHOOSE: return "code.choose.ticket";
    case CODE_PARK_CHOOSE: return "code.choose.park";
    case CODE_HIDE_CHOOSE: return "code.choose.hide";
    case CODE_FACTOR_CHOOSE: return "code.choose.factor";
    case CODE_TICKET_OPEN: return code->last_four ? "code.last-four.text" : "code.chosen.text";
    case CODE_PARK_OPEN: return "code.park.text";
    case CODE_TICKET_TYPE: return "code.typed.text";
    }
    return "code.choose.ticket";
}

static void put_problem(struct build *b, const struct view_code *code)
{
    const char *const pairs[] = {"count", number_text(b, code->tries_left), NULL};
    if (!code->problem_key) {
        return;
    }
    const char *text = say(b, code->problem_key);
    if (code->tries_left >= 0) {
        text = tree_format(b->tree, "%s %s", text, say_with(b, "code.tries-left", pairs));
    }
    put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE, text);
}

// What is on the paper may be seen: it is compared with it. What is missing is a low line.
static void put_typed(struct build *b, const struct view_code *code)
{
    char all[TICKET_TYPED], grouped[TICKET_TYPED + 4];
    size_t length = strlen(code->typed);
    memset(all, '_', sizeof all - 1);
    all[sizeof all - 1] = '\0';
    memcpy(all, code->typed, length);
    ticket_grouped(all, grouped);
    put_secret(b, "code-entry", say(b, "code.typed.entry"), arena_strdup(b->tree->arena, grouped));
}

static void put_other_way(struct build *b, const struct view_code *code)
{
    if (code->purpose == CODE_PARK_OPEN && !code->busy) {
        put_button(b, &(struct button){.id = "ticket-type",
                                       .label = say(b, "code.ticket-type"),
                                       .variant = VARIANT_SECONDARY,
                                       .action = act_send(INTENT_TICKET_TYPE)});
    }
}

void screen_code(struct build *b)
{
    const struct view_code *code = &b->view->code;
    page_open(b, &(struct page){.back = INTENT_BACK, .split = true});
    put_heading(b, say(b, heading_key(b, code)));
    if (!b->only_active) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, text_key(code)));
    }
    if (code->purpose == CODE_TICKET_TYPE) {
        put_typed(b, code);
    } else {
        put_secret(b, "code-entry", say(b, "code.entry"),
                   secret_dots(b, code->digits, CODE_DIGITS));
    }
    put_problem(b, code);
    put_other_way(b, code);
    if (code->purpose == CODE_FACTOR_CHOOSE) {
        put_button(b, &(struct button){.id = "no-code",
                                       .label = say(b, "code.choose.none"),
                                       .variant = VARIANT_SECONDARY,
                                       .action = act_send(INTENT_NO_CODE)});
    }
    if (code->busy) {
        put_notice(b, "busy", "wait", COLOUR_TINT, COLOUR_INK, say(b, "code.busy"));
    } else if (code->purpose == CODE_TICKET_TYPE) {
        put_symbol_pad(b, INTENT_CODE_DIGIT, code->alphabet);
    } else {
        put_factor_pad(b, INTENT_CODE_DIGIT, code->last_four);
    }
    page_close(b);
}
