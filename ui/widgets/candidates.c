// SPDX-License-Identifier: GPL-3.0-or-later
// What the letters may stand for: a row above the keys, and all of it in place of the keys, in
// cells of one size, so that a rare character is a few pages away at most.
#include "ui/widgets/keys.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"

void put_preedit(struct build *b, struct box box)
{
    const struct text_entry_state *entry = &b->local->typing.entry;
    const char *text = tree_format(b->tree, "%s%s", entry->composed, entry->remaining);
    text_at(b, ROLE_TEXT, "preedit", STYLE_SMALL, COLOUR_ACCENT_INK,
            text[0] ? text : say(b, "key.pinyin-hint"), box, ALIGN_START);
}

const char *candidate_text(const struct build *b, size_t index)
{
    char text[TEXT_ENTRY_CANDIDATE_BYTES] = "";
    const struct text_entry *entry = b->options->text_entry;
    if (entry) {
        (void)entry->ops->candidate(entry->self, index, text);
    }
    return arena_strdup(b->tree->arena, text);
}

int candidates_height(const struct build *b)
{
    return ui_measure(b, MEASURE_TARGET);
}

static void candidate_at(struct build *b, struct box box, size_t index, const char *text)
{
    key_at(b, box, tree_format(b->tree, "candidate.%zu", index), text,
           (struct action){.act = ACT_CANDIDATE, .number = (int)index});
}

// ------------------------------------------------------------------ what cannot be typed

static bool types_a_name(const struct build *b)
{
    const struct typing *typing = &b->local->typing;
    const struct question *question = typed_question(b);
    return typing->intent == INTENT_NAME || (question && question_is_name(question));
}

static const char *cannot_label(const struct build *b)
{
    return say(b, b->view->characters_left ? "character.cannot" : "character.full");
}

// In one line where there is room for candidates beside it, else in two.
static int cannot_width(const struct build *b, int room)
{
    int w, h, least = ui_measure(b, MEASURE_TARGET), pad = ui_measure(b, MEASURE_PAD);
    PangoLayout *layout = set_text(b, STYLE_SMALL, cannot_label(b), -1, ALIGN_CENTRE);
    layout_size(layout, &w, &h);
    g_object_unref(layout);
    w = w + 2 * pad > room * 3 / 10 ? w * 6 / 10 + 2 * pad : w + 2 * pad;
    return w > least ? w : least;
}

// At the end of a row, and what is left of it.
static struct box put_cannot(struct build *b, struct box box)
{
    int gap = ui_measure(b, MEASURE_GAP), width = cannot_width(b, box.w), w, h;
    struct box at = {box.x + box.w - width, box.y, width, box.h};
    const char *label = cannot_label(b);
    struct node *node = tree_add(b->tree, ROLE_BUTTON, at, "character", label);
    node->fill = COLOUR_SURFACE;
    node->line = COLOUR_ACCENT;
    node->line_px = to_px(b, 0.45);
    node->radius = ui_measure(b, MEASURE_RADIUS) * 3 / 4;
    node->action = b->view->characters_left
                       ? act_text(INTENT_CHARACTER, b->local->typing.ref, "")
                       : (struct action){.act = ACT_INTENT, .intent = INTENT_CALL};
    PangoLayout *layout = set_text(b, STYLE_SMALL, label, at.w, ALIGN_CENTRE);
    layout_size(layout, &w, &h);
    tree_text(b->tree, node, layout, (struct box){at.x, at.y + (at.h - h) / 2, at.w, h},
              COLOUR_ACCENT_INK);
    box.w -= width + gap;
    return box;
}

// ------------------------------------------------------------------ the row

static int natural_width(const struct build *b, const char *text)
{
    int w, h, least = ui_measure(b, MEASURE_TARGET);
    PangoLayout *layout = set_text(b, STYLE_LEAD, text, -1, ALIGN_CENTRE);
    layout_size(layout, &w, &h);
    g_object_unref(layout);
    w += 2 * ui_measure(b, MEASURE_PAD);
    return w > least ? w : least;
}

void put_candidates(struct build *b, struct box box)
{
    struct typing *typing = &b->local->typing;
    int gap = ui_measure(b, MEASURE_GAP), more = ui_measure(b, MEASURE_TARGET);
    if (types_a_name(b)) {
        box = put_cannot(b, box);
    }
    int x = box.x, end = box.x + box.w - more - gap;
    size_t index = 0;
    for (; index < typing->entry.count; index++) {
        const char *text = candidate_text(b, index);
        int w = natural_width(b, text);
        if (x + w > end && index > 0) {
            break;
        }
        w = x + w > end ? end - x : w;
        candidate_at(b, (struct box){x, box.y, w, box.h}, index, text);
        x += w + gap;
    }
    typing->shown_candidates = index;
    const struct special all = {
        "candidates.more", "candidates.more", "down", ACT_CANDIDATES, 1, NULL, 1, false, false};
    if (index < typing->entry.count) {
        special_at(b, (struct box){box.x + box.w - more, box.y, more, box.h}, &all);
    }
}

// ------------------------------------------------------------------ all of them

struct grid {
    struct box box;
    int columns, rows, width, height, gap;
    int page, row, column; ///< of the next cell
};

static struct grid grid_in(const struct build *b, struct box box)
{
    int gap = ui_measure(b, MEASURE_GAP), least = ui_measure(b, MEASURE_TARGET);
    int height = ui_measure(b, MEASURE_KEY);
    struct grid grid = {.box = box, .gap = gap};
    grid.columns = (box.w + gap) / (least + gap);
    grid.columns = grid.columns < 1 ? 1 : grid.columns;
    grid.rows = (box.h + gap) / (height + gap);
    grid.rows = grid.rows < 1 ? 1 : grid.rows;
    grid.width = (box.w - (grid.columns - 1) * gap) / grid.columns;
    grid.height = (box.h - (grid.rows - 1) * gap) / grid.rows;
    return grid;
}

// The next place for so many characters; a phrase takes several cells of a row.
static struct box grid_take(struct grid *grid, size_t characters)
{
    int cells = 1 + (int)(characters / 2);
    cells = cells < grid->columns ? cells : grid->columns;
    if (grid->column + cells > grid->columns) {
        grid->column = 0;
        grid->row++;
    }
    if (grid->row == grid->rows) {
        grid->row = 0;
        grid->page++;
    }
    struct box box = {grid->box.x + grid->column * (grid->width + grid->gap),
                      grid->box.y + grid->row * (grid->height + grid->gap),
                      cells * grid->width + (cells - 1) * grid->gap, grid->height};
    grid->column += cells;
    return box;
}

// Puts what is on the page that is turned to; the others take their places only.
static void fill_grid(struct build *b, struct grid *grid, bool singles, bool others)
{
    const struct typing *typing = &b->local->typing;
    for (size_t i = 0; i < typing->entry.count; i++) {
        const char *text = candidate_text(b, i);
        size_t characters = text_length(text);
        if (characters == 1 ? !singles : !others) {
            continue;
        }
        struct box box = grid_take(grid, characters);
        if (grid->page == typing->candidate_page) {
            candidate_at(b, box, i, text);
        }
    }
}

static void put_pages(struct build *b, struct box box, int pages)
{
    const struct typing *typing = &b->local->typing;
    int gap = ui_measure(b, MEASURE_GAP), key = ui_measure(b, MEASURE_TARGET);
    const char *const pairs[] = {"page", tree_format(b->tree, "%d", typing->candidate_page + 1),
                                 "pages", tree_format(b->tree, "%d", pages), NULL};
    const struct special keys = {
        "candidates.keys", "candidates.keys", NULL, ACT_CANDIDATES, 0, NULL, 1, false, false};
    const struct special back = {
        "candidates.back", "common.page-up", "back", ACT_CANDIDATES, -1, NULL, 1, false, false};
    const struct special next = {
        "candidates.more", "common.page-down", "next", ACT_CANDIDATES, 1, NULL, 1, false, false};
    if (types_a_name(b)) {
        box = put_cannot(b, box);
    }
    special_at(b, (struct box){box.x, box.y, 2 * key, box.h}, &keys);
    box.x += 2 * key + gap;
    box.w -= 2 * key + gap;
    if (pages < 2) {
        return;
    }
    if (typing->candidate_page > 0) {
        special_at(b, (struct box){box.x, box.y, key, box.h}, &back);
    }
    if (typing->candidate_page + 1 < pages) {
        special_at(b, (struct box){box.x + box.w - key, box.y, key, box.h}, &next);
    }
    const char *says = say_with(b, "candidates.page", pairs);
    struct box middle = {box.x + key + gap, box.y, box.w - 2 * (key + gap), box.h};
    int high = text_height(b, STYLE_SMALL, says, middle.w);
    middle.y += (middle.h - high) / 2;
    middle.h = high;
    text_at(b, ROLE_TEXT, "candidates.page", STYLE_SMALL, COLOUR_INK, says, middle, ALIGN_CENTRE);
}

void put_all_candidates(struct build *b, struct box box)
{
    struct typing *typing = &b->local->typing;
    int foot = candidates_height(b), gap = ui_measure(b, MEASURE_GAP);
    struct grid grid = grid_in(b, (struct box){box.x, box.y, box.w, box.h - foot - gap});
    bool name = types_a_name(b); // made of single characters, and rare ones
    fill_grid(b, &grid, true, !name);
    if (name) {
        fill_grid(b, &grid, false, true);
    }
    typing->shown_candidates = 0; // digits choose from the row alone
    put_pages(b, (struct box){box.x, box.y + box.h - foot, box.w, foot}, grid.page + 1);
}
