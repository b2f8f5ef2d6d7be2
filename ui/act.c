// SPDX-License-Identifier: GPL-3.0-or-later
// From fingers and keys to intents.
#include "ui/stage_internal.h"
#include "ui/typing.h"
#include "yimen/base/text.h"
#include <stdlib.h>

enum { BRAND_TAPS = 5, BRAND_MS = 10000, STROKE_STEP = 4 };

static void deliver(struct stage *stage, ui_intent *each, void *self)
{
    if (stage->intent.kind != INTENT_NONE) {
        each(self, &stage->intent);
    }
    memory_wipe(&stage->intent, sizeof(stage->intent));
}

static void deliver_plain(struct stage *stage, enum intent_kind kind, ui_intent *each, void *self)
{
    memory_wipe(&stage->intent, sizeof(stage->intent));
    stage->intent.kind = kind;
    deliver(stage, each, self);
}

static void take_action(struct stage *stage, const struct action *action)
{
    struct intent *intent = &stage->intent;
    memory_wipe(intent, sizeof(*intent));
    intent->kind = action->intent;
    intent->number = action->number;
    text_copy(intent->ref, sizeof(intent->ref), action->ref ? action->ref : "");
    text_copy(intent->text, sizeof(intent->text), action->text ? action->text : "");
}

static void take_strokes(struct stage *stage)
{
    const struct node *pad = tree_find(stage->tree, "pad");
    struct intent *intent = &stage->intent;
    memory_wipe(intent, sizeof(*intent));
    intent->kind = INTENT_SIGN;
    intent->number = SIGNATURE_DRAWN;
    intent->strokes = stage->local.strokes;
    intent->stroke_count = stage->local.stroke_count;
    if (pad && stage->local.unit_px > 0) {
        intent->stroke_width = (int)(pad->box.w / stage->local.unit_px);
        intent->stroke_height = (int)(pad->box.h / stage->local.unit_px);
    }
}

static void touch_brand(struct stage *stage, uint64_t now_ms)
{
    struct local *local = &stage->local;
    if (!local->brand_taps || now_ms - local->brand_since_ms > BRAND_MS) {
        local->brand_taps = 0;
        local->brand_since_ms = now_ms;
    }
    if (++local->brand_taps == BRAND_TAPS) {
        local->brand_taps = 0;
        stage->intent.kind = INTENT_STAFF;
    }
}

static void turn_candidates(struct typing *typing, int by)
{
    size_t step = typing->shown_candidates ? typing->shown_candidates : 1;
    if (by > 0 && typing->first_candidate + step < typing->entry.count) {
        typing->first_candidate += step;
    } else if (by < 0) {
        typing->first_candidate =
            typing->first_candidate > step ? typing->first_candidate - step : 0;
    }
}

static void press_key(struct stage *stage, const char *key)
{
    struct typing *typing = &stage->local.typing;
    const struct text_entry *entry = stage->options.text_entry;
    bool first = key[0] == ' ' && typing->layer == LAYER_PINYIN && typing->entry.remaining[0];
    bool changed = first ? typing_candidate(typing, entry, 0, &stage->intent)
                         : typing_key(typing, entry, key, &stage->intent);
    if (!changed) {
        stage->intent.kind = INTENT_NONE;
    }
}

// What the screen does by itself; leaves an intent in `stage->intent` when there is one to send.
static void act_here(struct stage *stage, const struct action *action, uint64_t now_ms)
{
    struct typing *typing = &stage->local.typing;
    const struct text_entry *entry = stage->options.text_entry;
    switch (action->act) {
    case ACT_PAGE:
        if (stage->view->overlay == OVERLAY_NONE) {
            stage->local.page += action->number;
        } else {
            stage->local.overlay_page += action->number;
        }
        break;
    case ACT_FIELD:
        typing_open(typing, (enum field_kind)action->number, action->intent, action->ref,
                    action->text);
        typing->put_away = false;
        stage->local.page = -1;
        break;
    case ACT_KEY: press_key(stage, action->text); break;
    case ACT_CANDIDATE:
        (void)typing_candidate(typing, entry, (size_t)action->number, &stage->intent);
        break;
    case ACT_CANDIDATES: turn_candidates(typing, action->number); break;
    case ACT_LAYER: typing_layer(typing, entry, (enum layer)action->number); break;
    case ACT_TYPED: typing->put_away = true; break;
    case ACT_CLEAR_STROKES:
        memory_wipe(stage->local.strokes, sizeof(stage->local.strokes));
        stage->local.stroke_count = 0;
        take_strokes(stage);
        break;
    case ACT_BRAND: touch_brand(stage, now_ms); break;
    case ACT_NONE:
    case ACT_INTENT:
    case ACT_DRAW: break;
    }
}

void stage_act(struct stage *stage, const struct node *node, uint64_t now_ms, ui_intent *each,
               void *self)
{
    struct action action = node->action;
    if (action.act == ACT_INTENT) {
        take_action(stage, &action);
        deliver(stage, each, self);
        return;
    }
    stage->intent.kind = INTENT_NONE;
    act_here(stage, &action, now_ms);
    stage_rebuild(stage);
    deliver(stage, each, self);
}

// ------------------------------------------------------------------ the signature

void stage_stroke(struct stage *stage, int x, int y, bool down)
{
    struct local *local = &stage->local;
    struct node *pad = tree_find(stage->tree, "pad");
    if (!pad || local->stroke_count + 1 >= VIEW_STROKE_POINTS) {
        return;
    }
    x = x < pad->box.x ? pad->box.x : x > pad->box.x + pad->box.w ? pad->box.x + pad->box.w : x;
    y = y < pad->box.y ? pad->box.y : y > pad->box.y + pad->box.h ? pad->box.y + pad->box.h : y;
    struct stroke_point point = {(int16_t)((x - pad->box.x) / local->unit_px),
                                 (int16_t)((y - pad->box.y) / local->unit_px)};
    const struct stroke_point *last =
        local->stroke_count ? &local->strokes[local->stroke_count - 1] : NULL;
    if (!down && last && abs(last->x - point.x) + abs(last->y - point.y) < STROKE_STEP) {
        return;
    }
    local->strokes[local->stroke_count++] = point;
    local->stroke_open = true;
    if (down) {
        stage_rebuild(stage);
    } else {
        pad->last->stroke_count = local->stroke_count;
    }
}

void stage_stroke_end(struct stage *stage, ui_intent *each, void *self)
{
    struct local *local = &stage->local;
    if (!local->stroke_open) {
        return;
    }
    local->stroke_open = false;
    local->strokes[local->stroke_count++] = (struct stroke_point){-1, -1};
    take_strokes(stage);
    deliver(stage, each, self);
}

// ------------------------------------------------------------------ fingers and keys

static void finger_down(struct stage *stage, int64_t finger, int x, int y, uint64_t now_ms,
                        ui_intent *each, void *self)
{
    bool was_down = stage->press.down;
    const struct node *node = press_down(&stage->press, stage->tree, finger, x, y, now_ms);
    bool draws = node && node->action.act == ACT_DRAW;
    if (stage->keypad || (node && !draws)) {
        stage->keypad = false;
        stage_rebuild(stage);
    }
    if (draws) {
        stage_stroke(stage, x, y, true);
    }
    if (!was_down) {
        deliver_plain(stage, INTENT_ACTIVITY, each, self);
    }
}

static void finger_up(struct stage *stage, int64_t finger, int x, int y, uint64_t now_ms,
                      ui_intent *each, void *self)
{
    const struct node *pressed = tree_find(stage->tree, stage->press.id);
    if (pressed && pressed->action.act == ACT_DRAW) {
        stage->press.down = false;
        stage_stroke_end(stage, each, self);
        stage_rebuild(stage);
        return;
    }
    const struct node *node = press_up(&stage->press, stage->tree, finger, x, y, now_ms);
    if (node) {
        stage_act(stage, node, now_ms, each, self);
    }
    stage_rebuild(stage);
}

void stage_finger(struct stage *stage, enum finger what, int64_t finger, int x, int y,
                  uint64_t now_ms, ui_intent *each, void *self)
{
    if (!stage->view) {
        return;
    }
    switch (what) {
    case FINGER_DOWN: finger_down(stage, finger, x, y, now_ms, each, self); break;
    case FINGER_MOVE:
        if (press_follows(&stage->press, finger) && stage->local.stroke_open) {
            stage_stroke(stage, x, y, false);
        }
        break;
    case FINGER_UP:
        if (press_follows(&stage->press, finger)) {
            finger_up(stage, finger, x, y, now_ms, each, self);
        }
        break;
    }
}

void stage_walk(struct stage *stage, enum walk walk, ui_intent *each, void *self)
{
    if (!stage->view) {
        return;
    }
    const struct node *node =
        focus_walk(stage->tree, stage->keypad ? stage->local.focus : "", walk);
    stage->keypad = true;
    text_copy(stage->local.focus, sizeof(stage->local.focus), node ? node->id : "");
    stage_rebuild(stage);
    deliver_plain(stage, INTENT_ACTIVITY, each, self);
}

void stage_select(struct stage *stage, ui_intent *each, void *self)
{
    const struct node *node = stage->view ? tree_find(stage->tree, stage->local.focus) : NULL;
    if (stage->keypad && node && node_is_target(node)) {
        stage_act(stage, node, 0, each, self);
    }
}

void stage_help(struct stage *stage, ui_intent *each, void *self)
{
    if (stage->view) {
        stage->keypad = true;
        deliver_plain(stage, INTENT_HELP, each, self);
    }
}
