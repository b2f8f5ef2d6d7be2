// SPDX-License-Identifier: GPL-3.0-or-later
// A case that was handed in: which one, whose, how far, and what can be done. The second factor is
// dots here and nowhere anything else.
#include "ui/screens/screens.h"
#include "ui/typing.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"
#include <string.h>

enum { FACTOR_LENGTH = TRACK_FACTOR - 1, ACTIONS = 5 };

// ------------------------------------------------------------------ which one

void screen_track_find(struct build *b)
{
    const struct view_track *track = b->view->track;
    struct typing *typing = &b->local->typing;
    if (typing->kind == FIELD_NONE) {
        typing_open(typing, FIELD_RECEIPT, INTENT_TRACK_NUMBER, "number", track->number);
        typing->put_away = false;
    }
    bool whole = strlen(track->number) == 21 && !track->number_problem_key;
    page_open(b, &(struct page){.next_key = whole ? "common.next" : NULL,
                                .next = INTENT_NEXT,
                                .back = INTENT_BACK,
                                .split = is_typing(b)});
    put_heading(b, say(b, "follow.find.title"));
    if (!b->only_active) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "follow.find.text"));
    }
    const struct field field = {
        .id = "field.number",
        .label = say(b, "follow.find.number"),
        .hint = "",
        .value = track->number,
        .problem = track->number_problem_key ? say(b, track->number_problem_key) : NULL,
        .kind = FIELD_RECEIPT,
        .intent = INTENT_TRACK_NUMBER,
        .ref = "number",
        .stored = track->number};
    put_field(b, &field);
    if (!b->only_active) {
        put_text(b, STYLE_SMALL, COLOUR_INK_SOFT, say(b, "follow.find.lost"));
    }
    // Whoever holds the paper of a broken-off visit comes here too.
    put_button(b, &(struct button){.id = "ticket-type",
                                   .label = say(b, "code.ticket-type"),
                                   .variant = VARIANT_SECONDARY,
                                   .action = act_send(INTENT_TICKET_TYPE)});
    put_dock(b);
    page_close(b);
}

// ------------------------------------------------------------------ whose

static void waiting(struct build *b)
{
    page_open(b, &(struct page){0});
    flow_skip(b, b->main.view.h / 5);
    put_heading(b, say(b, "follow.waiting.title"));
    put_notice(b, "waiting", "wait", COLOUR_TINT, COLOUR_INK, say(b, "follow.waiting.text"));
    page_close(b);
}

static void put_factor_number(struct build *b, const struct view_track *track)
{
    const char *const number[] = {"number", grouped_digits(b, FIELD_RECEIPT, track->number), NULL};
    put_text(b, STYLE_SMALL, COLOUR_INK_SOFT, say_with(b, "follow.factor.number", number));
}

void screen_track_factor(struct build *b)
{
    const struct view_track *track = b->view->track;
    if (track->waiting) {
        waiting(b);
        return;
    }
    bool whole = track->factor_count == FACTOR_LENGTH;
    page_open(b, &(struct page){.next_key = whole ? "follow.factor.next" : NULL,
                                .next = INTENT_NEXT,
                                .back = INTENT_BACK,
                                .split = true});
    put_heading(b, say(b, "follow.factor.title"));
    if (track->no_fit) {
        const char *const pairs[] = {"count", number_text(b, track->tries_left), NULL};
        put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say_with(b, "follow.no-fit", pairs));
    } else if (!b->only_active) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "follow.factor.text"));
    }
    if (!b->only_active) {
        put_factor_number(b, track);
    }
    const char *const pairs[] = {"count", number_text(b, track->factor_count), NULL};
    put_secret(b, "factor-entry", say_with(b, "follow.factor.entry", pairs),
               secret_dots(b, track->factor_count, FACTOR_LENGTH));
    put_factor_pad(b, INTENT_TRACK_DIGIT, true);
    page_close(b);
}

// ------------------------------------------------------------------ what cannot be told

static void put_phones(struct build *b, const struct view_track *track)
{
    const char *const pairs[] = {"phone", track->counter_phone, NULL};
    put_notice(b, "phones", "call", COLOUR_TINT, COLOUR_INK,
               track->counter_phone[0] ? say_with(b, "follow.phones", pairs)
                                       : say(b, "follow.hotline"));
}

static void not_told(struct build *b, const char *what)
{
    const struct view_track *track = b->view->track;
    const char *const pairs[] = {"counter", track->counter,
                                 "name",    track->counter_name,
                                 "hours",   number_text(b, track->wait_hours),
                                 NULL};
    const char *text = text_equal(what, "no-answer") ? "elsewhere" : what;
    page_open(b,
              &(struct page){.next_key = "follow.done", .next = INTENT_NEXT, .back = INTENT_BACK});
    put_heading(b, say(b, tree_format(b->tree, "follow.%s.title", what)));
    put_notice(b, "reason", "shield", COLOUR_TINT, COLOUR_INK,
               say_with(b, tree_format(b->tree, "follow.%s.text", text), pairs));
    if (!text_equal(what, "opening")) {
        put_text(b, STYLE_BODY, COLOUR_INK, say(b, tree_format(b->tree, "follow.%s.now", text)));
    }
    put_phones(b, track);
    page_close(b);
}

// ------------------------------------------------------------------ how far, and what can be done

static void put_state(struct build *b, const struct view_track *track)
{
    const char *const since[] = {"state", say(b, track->status_key), "since", track->since, NULL};
    const char *const days[] = {"days", number_text(b, track->follow_days), NULL};
    put_notice(b, "state", "good", COLOUR_TINT, COLOUR_INK,
               track->since[0] ? say_with(b, "follow.case.since", since)
                               : say(b, track->status_key));
    put_text(b, STYLE_LEAD, COLOUR_INK, say_with(b, track->now_key, days));
    put_text(b, STYLE_BODY, COLOUR_INK,
             tree_format(b->tree, "%s%s%s", say(b, "follow.case.next"), say(b, "follow.colon"),
                         say_with(b, track->next_key, days)));
}

static void put_limit(struct build *b, const struct view_track *track)
{
    const char *const days[] = {"days", number_text(b, track->promised_days), NULL};
    const char *const hours[] = {"hours", number_text(b, track->limit_hours), NULL};
    if (!track->may_add) { // decided
        return;
    }
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT,
             track->limit_hours   ? say_with(b, "urgent.promise", hours)
             : track->promise_key ? say_with(b, track->promise_key, days)
                                  : say(b, "follow.by-counter"));
}

// From when this is, where it is not of this moment; and that the paper in hand is an old one.
static void put_caveats(struct build *b, const struct view_track *track)
{
    bool of_here = text_equal(track->status_key, "follow.here");
    const char *const pairs[] = {"time", track->known_at, NULL};
    if (track->newer_receipt) {
        put_notice(b, "newer-receipt", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say(b, "follow.newer-receipt"));
    }
    if (!track->from_district && !of_here) {
        put_notice(b, "known", "clock", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   track->known_at[0] ? say_with(b, "follow.known", pairs)
                                      : say(b, "follow.known-never"));
    }
}

static void put_linked(struct build *b, const struct view_track *track)
{
    if (track->linked_count) {
        put_text(b, STYLE_STRONG, COLOUR_INK_SOFT, say(b, "follow.linked"));
        flow_keep(b);
    }
    for (size_t i = 0; i < track->linked_count; i++) {
        const struct view_linked *item = &track->linked[i];
        const char *const pairs[] = {"saved",   item->saved_at,
                                     "state",   say(b, item->status_key),
                                     "number",  grouped_digits(b, FIELD_RECEIPT, item->number),
                                     "service", say(b, item->service_key),
                                     NULL};
        put_text(b, STYLE_SMALL, COLOUR_INK, say_with(b, "follow.linked.line", pairs));
    }
}

static void put_copy(struct build *b, const struct view_track *track)
{
    const struct view *view = b->view;
    bool good = view->receipt_state == RECEIPT_PRINTED;
    bool under_way =
        view->receipt_state == RECEIPT_COMPOSED || view->receipt_state == RECEIPT_ACCEPTED;
    if (!track->printing) {
        return;
    }
    const char *text = say(b, good        ? "follow.printed"
                              : under_way ? "follow.printing"
                                          : "follow.print-failed");
    if (view->receipt_problem_key) {
        text = tree_format(b->tree, "%s%s%s", say(b, view->receipt_problem_key),
                           say(b, "common.stop"), text);
    }
    put_notice(b, "receipt-state", good ? "good" : "printer",
               good || under_way ? COLOUR_TINT : COLOUR_NOTICE,
               good || under_way ? COLOUR_INK : COLOUR_ON_NOTICE, text);
}

static void add_action(struct build *b, struct button *buttons, size_t *count, const char *what,
                       const char *icon, enum intent_kind intent)
{
    buttons[(*count)++] = (struct button){.id = tree_format(b->tree, "track.%s", what),
                                          .label = say(b, tree_format(b->tree, "follow.%s", what)),
                                          .icon = icon,
                                          .badge = true,
                                          .trailing = "next",
                                          .at_start = true,
                                          .variant = VARIANT_CHOICE,
                                          .action = act_send(intent)};
}

static void put_actions(struct build *b, const struct view_track *track)
{
    struct button buttons[ACTIONS];
    size_t count = 0;
    if (track->may_correct) {
        add_action(b, buttons, &count, "correct", "form", INTENT_TRACK_CORRECT);
        buttons[0].sub = say(b, "follow.correct.text");
    }
    if (track->may_add) {
        add_action(b, buttons, &count, "add", "paper", INTENT_TRACK_ADD);
        add_action(b, buttons, &count, "mistake", "change", INTENT_TRACK_MISTAKE);
    }
    if (track->may_reprint) {
        add_action(b, buttons, &count, "reprint", "printer", INTENT_TRACK_REPRINT);
    }
    if (track->may_withdraw) {
        add_action(b, buttons, &count, "withdraw", "remove", INTENT_TRACK_WITHDRAW);
    }
    if (track->wants_receipt) {
        put_notice(b, "wants-receipt", "scan", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say(b, "follow.wants-receipt"));
    }
    if (count) {
        put_text(b, STYLE_STRONG, COLOUR_INK_SOFT, say(b, "follow.actions"));
        flow_keep(b);
        put_grid(b, buttons, count, b->theme->size <= TEXT_SIZE_M && !b->landscape ? 2 : 1);
    }
}

static void told(struct build *b)
{
    const struct view_track *track = b->view->track;
    page_open(
        b, &(struct page){
               .next_key = "follow.done", .next = INTENT_NEXT, .back = INTENT_BACK, .split = true});
    put_heading(b, say(b, track->service_key));
    put_state(b, track);
    put_limit(b, track);
    put_caveats(b, track);
    put_fact(b, say(b, "follow.case.number"), grouped_digits(b, FIELD_RECEIPT, track->number));
    put_fact(b, say(b, "follow.case.saved"), track->saved_at);
    put_linked(b, track);
    flow_main(b);
    put_copy(b, track);
    put_actions(b, track);
    page_close(b);
}

void screen_track_case(struct build *b)
{
    switch (b->view->track->result) {
    case TRACK_FOUND: told(b); break;
    case TRACK_LOCKED: not_told(b, "locked"); break;
    case TRACK_OPENING: not_told(b, "opening"); break;
    case TRACK_ELSEWHERE: not_told(b, "elsewhere"); break;
    case TRACK_NEEDS_RECEIPT: not_told(b, "needs-receipt"); break;
    case TRACK_NO_FIT:
    case TRACK_NO_ANSWER: not_told(b, "no-answer"); break;
    }
}
