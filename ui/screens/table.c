// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/screens.h"

static void (*const screens[SCREEN_COUNT])(struct build *b) = {
    [SCREEN_ATTRACT] = screen_attract,         [SCREEN_SERVICES] = screen_services,
    [SCREEN_NOTICE] = screen_notice,           [SCREEN_WHO] = screen_who,
    [SCREEN_IDENTITY] = screen_identity,       [SCREEN_QUESTION] = screen_question,
    [SCREEN_REPEAT] = screen_repeat,           [SCREEN_PAPERS] = screen_papers,
    [SCREEN_REVIEW] = screen_review,           [SCREEN_CONSENT] = screen_consent,
    [SCREEN_COMMITMENT] = screen_commitment,   [SCREEN_SIGNATURE] = screen_signature,
    [SCREEN_SAVING] = screen_saving,           [SCREEN_SAVED] = screen_saved,
    [SCREEN_RATING] = screen_rating,           [SCREEN_DONE] = screen_done,
    [SCREEN_PROBLEM] = screen_problem,         [SCREEN_STAFF_PIN] = screen_staff_pin,
    [SCREEN_STAFF_QUEUE] = screen_staff_queue, [SCREEN_STAFF_CASE] = screen_staff_case,
    [SCREEN_TECHNICIAN] = screen_technician,   [SCREEN_STAFF_CLOCK] = screen_staff_clock,
    [SCREEN_TRACK_FIND] = screen_track_find,   [SCREEN_TRACK_FACTOR] = screen_track_factor,
    [SCREEN_TRACK_CASE] = screen_track_case,   [SCREEN_POLICIES] = screen_policies,
    [SCREEN_POLICY] = screen_policy,           [SCREEN_FIT] = screen_fit,
    [SCREEN_BUNDLES] = screen_bundles,         [SCREEN_ITEMS] = screen_items,
    [SCREEN_WANTED] = screen_wanted,           [SCREEN_TICKET_OFFER] = screen_ticket_offer,
    [SCREEN_TICKET] = screen_ticket,           [SCREEN_CODE] = screen_code,
    [SCREEN_CHARACTER] = screen_character,     [SCREEN_DOCUMENT] = screen_document,
};

static void begin(struct build *b)
{
    tree_clear(b->tree);
    b->tree->screen = b->view->screen;
    b->tree->overlay = b->view->overlay;
    b->tree->language = b->view->language;
    b->side_overflows = false;
    b->in_overlay = b->leaves_out = false;
    b->main.open = b->side.open = false;
    b->main.count = b->side.count = 0;
    b->main.y = b->side.y = 0;
}

// A layout that does not fit leaves no trace: it has fewer pages, or more, than the one that does.
static void lay_out(struct build *b, int page, bool shows_violations)
{
    b->local->page = page;
    b->local->shows_violations = shows_violations;
    begin(b);
    screens[b->view->screen](b);
}

void screen_build(struct build *b)
{
    int page = b->local->page;
    bool shows_violations = b->local->shows_violations;
    b->no_split = b->only_active = false;
    lay_out(b, page, shows_violations);
    if (b->side_overflows) { // the left column is too short for all that stands there
        b->only_active = true;
        lay_out(b, page, shows_violations);
    }
    if (b->side_overflows) { // or even for its text: one column then
        b->no_split = true;
        lay_out(b, page, shows_violations);
    }
    b->tree->overlay_first = b->tree->count;
    if (b->view->overlay != OVERLAY_NONE) {
        b->in_overlay = true;
        b->side.count = 0; // what is below is placed
        overlay_build(b);
    }
}
