// SPDX-License-Identifier: GPL-3.0-or-later
// Signing has equal ways: drawn on the screen, a mark or a word confirmed by a clerk as witness, or
// left for later. A drawn one is kept as strokes of plain numbers and handed in as an SVG picture.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <string.h>

enum { SIGNATURE_POINTS = 4 }; ///< fewer is a slip of the finger

bool sign_ready(struct session *session)
{
    return session->visit->signature != SIGNATURE_NONE;
}

static size_t pen_down_points(const struct intent *intent)
{
    size_t down = 0;
    for (size_t i = 0; i < intent->stroke_count; i++)
        down += intent->strokes[i].x >= 0;
    return down;
}

static void forget_strokes(struct visit *visit)
{
    memory_wipe(visit->strokes, sizeof visit->strokes);
    visit->stroke_count = 0;
}

static void take_strokes(struct visit *visit, const struct intent *intent)
{
    forget_strokes(visit);
    visit->signature = SIGNATURE_NONE;
    if (!intent->strokes || pen_down_points(intent) < SIGNATURE_POINTS)
        return;
    visit->stroke_count =
        intent->stroke_count < VIEW_STROKE_POINTS ? intent->stroke_count : VIEW_STROKE_POINTS;
    memcpy(visit->strokes, intent->strokes, visit->stroke_count * sizeof visit->strokes[0]);
    visit->stroke_width = intent->stroke_width;
    visit->stroke_height = intent->stroke_height;
    visit->signature = SIGNATURE_DRAWN;
}

void sign_witnessed(struct session *session, const char *staff)
{
    struct visit *visit = session->visit;
    if (!visit || visit->step != STEP_SIGNATURE)
        return;
    forget_strokes(visit);
    visit->signature = SIGNATURE_WITNESSED;
    text_copy(visit->witness, sizeof visit->witness, staff);
}

bool sign_intent(struct session *session, const struct intent *intent)
{
    struct visit *visit = session->visit;
    if (intent->kind == INTENT_STAFF_WITNESS) {
        go_to(session, &(struct go){.kind = GO_WITNESS});
        return true;
    }
    if (intent->kind != INTENT_SIGN)
        return false;
    visit->witness[0] = '\0';
    switch ((enum signature_way)intent->number) {
    case SIGNATURE_DRAWN: take_strokes(visit, intent); break;
    case SIGNATURE_WITNESSED:
        visit->signature = SIGNATURE_NONE; // not before the clerk has said so
        go_to(session, &(struct go){.kind = GO_WITNESS});
        break;
    case SIGNATURE_OUTSTANDING:
        forget_strokes(visit);
        visit->signature = SIGNATURE_OUTSTANDING;
        break;
    case SIGNATURE_NONE:
        forget_strokes(visit);
        visit->signature = SIGNATURE_NONE;
        break;
    }
    return true;
}

bool sign_svg(const struct visit *visit, struct strbuf *out)
{
    if (visit->signature != SIGNATURE_DRAWN)
        return false;
    const struct strokes strokes = {visit->strokes, visit->stroke_count, visit->stroke_width,
                                    visit->stroke_height};
    strokes_svg(&strokes, out);
    return true;
}
