// SPDX-License-Identifier: GPL-3.0-or-later
// One measure: what it is, for whom, what to bring, where, how long, whom to call.
#include "ui/screens/screens.h"
#include "yimen/base/text.h"
#include "yimen/content/policy_words.h"

static const char *slip_key(enum receipt_state state)
{
    switch (state) {
    case RECEIPT_COMPOSED:
    case RECEIPT_ACCEPTED: return "slip.printing";
    case RECEIPT_PRINTED: return "slip.printed";
    case RECEIPT_UNKNOWN: return "slip.unknown";
    case RECEIPT_FAILED:
    case RECEIPT_WAITING_FOR_OWNER: break;
    }
    return "slip.failed";
}

void put_slip_state(struct build *b)
{
    const struct view *view = b->view;
    const char *text = say(b, slip_key(view->slip_state));
    bool bad = text_equal(slip_key(view->slip_state), "slip.failed") ||
               view->slip_state == RECEIPT_UNKNOWN;
    if (!view->slip_asked) {
        return;
    }
    if (view->slip_problem_key) {
        text = tree_format(b->tree, "%s%s%s", say(b, view->slip_problem_key), say(b, "common.stop"),
                           text);
    }
    put_notice(b, "slip-state",
               bad                                   ? "attention"
               : view->slip_state == RECEIPT_PRINTED ? "good"
                                                     : "printer",
               bad ? COLOUR_NOTICE : COLOUR_TINT, bad ? COLOUR_ON_NOTICE : COLOUR_INK, text);
}

// A row; where it would grow higher than half a page, a paragraph that may be split.
static void put_said(struct build *b, const char *label, const char *value)
{
    int width = flow_width(b) * 3 / 5;
    if (text_height(b, STYLE_STRONG, value, width) < b->flow->view.h / 2) {
        put_fact(b, label, value);
        return;
    }
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, label);
    flow_keep(b);
    put_text(b, STYLE_STRONG, COLOUR_INK, value);
}

static void put_facts(struct build *b, const struct policy *policy)
{
    const struct view *view = b->view;
    struct policy_words *words = ARENA_NEW(b->tree->arena, struct policy_words);
    policy_words(view->policies, policy, view->policy_service, view->policy_limit,
                 b->options->texts, view->language, words);
    put_said(b, say(b, "policy.who"), policy_line_in(&policy->who, view->language));
    put_said(b, say(b, "policy.bring"), words->bring);
    put_said(b, say(b, "policy.where"), words->where);
    put_said(b, say(b, "policy.time"), words->time);
    put_fact(b, say(b, "policy.phone"), words->phone);
}

void screen_policy(struct build *b)
{
    const struct view *view = b->view;
    const struct policy *policy = view->policy;
    const struct service *service = view->policy_service;
    // The service that is on already is not begun once more.
    bool applies = service && service != view->service;
    page_open(b, &(struct page){.next_key = !applies          ? NULL
                                            : service->urgent ? "policy.urgent"
                                                              : "policy.apply",
                                .next_id = "apply",
                                .next = INTENT_APPLY,
                                .next_text = applies ? service->id : NULL,
                                .back = INTENT_BACK});
    if (policy) {
        const struct button print = {.id = "print",
                                     .label = say(b, "policy.print"),
                                     .icon = "printer",
                                     .variant = VARIANT_SECONDARY,
                                     .action = act_send(INTENT_PRINT_SLIP)};
        put_heading(b, policy_title_in(&policy->title, view->language));
        put_text(b, STYLE_LEAD, COLOUR_INK, policy_body_in(&policy->text, view->language));
        put_facts(b, policy);
        if (applies && !service->urgent) {
            const char *const pairs[] = {"minutes", number_text(b, service->minutes), NULL};
            flow_skip(b, ui_measure(b, MEASURE_GAP));
            put_notice(b, "minutes", "clock", COLOUR_TINT, COLOUR_INK,
                       say_with(b, "policy.minutes", pairs));
        }
        if (policy->unconfirmed) {
            put_notice(b, "unconfirmed", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                       say(b, "policy.unconfirmed"));
        }
        if (policy->example) {
            put_text(b, STYLE_SMALL, COLOUR_INK_SOFT, say(b, "policy.example"));
        }
        put_slip_state(b);
        put_button(b, &print);
    }
    page_close(b);
}
