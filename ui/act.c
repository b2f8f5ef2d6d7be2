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

// Opens the list of all candidates, turns its pages, or (0) leads back to the keys.
static void turn_candidates(struct typing *typing, int by)
{
    typing->asks = false; // whoever looks for the character goes on with the letters
    if (by && typing->all_candidates) {
        typing->candidate_page += by;
    } else {
        typing_list_candidates(typing, by > 0);
    }
}

static void press_key(struct stage *stage, const char *key)
{
    struct typing *typing = &stage->local.typing;
    const struct text_entry *entry = stage->options.text_entry;
    size_t place = key[0] == ' ' ? 1 : key[0] >= '1' && key[0] <= '9' ? (size_t)(key[0] - '0') : 0;
    bool chooses = place && place <= typing->shown_candidates && typing->layer == LAYER_PINYIN &&
                   typing->entry.remaining[0];
    bool changed = chooses ? typing_candidate(typing, entry, place - 1, &stage->intent)
                           : typing_key(typing, entry, key, &stage->intent);
    if (!changed) {
        stage->intent.kind = INTENT_NONE;
    }
}

// Would this drop letters that are no characters yet? What must never be hindered, what leaves the
// screen as it is, and what is pressed because the letters lead nowhere, does not ask.
static bool drops_letters(const struct typing *typing, const struct action *action)
{
    static const enum intent_kind stays[] = {
        INTENT_URGENT, INTENT_CALL,    INTENT_HIDE,     INTENT_LEAVE, INTENT_LEAVE_SURE,
        INTENT_HELP,   INTENT_SIZE,    INTENT_CONTRAST, INTENT_STAFF, INTENT_CLOSE_OVERLAY,
        INTENT_ANSWER, INTENT_COMFORT, INTENT_CHARACTER};
    bool searches = typing->intent == INTENT_FIND_CHOICE || typing->intent == INTENT_POLICY_SEARCH;
    if (!typing->entry.remaining[0] || searches) { // a search finds by letters alone
        return false;
    }
    bool same_field =
        action->intent == typing->intent && text_equal(action->ref ? action->ref : "", typing->ref);
    bool is_free = false;
    for (size_t i = 0; i < sizeof(stays) / sizeof(*stays); i++) {
        is_free |= stays[i] == action->intent;
    }
    return action->act == ACT_TYPED || (action->act == ACT_FIELD && !same_field) ||
           (action->act == ACT_LAYER && action->number != LAYER_PINYIN) ||
           (action->act == ACT_INTENT && !is_free);
}

// Something typed is not taken yet, and what was touched would lose it: that is settled first.
static bool settles_first(struct stage *stage, const struct action *action)
{
    struct typing *typing = &stage->local.typing;
    if (drops_letters(typing, action)) {
        typing->asks = true;
        typing->put_away = false;
    } else if (action->act != ACT_INTENT || action->intent != INTENT_NEXT ||
               !typing_reopen(typing)) {
        return false;
    }
    stage->local.page = -1;
    stage_rebuild(stage);
    return true;
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
    case ACT_PENDING:
        (void)typing_letters(typing, entry, (enum letters)action->number, &stage->intent);
        break;
    case ACT_LAYER: typing_layer(typing, entry, (enum layer)action->number); break;
    case ACT_LETTERS: typing->letters = action->number != 0; break;
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

// The letters were tried for what cannot be typed: they go, and what was chosen before them stays.
static void draw_character(struct stage *stage, ui_intent *each, void *self)
{
    struct typing *typing = &stage->local.typing;
    char ref[LIMIT_REF];
    text_copy(ref, sizeof(ref), typing->ref);
    memory_wipe(&stage->intent, sizeof(stage->intent));
    if (typing_letters(typing, stage->options.text_entry, LETTERS_DROP, &stage->intent)) {
        deliver(stage, each, self);
    }
    stage->intent.kind = INTENT_CHARACTER;
    text_copy(stage->intent.ref, sizeof(stage->intent.ref), ref);
    deliver(stage, each, self);
}

void stage_act(struct stage *stage, const struct node *node, uint64_t now_ms, ui_intent *each,
               void *self)
{
    struct action action = node->action;
    if (settles_first(stage, &action)) {
        return;
    }
    if (action.act == ACT_INTENT && action.intent == INTENT_CHARACTER) {
        draw_character(stage, each, self);
        return;
    }
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

enum { ACTIVITY_MS = 1000 };

// Somebody is there. Not every move of a finger is worth a step of the session.
static void tell_activity(struct stage *stage, const struct touch *touch, ui_intent *each,
                          void *self)
{
    bool again = touch->at_ms >= stage->active_ms && touch->at_ms - stage->active_ms < ACTIVITY_MS;
    if (touch->what == FINGER_DOWN || !again) {
        stage->active_ms = touch->at_ms;
        deliver_plain(stage, INTENT_ACTIVITY, each, self);
    }
}

// The pen has left the paper, or the finger that drew is not followed any more.
static void end_lost_stroke(struct stage *stage, ui_intent *each, void *self)
{
    if (stage->local.stroke_open && !press_drawing(&stage->press)) {
        stage_stroke_end(stage, each, self);
        stage_rebuild(stage);
    }
}

static void finger_down(struct stage *stage, const struct touch *touch, ui_intent *each, void *self)
{
    const struct node *older = NULL;
    while (tree_hit(stage->tree, touch->x, touch->y) &&
           (older = press_older(&stage->press, stage->tree)) != NULL) {
        stage_act(stage, older, touch->at_ms, each, self);
    }
    const struct node *node = press_down(&stage->press, stage->tree, touch);
    bool draws = node && node->action.act == ACT_DRAW;
    if (draws) {
        stage_stroke_end(stage, each, self); // of another finger, whose place this one takes
    }
    end_lost_stroke(stage, each, self);
    if (stage->keypad || (node && !draws)) {
        stage->keypad = false;
        stage_rebuild(stage);
    }
    if (draws) {
        stage_stroke(stage, touch->x, touch->y, true);
    }
}

static void finger_move(struct stage *stage, const struct touch *touch)
{
    struct contact *contact = press_contact(&stage->press, touch->device, touch->finger);
    if (!contact) {
        return;
    }
    int slack = stage->press.slack_px / 4;
    contact->moved_ms = touch->at_ms;
    contact->travelled |=
        abs(touch->x - contact->down_x) > slack || abs(touch->y - contact->down_y) > slack;
    if (contact == press_drawing(&stage->press) && stage->local.stroke_open) {
        stage_stroke(stage, touch->x, touch->y, false);
    }
}

static void finger_up(struct stage *stage, const struct touch *touch, ui_intent *each, void *self)
{
    const struct contact *drawing = press_drawing(&stage->press);
    bool drew = drawing && drawing == press_contact(&stage->press, touch->device, touch->finger);
    const struct node *node = press_up(&stage->press, stage->tree, touch);
    if (node && !drew) {
        stage_act(stage, node, touch->at_ms, each, self);
    }
    end_lost_stroke(stage, each, self);
    stage_rebuild(stage);
}

void stage_tick(struct stage *stage, uint64_t now_ms, ui_intent *each, void *self)
{
    if (!stage->view) {
        return;
    }
    if (press_expire(&stage->press, now_ms)) {
        end_lost_stroke(stage, each, self);
        stage_rebuild(stage);
    }
    if (stage->press.stuck != stage->told_stuck) {
        stage->told_stuck = stage->press.stuck;
        memory_wipe(&stage->intent, sizeof(stage->intent));
        stage->intent.kind = INTENT_CONTACT_STUCK;
        stage->intent.number = stage->told_stuck;
        deliver(stage, each, self);
    }
}

void stage_finger(struct stage *stage, const struct touch *touch, ui_intent *each, void *self)
{
    if (!stage->view) {
        return;
    }
    stage_tick(stage, touch->at_ms, each, self);
    const struct contact *contact = press_contact(&stage->press, touch->device, touch->finger);
    bool ignored = contact && contact->state == CONTACT_STUCK && touch->what != FINGER_DOWN;
    switch (touch->what) {
    case FINGER_DOWN: finger_down(stage, touch, each, self); break;
    case FINGER_MOVE: finger_move(stage, touch); break;
    case FINGER_UP:
        if (contact) {
            finger_up(stage, touch, each, self);
        }
        break;
    case FINGER_CANCEL:
        press_cancel(&stage->press, touch, false);
        end_lost_stroke(stage, each, self);
        stage_rebuild(stage);
        break;
    }
    if (!ignored) { // what lies on the glass must not keep a visit open
        tell_activity(stage, touch, each, self);
    }
    stage_tick(stage, touch->at_ms, each, self);
}

void stage_device_lost(struct stage *stage, int64_t device, uint64_t now_ms, ui_intent *each,
                       void *self)
{
    press_cancel(&stage->press, &(struct touch){.device = device}, true);
    if (stage->view) {
        end_lost_stroke(stage, each, self);
        stage_rebuild(stage);
        stage_tick(stage, now_ms, each, self);
    }
}

bool stage_is_touched(const struct stage *stage)
{
    return press_any(&stage->press);
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
    if (stage->view) {
        deliver_plain(stage, INTENT_ACTIVITY, each, self);
        node = tree_find(stage->tree, stage->local.focus);
    }
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
