// SPDX-License-Identifier: GPL-3.0-or-later
// What the district still needs for a case, each with its reason, and by when.
#include "ui/screens/screens.h"

static const char *what_text(struct build *b, const struct view_wanted *wanted)
{
    if (wanted->paper)
        return say(b, tree_format(b->tree, "paper.%s.name", wanted->paper));
    return wanted->label[0] ? wanted->label : say(b, "wanted.answer");
}

static void put_line(struct build *b, enum text_style style, enum colour colour, const char *text)
{
    put_text(b, style, colour, text);
    flow_keep(b);
    flow_skip(b, -ui_measure(b, MEASURE_GAP));
}

static void put_wanted(struct build *b, const struct view_wanted *wanted)
{
    size_t first = b->flow->count;
    put_line(b, STYLE_STRONG, COLOUR_ACCENT_INK,
             say(b, wanted->paper ? "wanted.paper" : "wanted.question"));
    put_line(b, STYLE_LEAD, COLOUR_INK, what_text(b, wanted));
    put_text(b, STYLE_BODY, COLOUR_INK, wanted->reason);
    flow_bind(b, first);
    flow_skip(b, ui_measure(b, MEASURE_PAD) * 2);
}

void screen_wanted(struct build *b)
{
    const struct view *view = b->view;
    page_open(b,
              &(struct page){.next_key = "wanted.begin", .next = INTENT_NEXT, .back = INTENT_BACK});
    put_heading(b, say(b, "wanted.title"));
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "wanted.text"));
    const char *const due[] = {"day", view->wanted_due ? view->wanted_due : "", NULL};
    put_notice(b, "due", "calendar", COLOUR_TINT, COLOUR_INK, say_with(b, "wanted.due", due));
    for (size_t i = 0; i < view->wanted_count; i++)
        put_wanted(b, &view->wanted[i]);
    put_notice(b, "safe", "good", COLOUR_TINT, COLOUR_INK, say(b, "wanted.safe"));
    page_close(b);
}
