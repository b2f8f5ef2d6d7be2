// SPDX-License-Identifier: GPL-3.0-or-later
// The staff's rooms: PIN, queue, one case, technician. The same large type as everywhere.
#include "ui/screens/screens.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"

static void put_message(struct build *b)
{
    if (b->view->staff_message_key && b->view->staff_message_key[0]) {
        put_notice(b, "message", "good", COLOUR_TINT, COLOUR_INK,
                   say(b, b->view->staff_message_key));
    }
}

static void put_content_end(struct build *b)
{
    if (b->view->content_ended) {
        put_notice(b, "content-ended", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say(b, "pack.ended"));
    }
}

static void put_stuck(struct build *b)
{
    if (b->view->stuck_contacts > 0) {
        const char *const pairs[] = {"count", number_text(b, b->view->stuck_contacts), NULL};
        put_notice(b, "stuck", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say_with(b, "staff.stuck", pairs));
    }
}

static void put_clock_unknown(struct build *b)
{
    if (!b->view->clock_unknown) {
        return;
    }
    put_notice(b, "clock-unknown", "clock", COLOUR_NOTICE, COLOUR_ON_NOTICE,
               say(b, "staff.clock.unknown"));
    put_button(b, &(struct button){.id = "set-clock",
                                   .label = say(b, "staff.clock.set"),
                                   .icon = "clock",
                                   .variant = VARIANT_PRIMARY,
                                   .action = act_send(INTENT_STAFF_CLOCK)});
}

static void put_unsealed(struct build *b)
{
    if (b->view->unsealed_count > 0) {
        const char *const pairs[] = {"count", number_text(b, (long long)b->view->unsealed_count),
                                     NULL};
        put_notice(b, "unsealed", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say_with(b, "staff.unsealed", pairs));
    }
}

// ------------------------------------------------------------------ PIN

void screen_staff_pin(struct build *b)
{
    const struct view *view = b->view;
    page_open(b, &(struct page){.back = INTENT_STAFF_EXIT,
                                .back_key = "staff.exit",
                                .split = true,
                                .plain_header = true});
    put_heading(b, say(b, view->staff_asks_pin ? "staff.pin" : "staff.number"));
    const char *typed = view->staff_asks_pin ? secret_dots(b, view->pin_digits, LIMIT_PIN_DIGITS)
                        : view->staff_number && view->staff_number[0] ? view->staff_number
                                                                      : "_";
    put_secret(b, "staff-entry", say(b, "staff.entry"), typed);
    if (view->staff_problem_key && view->staff_problem_key[0]) {
        put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say(b, view->staff_problem_key));
    }
    if (view->staff_wait_s > 0) {
        const char *const pairs[] = {"seconds", number_text(b, view->staff_wait_s), NULL};
        put_notice(b, "wait", "clock", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say_with(b, "staff.wait", pairs));
    } else {
        put_pin_pad(b, INTENT_STAFF_DIGIT, INTENT_STAFF_ENTER);
    }
    page_close(b);
}

// ------------------------------------------------------------------ clock

// "2026-11-30 09:15", with a low line where a digit is still to be typed.
static const char *typed_time(struct build *b)
{
    static const char shape[] = "0000-00-00 00:00";
    char *out = arena_strdup(b->tree->arena, shape);
    const char *typed = b->view->staff_clock ? b->view->staff_clock : "";
    for (char *at = out; *at; at++) {
        if (*at == '0') {
            *at = *typed ? *typed++ : '_';
        }
    }
    return out;
}

void screen_staff_clock(struct build *b)
{
    const struct view *view = b->view;
    page_open(b, &(struct page){.back = INTENT_BACK, .split = true, .plain_header = true});
    put_heading(b, say(b, "staff.clock.title"));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "staff.clock.text"));
    put_secret(b, "clock-entry", say(b, "staff.clock.entry"), typed_time(b));
    if (view->staff_problem_key && view->staff_problem_key[0]) {
        put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say(b, view->staff_problem_key));
    }
    put_pin_pad(b, INTENT_STAFF_DIGIT, INTENT_STAFF_ENTER);
    page_close(b);
}

// ------------------------------------------------------------------ queue

static const char *case_icon(const struct view_case *item)
{
    static const struct {
        const char *key, *icon;
    } icons[] = {{"state.received", "good"},  {"state.unverified", "good"},
                 {"state.sending", "wait"},   {"state.retry", "clock"},
                 {"state.held", "attention"}, {"state.quarantined", "attention"}};
    for (size_t i = 0; i < sizeof(icons) / sizeof(*icons); i++) {
        if (text_equal(icons[i].key, item->state_key)) {
            return icons[i].icon;
        }
    }
    return item->urgent ? "urgent" : "form";
}

// "3.1 of 28.4 MB"; "" when there is nothing to say.
static const char *progress_text(struct build *b, const struct view_case *item)
{
    const char *const pairs[] = {"sent", item->sent_mb, "total", item->total_mb, NULL};
    return item->total_mb[0] ? say_with(b, "upload.progress", pairs) : "";
}

// What nobody asked here must not look answered: "2 questions were not asked here"; "" else.
static const char *not_asked_text(struct build *b, const struct view_case *item)
{
    const char *const pairs[] = {"count", number_text(b, item->not_asked), NULL};
    return item->not_asked > 0 ? say_with(b, "staff.not-asked", pairs) : "";
}

static void put_case(struct build *b, const struct view_case *item)
{
    const char *dot = say(b, "common.dot");
    const char *progress = progress_text(b, item), *not_asked = not_asked_text(b, item);
    const char *second =
        tree_format(b->tree, "%s%s%s%s%s%s%s%s%s%s%s", item->saved_at, dot, say(b, item->state_key),
                    progress[0] ? dot : "", progress, dot, say(b, item->receipt_key),
                    not_asked[0] ? dot : "", not_asked, item->reason[0] ? dot : "", item->reason);
    const char *first =
        tree_format(b->tree, "%s%s  %s",
                    item->unanswered ? say(b, "staff.unanswered-mark")
                    : item->urgent   ? say(b, "staff.urgent-mark")
                                     : "",
                    say(b, item->service_key), grouped_digits(b, FIELD_RECEIPT, item->number));
    put_button(b, &(struct button){.id = tree_format(b->tree, "case.%s", item->number),
                                   .label = first,
                                   .sub = second,
                                   .icon = case_icon(item),
                                   .trailing = "next",
                                   .at_start = true,
                                   .variant = VARIANT_CHOICE,
                                   .style = STYLE_BODY,
                                   .action = act_text(INTENT_STAFF_CASE, NULL, item->number)});
}

// They are answered one by one, the oldest first; what became of it is asked on a sheet.
static void put_calls(struct build *b)
{
    const struct view *view = b->view;
    bool dated = view->call_since && view->call_since[0];
    const char *const calls[] = {"count", number_text(b, (long long)view->open_calls), "since",
                                 dated ? view->call_since : "", NULL};
    if (view->open_calls == 0) {
        return;
    }
    put_notice(b, "calls", "call", COLOUR_NOTICE, COLOUR_ON_NOTICE,
               say_with(b, dated ? "staff.calls.since" : "staff.calls", calls));
    if (view->joined_presses > 1) {
        const char *const presses[] = {"count", number_text(b, view->joined_presses), NULL};
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say_with(b, "staff.calls.joined", presses));
    }
    put_button(b, &(struct button){.id = "answer-call",
                                   .label = say(b, "staff.answer-call"),
                                   .icon = "good",
                                   .variant = VARIANT_PRIMARY,
                                   .action = act_send(INTENT_STAFF_ANSWER_CALL)});
}

void screen_staff_queue(struct build *b)
{
    const struct view *view = b->view;
    page_open(b, &(struct page){.back = INTENT_STAFF_EXIT,
                                .back_key = "staff.exit",
                                .next_key = "staff.refresh",
                                .next_id = "refresh",
                                .next_quiet = true,
                                .next = INTENT_STAFF_REFRESH,
                                .plain_header = true});
    const char *const pairs[] = {"count", number_text(b, (long long)view->case_count), "role",
                                 say(b, tree_format(b->tree, "staff.role.%s",
                                                    view->staff_role ? view->staff_role : "clerk")),
                                 NULL};
    put_heading(b, say_with(b, "staff.queue", pairs));
    put_message(b);
    put_clock_unknown(b);
    put_unsealed(b);
    put_content_end(b);
    put_stuck(b);
    put_calls(b);
    if (view->case_count == 0) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "staff.queue-empty"));
    }
    for (size_t i = 0; i < view->case_count; i++) {
        put_case(b, &view->cases[i]);
    }
    put_slip_state(b);
    put_button(b, &(struct button){.id = "hand-slip",
                                   .label = say(b, "staff.hand-slip"),
                                   .sub = say(b, "staff.hand-slip.text"),
                                   .icon = "printer",
                                   .variant = VARIANT_SECONDARY,
                                   .action = act_send(INTENT_STAFF_SLIP)});
    page_close(b);
}

// ------------------------------------------------------------------ one case

// What the district has cannot be sent again: the store would refuse it.
static bool may_send_again(const struct view_case *item)
{
    return !text_equal(item->state_key, "state.received") &&
           !text_equal(item->state_key, "state.pruned");
}

static void put_case_acts(struct build *b, const struct view_case *item)
{
    const struct button buttons[2] = {
        {.id = "case-retry",
         .label = say(b, "staff.retry"),
         .icon = "send",
         .variant = VARIANT_SECONDARY,
         .action = act_text(INTENT_STAFF_RETRY, NULL, item->number)},
        {.id = "case-reprint",
         .label = say(b, "staff.reprint"),
         .icon = "printer",
         .variant = VARIANT_SECONDARY,
         .action = act_text(INTENT_STAFF_REPRINT, NULL, item->number)}};
    size_t left_out = may_send_again(item) ? 0 : 1;
    put_grid(b, buttons + left_out, 2 - left_out, b->theme->size == TEXT_SIZE_XL ? 1 : 2);
}

void screen_staff_case(struct build *b)
{
    const struct view_case *item = b->view->chosen_case;
    page_open(b, &(struct page){
                     .back = INTENT_BACK, .back_key = "staff.back-to-queue", .plain_header = true});
    put_heading(b, say(b, "staff.case"));
    put_message(b);
    if (item) {
        put_fact(b, say(b, "staff.case-number"), grouped_digits(b, FIELD_RECEIPT, item->number));
        put_fact(b, say(b, "staff.case-service"), say(b, item->service_key));
        put_fact(b, say(b, "staff.case-saved"), item->saved_at);
        put_fact(b, say(b, "staff.case-state"), say(b, item->state_key));
        if (item->total_mb[0]) {
            put_fact(b, say(b, "upload.sent"), progress_text(b, item));
        }
        put_fact(b, say(b, "staff.case-receipt"), say(b, item->receipt_key));
        if (item->not_asked > 0) {
            put_fact(b, say(b, "staff.case-not-asked"), not_asked_text(b, item));
        }
        put_fact(b, say(b, "staff.case-attempts"), number_text(b, item->attempts));
        if (item->next_try[0]) {
            put_fact(b, say(b, "staff.case-next"), item->next_try);
        }
        if (item->reason[0]) {
            put_fact(b, say(b, "staff.case-reason"), item->reason);
        }
        flow_skip(b, ui_measure(b, MEASURE_PAD) * 2);
        put_case_acts(b, item);
    }
    page_close(b);
}

// ------------------------------------------------------------------ technician

static void put_check(struct build *b, const struct view_check *check)
{
    static const char *const icons[] = {"wait", "good", "attention", "cannot"};
    static const char *const words[] = {"staff.check-running", "staff.check-good",
                                        "staff.check-attention", "staff.check-bad"};
    int state = check->state < 0 || check->state > 3 ? 2 : check->state;
    bool bad = state >= 2;
    const char *text =
        tree_format(b->tree, "%s: %s%s%s", say(b, check->name_key), say(b, words[state]),
                    check->detail[0] ? "\n" : "", check->detail);
    put_notice(b, tree_format(b->tree, "check.%s", check->name_key), icons[state],
               bad ? COLOUR_NOTICE : COLOUR_SURFACE, bad ? COLOUR_ON_NOTICE : COLOUR_INK, text);
}

void screen_technician(struct build *b)
{
    const struct view *view = b->view;
    page_open(b, &(struct page){
                     .back = INTENT_STAFF_EXIT, .back_key = "staff.exit", .plain_header = true});
    put_heading(b, say(b, "staff.technician"));
    put_message(b);
    put_clock_unknown(b);
    put_unsealed(b);
    put_content_end(b);
    put_stuck(b);
    put_fact(b, say(b, "staff.pack"),
             view->pack_version ? view->pack_version : say(b, "common.none"));
    flow_skip(b, ui_measure(b, MEASURE_GAP));
    const struct button buttons[2] = {{.id = "self-test",
                                       .label = say(b, "staff.self-test"),
                                       .icon = "good",
                                       .variant = VARIANT_PRIMARY,
                                       .action = act_send(INTENT_SELF_TEST)},
                                      {.id = "install-pack",
                                       .label = say(b, "staff.install-pack"),
                                       .icon = "form",
                                       .variant = VARIANT_SECONDARY,
                                       .action = act_send(INTENT_INSTALL_PACK)}};
    put_grid(b, buttons, 2, b->theme->size == TEXT_SIZE_XL && !b->landscape ? 1 : 2);
    for (size_t i = 0; i < view->check_count; i++) {
        put_check(b, &view->checks[i]);
    }
    page_close(b);
}
