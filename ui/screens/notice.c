// SPDX-License-Identifier: GPL-3.0-or-later
// What this service collects and why, how long it takes, which papers: before anything is asked.
#include "ui/screens/screens.h"
#include "yimen/base/text.h"

static void put_part(struct build *b, const char *service, const char *what)
{
    const char *key = tree_format(b->tree, "notice.%s.%s", service, what);
    const char *const pairs[] = {"duty_phone", say(b, "phone.duty"), NULL};
    const char *text = say_with(b, key, pairs);
    if (text_equal(text, key)) {
        return;
    }
    const char *label = tree_format(b->tree, "notice.label.%s", what);
    const char *name = say(b, label);
    if (!text_equal(name, label)) {
        put_text(b, STYLE_STRONG, COLOUR_ACCENT_INK, name);
        flow_keep(b);
        flow_skip(b, -ui_measure(b, MEASURE_GAP));
    }
    put_text(b, STYLE_BODY, COLOUR_INK, text);
}

static const char *papers_text(const struct build *b, const struct service *service)
{
    struct strbuf names;
    strbuf_init(&names, 4096);
    for (size_t i = 0; i < service->paper_count; i++) {
        strbuf_adds(&names, i ? say(b, "common.and-comma") : "");
        strbuf_adds(&names, say(b, tree_format(b->tree, "paper.%s.name", service->papers[i].id)));
    }
    const char *const pairs[] = {"papers", strbuf_text(&names), NULL};
    const char *text =
        service->paper_count ? say_with(b, "notice.papers", pairs) : say(b, "notice.no-papers");
    strbuf_free(&names);
    return text;
}

void screen_notice(struct build *b)
{
    static const char *const parts[] = {"kinds",     "purpose", "handler", "method",
                                        "retention", "rights",  "basis",   "refuse"};
    const struct service *service = b->view->service;
    page_open(b,
              &(struct page){.next_key = "notice.begin", .next = INTENT_NEXT, .back = INTENT_BACK});
    if (service) {
        put_heading(b, say(b, tree_format(b->tree, "service.%s.long", service->id)));
        const char *const minutes[] = {"minutes", number_text(b, service->minutes), NULL};
        put_notice(b, "minutes", "clock", COLOUR_TINT, COLOUR_INK,
                   say_with(b, "notice.minutes", minutes));
        put_notice(b, "papers", "paper", COLOUR_TINT, COLOUR_INK, papers_text(b, service));
        put_text(b, STYLE_LEAD, COLOUR_INK,
                 say(b, tree_format(b->tree, "notice.%s.title", service->id)));
        flow_keep(b);
        for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
            put_part(b, service->id, parts[i]);
        }
    }
    page_close(b);
}
