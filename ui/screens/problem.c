// SPDX-License-Identifier: GPL-3.0-or-later
// A calm full screen: what happened, is my case safe, what now, and a code for staff.
#include "ui/screens/screens.h"
#include "yimen/base/text.h"

void screen_problem(struct build *b)
{
    const struct view *view = b->view;
    page_open(b, &(struct page){.next_key = view->problem_retry ? "problem.retry" : NULL,
                                .next = INTENT_RETRY,
                                .next_id = "retry",
                                .back = INTENT_BACK});
    flow_skip(b, b->landscape ? 0 : b->main.view.h / 12);
    int side = ui_measure(b, MEASURE_ICON_LARGE) * 3 / 2;
    struct box box = flow_take(b, side);
    struct node *node = tree_add(b->tree, ROLE_IMAGE, box, "", "");
    icon_part(b, node, "attention", (struct box){box.x, box.y, side, side}, COLOUR_ACCENT);
    flow_keep(b);
    put_heading(b, say(b, view->problem_what_key));
    put_notice(b, "safe", "shield", COLOUR_TINT, COLOUR_INK, say(b, view->problem_safe_key));
    put_text(b, STYLE_LEAD, COLOUR_INK, say(b, view->problem_next_key));
    if (view->problem_code && view->problem_code[0]) {
        const char *const pairs[] = {"code", view->problem_code, NULL};
        put_text(b, STYLE_SMALL, COLOUR_INK_SOFT, say_with(b, "problem.code", pairs));
    }
    page_close(b);
}
