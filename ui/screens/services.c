// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/screens.h"
#include "yimen/base/text.h"

enum { SERVICES_MOST = VIEW_SERVICES };

// For whom no sentence and no service fits at first sight.
void put_choosing(struct build *b)
{
    struct button buttons[5];
    size_t count = 0;
    if (b->view->screen == SCREEN_ATTRACT) {
        buttons[count++] = (struct button){.id = "track",
                                           .label = say(b, "follow.attract"),
                                           .icon = "clock",
                                           .at_start = true,
                                           .variant = VARIANT_SECONDARY,
                                           .action = act_send(INTENT_TRACK)};
        // Always, whether anything was put away or not: nobody learns who was here.
        buttons[count++] = (struct button){.id = "continue",
                                           .label = say(b, "attract.continue"),
                                           .icon = "next",
                                           .at_start = true,
                                           .variant = VARIANT_SECONDARY,
                                           .action = act_send(INTENT_CONTINUE)};
    }
    if (b->view->advice) {
        buttons[count++] =
            (struct button){.id = "choose",
                            .label = say(b, "attract.choose"),
                            .icon = "help",
                            .at_start = true,
                            .variant = VARIANT_SECONDARY,
                            .action = act_text(INTENT_SERVICE, NULL, b->view->advice->id)};
    }
    if (b->view->policies) {
        buttons[count++] = (struct button){.id = "policies",
                                           .label = say(b, "attract.policies"),
                                           .icon = "form",
                                           .at_start = true,
                                           .variant = VARIANT_SECONDARY,
                                           .action = act_send(INTENT_POLICIES)};
    }
    if (b->view->catalogue && catalogue_bundle_count(b->view->catalogue) > 0) {
        buttons[count++] = (struct button){.id = "items",
                                           .label = say(b, "items.several"),
                                           .icon = "plus",
                                           .at_start = true,
                                           .variant = VARIANT_SECONDARY,
                                           .action = act_send(INTENT_ITEMS)};
    }
    put_grid(b, buttons, count, b->theme->size <= TEXT_SIZE_L ? 2 : 1);
}

void screen_services(struct build *b)
{
    const struct view *view = b->view;
    const char *door = view->door ? view->door : "";
    page_open(b, &(struct page){.back = INTENT_BACK});
    put_heading(b, say(b, tree_format(b->tree, "door.%s", door)));
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "services.intro"));
    struct button buttons[SERVICES_MOST];
    size_t count = 0, all = view->catalogue ? catalogue_service_count(view->catalogue) : 0;
    for (size_t i = 0; i < all && count < SERVICES_MOST; i++) {
        const struct service *service = catalogue_service_at(view->catalogue, i);
        if (!text_equal(service->door, door)) {
            continue;
        }
        buttons[count++] =
            (struct button){.id = tree_format(b->tree, "service.%s", service->id),
                            .label = say(b, tree_format(b->tree, "service.%s.name", service->id)),
                            .sub = say(b, tree_format(b->tree, "service.%s.about", service->id)),
                            .icon = service->urgent ? "urgent" : "form",
                            .badge = true,
                            .trailing = "next",
                            .at_start = true,
                            .variant = VARIANT_CHOICE,
                            .style = STYLE_LEAD,
                            .action = act_text(INTENT_SERVICE, NULL, service->id)};
    }
    put_grid(b, buttons, count, 1);
    put_choosing(b);
    page_close(b);
}
