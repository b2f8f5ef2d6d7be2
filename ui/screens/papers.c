// SPDX-License-Identifier: GPL-3.0-or-later
// Each paper has its answers; none of them blocks.
#include "ui/screens/screens.h"

enum { ANSWERS = 5 };

static const struct {
    enum paper_answer answer;
    const char *word, *icon;
} answers[ANSWERS] = {{PAPER_ANSWER_SCAN, "scan", "scan"},
                      {PAPER_ANSWER_LATER, "later", "calendar"},
                      {PAPER_ANSWER_CLERK, "clerk", "helper"},
                      {PAPER_ANSWER_DISTRICT, "district", "district"},
                      {PAPER_ANSWER_CANNOT, "cannot", "cannot"}};

static void put_paper(struct build *b, const struct view_paper *paper)
{
    const char *id = paper->paper->id;
    put_text(b, STYLE_LEAD, COLOUR_INK, say(b, tree_format(b->tree, "paper.%s.name", id)));
    flow_keep(b);
    flow_skip(b, -ui_measure(b, MEASURE_GAP));
    put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, tree_format(b->tree, "paper.%s.why", id)));
    flow_keep(b);
    if (b->view->item_count > 0) {
        const char *const pairs[] = {"items", items_names(b, id), NULL};
        flow_skip(b, -ui_measure(b, MEASURE_GAP));
        put_text(b, STYLE_SMALL, COLOUR_ACCENT_INK, say_with(b, "items.paper", pairs));
        flow_keep(b);
    }
    struct button buttons[ANSWERS];
    size_t count = 0;
    for (size_t i = 0; i < ANSWERS; i++) {
        bool scan = answers[i].answer == PAPER_ANSWER_SCAN;
        if (scan && !(b->options->has_scanner && paper->paper->scannable)) {
            continue;
        }
        bool chosen = paper->answer == answers[i].answer;
        buttons[count++] =
            (struct button){.id = tree_format(b->tree, "paper.%s.%s", id, answers[i].word),
                            .label = say(b, tree_format(b->tree, "papers.%s", answers[i].word)),
                            .icon = chosen ? "radio-on" : answers[i].icon,
                            .variant = VARIANT_CHOICE,
                            .role = ROLE_RADIO,
                            .chosen = chosen,
                            .at_start = true,
                            .style = STYLE_BODY,
                            .action = act_number(INTENT_PAPER, id, (int)answers[i].answer)};
    }
    size_t first = b->flow->count;
    put_grid(b, buttons, count, b->landscape ? 4 : 2);
    flow_bind(b, first);
    flow_skip(b, ui_measure(b, MEASURE_PAD) * 2);
}

void screen_papers(struct build *b)
{
    page_open(b,
              &(struct page){.next_key = "common.next", .next = INTENT_NEXT, .back = INTENT_BACK});
    put_heading(b, say(b, "papers.title"));
    put_notice(b, "later", "good", COLOUR_TINT, COLOUR_INK, say(b, "papers.text"));
    for (size_t i = 0; i < b->view->paper_count; i++) {
        put_paper(b, &b->view->papers[i]);
    }
    page_close(b);
}
