// SPDX-License-Identifier: GPL-3.0-or-later
// Signing has equal ways: drawn on the screen, a mark or a word confirmed by a clerk as witness, or
// left for later. A drawn one is kept as strokes of plain numbers and handed in as an SVG picture.
#include "session_internal.h"
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
        staff_ask_pin(session, STAFF_TO_WITNESS);
        return true;
    }
    if (intent->kind != INTENT_SIGN)
        return false;
    visit->witness[0] = '\0';
    switch ((enum signature_way)intent->number) {
    case SIGNATURE_DRAWN: take_strokes(visit, intent); break;
    case SIGNATURE_WITNESSED:
        visit->signature = SIGNATURE_NONE; // not before the clerk has said so
        staff_ask_pin(session, STAFF_TO_WITNESS);
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
    bool down = false;
    if (visit->signature != SIGNATURE_DRAWN)
        return false;
    strbuf_addf(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d.%dmm\" height=\"%d.%dmm\" "
                "viewBox=\"0 0 %d %d\"><path fill=\"none\" stroke=\"black\" stroke-width=\"6\" "
                "stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"",
                visit->stroke_width / 10, visit->stroke_width % 10, visit->stroke_height / 10,
                visit->stroke_height % 10, visit->stroke_width, visit->stroke_height);
    for (size_t i = 0; i < visit->stroke_count; i++) {
        struct stroke_point point = visit->strokes[i];
        if (point.x >= 0)
            strbuf_addf(out, "%c%d %d", down ? 'L' : 'M', point.x, point.y);
        down = point.x >= 0;
    }
    strbuf_adds(out, "\"/></svg>\n");
    return true;
}
