// SPDX-License-Identifier: GPL-3.0-or-later
// Several services in one visit: the situation, the check list, and how the other screens say which
// services a thing is for.
#include "ui/screens/screens.h"
#include "yimen/base/text.h"

enum { NAMES = 1024 };

static const char *service_name(const struct build *b, const struct service *service)
{
    return say(b, tree_format(b->tree, "service.%s.name", service->id));
}

void screen_bundles(struct build *b)
{
    struct button buttons[BUNDLES];
    const struct catalogue *catalogue = b->view->catalogue;
    size_t count = catalogue ? catalogue_bundle_count(catalogue) : 0;
    page_open(b, &(struct page){.back = INTENT_BACK});
    put_heading(b, say(b, "items.bundles"));
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "items.bundles.text"));
    for (size_t i = 0; i < count; i++) {
        const char *id = catalogue_bundle_at(catalogue, i)->id;
        buttons[i] = (struct button){.id = tree_format(b->tree, "bundle.%s", id),
                                     .label = say(b, tree_format(b->tree, "bundle.%s", id)),
                                     .sub = say(b, tree_format(b->tree, "bundle.%s.text", id)),
                                     .icon = "people",
                                     .badge = true,
                                     .trailing = "next",
                                     .at_start = true,
                                     .variant = VARIANT_CHOICE,
                                     .style = STYLE_LEAD,
                                     .action = act_text(INTENT_BUNDLE, NULL, id)};
    }
    put_grid(b, buttons, count, 1);
    page_close(b);
}

static void put_choice(struct build *b, const struct view_item *item)
{
    const char *id = item->service->id;
    struct button button = {.id = tree_format(b->tree, "item.%s", id),
                            .label = service_name(b, item->service),
                            .sub = say(b, tree_format(b->tree, "items.why.%s", id)),
                            .icon = item->chosen ? "check-on" : "check-off",
                            .variant = VARIANT_CHOICE,
                            .role = ROLE_CHECK,
                            .chosen = item->chosen,
                            .at_start = true,
                            .style = STYLE_LEAD,
                            .action = act_text(INTENT_ITEM, NULL, id)};
    put_button(b, &button);
}

// What cannot be chosen now is no button: it says why.
static void put_refusal(struct build *b, const struct view_item *item)
{
    const char *const pairs[] = {"item", service_name(b, item->service), "chosen",
                                 item->instead ? service_name(b, item->instead) : "", NULL};
    put_notice(b, tree_format(b->tree, "item.%s", item->service->id), "cannot", COLOUR_SURFACE,
               COLOUR_INK_SOFT, say_with(b, item->instead ? "items.instead" : "items.full", pairs));
}

void screen_items(struct build *b)
{
    const struct view *view = b->view;
    page_open(b,
              &(struct page){.next_key = "items.next", .next = INTENT_NEXT, .back = INTENT_BACK});
    put_heading(b, view->bundle ? say(b, tree_format(b->tree, "bundle.%s", view->bundle))
                                : say(b, "items.title"));
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, view->bundle ? "items.choose" : "items.text"));
    if (view->none_chosen) {
        put_notice(b, "problem", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say(b, "items.none"));
    }
    for (size_t i = 0; i < view->choice_count; i++) {
        if (view->choices[i].instead || view->choices[i].full) {
            put_refusal(b, &view->choices[i]);
        } else if (view->choices[i].fixed) {
            put_notice(b, tree_format(b->tree, "item.%s", view->choices[i].service->id), "good",
                       COLOUR_TINT, COLOUR_INK, service_name(b, view->choices[i].service));
        } else {
            put_choice(b, &view->choices[i]);
        }
    }
    page_close(b);
}

// ------------------------------------------------------------------ on the other screens

const char *items_names(const struct build *b, const char *paper)
{
    struct strbuf names;
    bool any = false;
    strbuf_init(&names, NAMES);
    for (size_t i = 0; i < b->view->item_count; i++) {
        const struct service *item = b->view->items[i];
        if (paper && !service_asks_paper(item, paper)) {
            continue;
        }
        strbuf_adds(&names, any ? say(b, "common.and-comma") : "");
        strbuf_adds(&names, service_name(b, item));
        any = true;
    }
    const char *text = tree_format(b->tree, "%s", strbuf_text(&names));
    strbuf_free(&names);
    return text;
}

void put_items(struct build *b, const char *key)
{
    if (b->view->item_count > 0) {
        const char *const pairs[] = {"items", items_names(b, NULL), NULL};
        put_notice(b, "items", "form", COLOUR_TINT, COLOUR_INK, say_with(b, key, pairs));
    }
}

void put_question_item(struct build *b)
{
    if (b->view->question_item) {
        const char *const pairs[] = {"item", service_name(b, b->view->question_item), NULL};
        put_text(b, STYLE_SMALL, COLOUR_ACCENT_INK, say_with(b, "items.only", pairs));
        flow_keep(b);
    }
}

void put_fitting(struct build *b)
{
    const struct view *view = b->view;
    if (view->fitting_count == 0) {
        return;
    }
    bool several = view->item_count > 0;
    put_button(b, &(struct button){.id = "items",
                                   .label = say(b, several ? "items.change" : "items.add"),
                                   .sub = say(b, several ? "items.change.text" : "items.add.text"),
                                   .icon = "plus",
                                   .trailing = "next",
                                   .at_start = true,
                                   .variant = VARIANT_CHOICE,
                                   .style = STYLE_LEAD,
                                   .action = act_send(INTENT_ITEMS)});
}
