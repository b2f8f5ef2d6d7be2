// SPDX-License-Identifier: GPL-3.0-or-later
// What may fit, each with its reason, its papers and its minutes. Advice only: everything can be
// applied for, from here or from the lists.
#include "ui/screens/screens.h"
#include "yimen/base/text.h"
#include "yimen/content/policy_words.h"

static const char *details(struct build *b, const struct view_fit *fit)
{
    struct policy_words *words = ARENA_NEW(b->tree->arena, struct policy_words);
    policy_words(b->view->policies, fit->policy, fit->service, NULL, b->options->texts,
                 b->view->language, words);
    if (!fit->service) {
        return words->where;
    }
    if (fit->service->urgent) {
        return words->bring;
    }
    const char *const pairs[] = {"minutes", number_text(b, fit->service->minutes), NULL};
    return tree_format(b->tree, "%s%s%s", say_with(b, "policy.minutes", pairs),
                       say(b, "common.stop"), words->bring);
}

static void put_fit(struct build *b, const struct view_fit *fit)
{
    const char *id = fit->policy->id, *language = b->view->language;
    struct button buttons[2];
    size_t count = 0, first = b->flow->count;
    put_text(b, STYLE_LEAD, COLOUR_ACCENT_INK, policy_title_in(&fit->policy->title, language));
    flow_skip(b, -ui_measure(b, MEASURE_GAP));
    put_text(b, STYLE_BODY, COLOUR_INK, fit->reason);
    flow_skip(b, -ui_measure(b, MEASURE_GAP));
    put_text(b, STYLE_SMALL, COLOUR_INK_SOFT, details(b, fit));
    if (fit->service && fit->service != b->view->service) {
        bool urgent = fit->service->urgent;
        buttons[count++] =
            (struct button){.id = tree_format(b->tree, "apply.%s", id),
                            .label = say(b, urgent ? "policy.urgent" : "fit.apply"),
                            .icon = urgent ? "urgent" : "form",
                            .variant = urgent ? VARIANT_URGENT : VARIANT_CHOICE,
                            .action = act_text(INTENT_APPLY, NULL, fit->service->id)};
    }
    buttons[count++] = (struct button){.id = tree_format(b->tree, "policy.%s", id),
                                       .label = say(b, "fit.read"),
                                       .icon = "help",
                                       .variant = VARIANT_CHOICE,
                                       .action = act_text(INTENT_POLICY, NULL, id)};
    put_grid(b, buttons, count, 2);
    flow_bind(b, first);
    flow_skip(b, ui_measure(b, MEASURE_PAD));
}

void screen_fit(struct build *b)
{
    const struct view *view = b->view;
    const struct button print = {.id = "print",
                                 .label = say(b, "fit.print"),
                                 .icon = "printer",
                                 .variant = VARIANT_SECONDARY,
                                 .action = act_send(INTENT_PRINT_SLIP)};
    page_open(b, &(struct page){.next_key = "fit.adviser",
                                .next_id = "adviser",
                                .next = INTENT_NEXT,
                                .back = INTENT_BACK});
    put_heading(b, say(b, "fit.title"));
    put_notice(b, "advice", "help", COLOUR_TINT, COLOUR_INK, say(b, "fit.advice"));
    put_text(b, STYLE_BODY, COLOUR_INK, say(b, "fit.kept")); // one may just go
    put_slip_state(b);
    put_button(b, &print);
    flow_skip(b, ui_measure(b, MEASURE_GAP));
    for (size_t i = 0; i < view->fit_count; i++) {
        if (view->fits[i].policy) {
            put_fit(b, &view->fits[i]);
        }
    }
    for (size_t i = 0; i < view->fit_count; i++) {
        if (!view->fits[i].policy) {
            put_text(b, STYLE_BODY, COLOUR_INK_SOFT, view->fits[i].reason);
        }
    }
    page_close(b);
}
