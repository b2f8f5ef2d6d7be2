// SPDX-License-Identifier: GPL-3.0-or-later
// What this service collects and why, how long it takes, which papers: before anything is asked.
#include "ui/screens/screens.h"
#include "yimen/base/text.h"

// The sentence of one service, "" where it has none.
static const char *part_text(const struct build *b, const char *service, const char *what)
{
    const char *key = tree_format(b->tree, "notice.%s.%s", service, what);
    const char *own = b->view->counter_phone; // never one that the district has not set
    const char *const pairs[] = {"phone", own && own[0] ? own : say(b, "phone.hotline"), NULL};
    const char *text = say_with(b, key, pairs);
    return text_equal(text, key) ? "" : text;
}

static bool was_said(const struct build *b, size_t before, const char *what, const char *text)
{
    for (size_t i = 0; i < before; i++) {
        if (text_equal(part_text(b, b->view->items[i]->id, what), text)) {
            return true;
        }
    }
    return false;
}

static bool says_the_same(const struct build *b, const char *what)
{
    const struct view *view = b->view;
    const char *first = part_text(b, view->items[0]->id, what);
    for (size_t i = 1; i < view->item_count; i++) {
        if (!text_equal(part_text(b, view->items[i]->id, what), first)) {
            return false;
        }
    }
    return true;
}

static const char *names_saying(const struct build *b, const char *what, const char *text)
{
    const char *names = "";
    for (size_t i = 0; i < b->view->item_count; i++) {
        const char *id = b->view->items[i]->id;
        if (text_equal(part_text(b, id, what), text)) {
            names =
                tree_format(b->tree, "%s%s%s", names, names[0] ? say(b, "common.and-comma") : "",
                            say(b, tree_format(b->tree, "service.%s.name", id)));
        }
    }
    return names;
}

// What all services say alike is said once; else each with its name.
static void put_parts(struct build *b, const char *what)
{
    const struct view *view = b->view;
    if (says_the_same(b, what)) {
        put_text(b, STYLE_BODY, COLOUR_INK, part_text(b, view->items[0]->id, what));
        return;
    }
    for (size_t i = 0; i < view->item_count; i++) {
        const char *text = part_text(b, view->items[i]->id, what);
        const char *const pairs[] = {"item", names_saying(b, what, text), "text", text, NULL};
        if (text[0] && !was_said(b, i, what, text)) {
            put_text(b, STYLE_BODY, COLOUR_INK, say_with(b, "items.part", pairs));
        }
    }
}

static void put_part(struct build *b, const char *service, const char *what)
{
    const char *text = part_text(b, b->view->item_count ? b->view->items[0]->id : service, what);
    if (!text[0]) {
        return;
    }
    const char *label = tree_format(b->tree, "notice.label.%s", what);
    const char *name = say(b, label);
    if (!text_equal(name, label)) {
        put_text(b, STYLE_STRONG, COLOUR_ACCENT_INK, name);
        flow_keep(b);
        flow_skip(b, -ui_measure(b, MEASURE_GAP));
    }
    if (b->view->item_count > 0) {
        put_parts(b, what);
    } else {
        put_text(b, STYLE_BODY, COLOUR_INK, text);
    }
}

// One row of the list, its papers side by side.
static void put_paper_row(struct build *b, const struct service *service, size_t first,
                          size_t columns)
{
    int gap = ui_measure(b, MEASURE_GAP), height = 0;
    int width = (flow_width(b) - ((int)columns - 1) * gap) / (int)columns;
    const char *names[3];
    size_t count = service->paper_count - first;
    count = count < columns ? count : columns;
    for (size_t i = 0; i < count; i++) {
        names[i] = tree_format(
            b->tree, "%s%s", say(b, "common.bullet"),
            say(b, tree_format(b->tree, "paper.%s.name", service->papers[first + i].id)));
        int high = text_height(b, STYLE_BODY, names[i], width);
        height = high > height ? high : height;
    }
    struct box box = flow_take(b, height);
    for (size_t i = 0; i < count; i++) {
        text_at(b, ROLE_TEXT, tree_format(b->tree, "paper.%zu", first + i), STYLE_BODY, COLOUR_INK,
                names[i], (struct box){box.x + (int)i * (width + gap), box.y, width, height},
                ALIGN_START);
    }
}

// As a list that one can tick off at home.
static void put_papers(struct build *b, const struct service *service)
{
    size_t columns = (b->landscape ? 3u : 2u) - (b->theme->size == TEXT_SIZE_XL ? 1u : 0u);
    put_notice(b, "papers", "paper", COLOUR_TINT, COLOUR_INK,
               say(b, service->paper_count ? "notice.papers" : "notice.no-papers"));
    for (size_t i = 0; i < service->paper_count; i += columns) {
        flow_skip(b, i ? -ui_measure(b, MEASURE_GAP) / 2 : 0);
        put_paper_row(b, service, i, columns);
    }
}

void screen_notice(struct build *b)
{
    static const char *const parts[] = {"kinds",     "purpose", "handler", "method",
                                        "retention", "rights",  "basis",   "refuse"};
    const struct service *service = b->view->service;
    page_open(b, &(struct page){.next_key = b->view->is_opening ? "code.busy" : "notice.begin",
                                .next = INTENT_NEXT,
                                .back = INTENT_BACK});
    if (service) {
        put_heading(b, say(b, tree_format(b->tree, "service.%s.long", service->id)));
        const char *const minutes[] = {"minutes", number_text(b, service->minutes), NULL};
        put_items(b, "items.together");
        put_notice(b, "minutes", "clock", COLOUR_TINT, COLOUR_INK,
                   say_with(b, "notice.minutes", minutes));
        put_papers(b, service);
        put_fitting(b);
        put_text(b, STYLE_LEAD, COLOUR_INK,
                 say(b, tree_format(b->tree, "notice.%s.title",
                                    b->view->item_count ? b->view->items[0]->id : service->id)));
        flow_keep(b);
        for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
            put_part(b, service->id, parts[i]);
        }
    }
    page_close(b);
}
