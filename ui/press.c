// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/press.h"
#include "yimen/base/text.h"
#include <stdlib.h>

enum { AGAIN_MS = 500, TYPE_AGAIN_MS = 80, STUCK_MS = 5000 };

// Letters, digits, candidates and turning them: what is pressed often and quickly. A candidate that
// is chosen moves the next one under the finger: 莉莉 is the same key twice.
static bool node_types(const struct node *node)
{
    return node->role == ROLE_KEY &&
           (node->action.act == ACT_KEY || node->action.act == ACT_INTENT ||
            node->action.act == ACT_CANDIDATE || node->action.act == ACT_CANDIDATES);
}

// After it other keys lie where the finger is.
static bool node_moves_keys(const struct node *node)
{
    return node->action.act == ACT_CANDIDATE || node->action.act == ACT_CANDIDATES;
}

struct contact *press_contact(struct press *press, int64_t device, int64_t finger)
{
    for (size_t i = 0; i < PRESS_CONTACTS; i++) {
        struct contact *contact = &press->contacts[i];
        if (contact->state != CONTACT_FREE && contact->device == device &&
            contact->finger == finger) {
            return contact;
        }
    }
    return NULL;
}

struct contact *press_drawing(struct press *press)
{
    for (size_t i = 0; i < PRESS_CONTACTS; i++) {
        if (press->contacts[i].state == CONTACT_PRESS && press->contacts[i].draws) {
            return &press->contacts[i];
        }
    }
    return NULL;
}

bool press_any(const struct press *press)
{
    for (size_t i = 0; i < PRESS_CONTACTS; i++) {
        if (press->contacts[i].state != CONTACT_FREE) {
            return true;
        }
    }
    return false;
}

static void release(struct press *press, struct contact *contact)
{
    press->stuck -= contact->state == CONTACT_STUCK;
    memory_wipe(contact, sizeof(*contact));
}

// A free place, or that of the finger which lies there longest.
static struct contact *take_contact(struct press *press, const struct touch *touch)
{
    struct contact *taken = press_contact(press, touch->device, touch->finger);
    for (size_t i = 0; i < PRESS_CONTACTS && !taken; i++) {
        taken = press->contacts[i].state == CONTACT_FREE ? &press->contacts[i] : NULL;
    }
    for (size_t i = 0; i < PRESS_CONTACTS && !taken; i++) {
        struct contact *oldest = &press->contacts[i];
        for (size_t k = 0; k < PRESS_CONTACTS; k++) {
            oldest = press->contacts[k].order < oldest->order ? &press->contacts[k] : oldest;
        }
        taken = oldest;
    }
    release(press, taken);
    taken->state = CONTACT_NOTHING;
    taken->device = touch->device;
    taken->finger = touch->finger;
    taken->down_ms = taken->moved_ms = touch->at_ms;
    taken->down_x = touch->x;
    taken->down_y = touch->y;
    taken->order = ++press->downs;
    return taken;
}

// Too soon after a press that counted. A key that types looks at its own presses alone, and takes a
// press that waited for later than it looks; for everything else, and after a candidate, the place
// counts, too, because the screen may have changed under the finger.
static bool is_repeat(const struct press *press, const struct node *node, const struct touch *touch)
{
    bool types = node_types(node);
    unsigned kept = press->recent_count < PRESS_RECENT ? press->recent_count : PRESS_RECENT;
    for (unsigned i = 0; i < kept; i++) {
        const struct recent *before = &press->recent[i];
        uint64_t again_ms = types && before->types ? TYPE_AGAIN_MS : AGAIN_MS;
        bool same = text_equal(before->id, node->id);
        bool near = abs(touch->x - before->x) < press->slack_px &&
                    abs(touch->y - before->y) < press->slack_px;
        bool soon = touch->at_ms < before->since_ms || touch->at_ms - before->since_ms < again_ms;
        bool place_counts = !(types && before->types) || before->moves_keys;
        if (soon && (same || (near && place_counts))) {
            return true;
        }
    }
    return false;
}

static void remember(struct press *press, const struct node *node, const struct touch *touch)
{
    struct recent *recent = &press->recent[press->recent_count++ % PRESS_RECENT];
    bool types = node_types(node);
    *recent = (struct recent){.types = types,
                              .moves_keys = node_moves_keys(node),
                              .since_ms = types ? touch->since_ms : touch->at_ms,
                              .x = touch->x,
                              .y = touch->y};
    text_copy(recent->id, sizeof(recent->id), node->id);
}

// A finger on another target: what was pressed before is not meant any more. A hand that rests on
// the signing area does not end a stroke, nor does it begin one.
static bool gives_way(struct press *press, const struct node *node)
{
    struct contact *drawing = press_drawing(press);
    if (drawing && node->action.act == ACT_DRAW && drawing->travelled) {
        return false;
    }
    for (size_t i = 0; i < PRESS_CONTACTS; i++) {
        struct contact *contact = &press->contacts[i];
        if (contact->state == CONTACT_PRESS && !contact->types) {
            contact->state = CONTACT_NOTHING;
        }
    }
    return true;
}

const struct node *press_down(struct press *press, const struct tree *tree,
                              const struct touch *touch)
{
    struct contact *contact = take_contact(press, touch);
    const struct node *node = tree_hit(tree, touch->x, touch->y);
    bool draws = node && node->action.act == ACT_DRAW; // strokes follow each other quickly
    if (!node || (!draws && is_repeat(press, node, touch)) || !gives_way(press, node)) {
        return NULL;
    }
    if (!draws) {
        remember(press, node, touch);
    }
    contact->state = CONTACT_PRESS;
    contact->types = node_types(node);
    contact->draws = draws;
    contact->box = node->box;
    text_copy(contact->id, sizeof(contact->id), node->id);
    return node;
}

static const struct node *pressed(const struct tree *tree, const struct contact *contact)
{
    const struct node *node = tree_find(tree, contact->id);
    return node && node_is_target(node) ? node : NULL;
}

const struct node *press_older(struct press *press, const struct tree *tree)
{
    for (;;) {
        struct contact *oldest = NULL;
        for (size_t i = 0; i < PRESS_CONTACTS; i++) {
            struct contact *contact = &press->contacts[i];
            if (contact->state == CONTACT_PRESS && contact->types &&
                (!oldest || contact->order < oldest->order)) {
                oldest = contact;
            }
        }
        if (!oldest) {
            return NULL;
        }
        oldest->state = CONTACT_NOTHING;
        const struct node *node = pressed(tree, oldest);
        if (node) {
            return node;
        }
    }
}

const struct node *press_up(struct press *press, const struct tree *tree, const struct touch *touch)
{
    struct contact *contact = press_contact(press, touch->device, touch->finger);
    if (!contact) {
        return NULL;
    }
    struct contact was = *contact;
    release(press, contact);
    const struct node *other = tree_hit(tree, touch->x, touch->y), *node = pressed(tree, &was);
    if (was.state != CONTACT_PRESS || !node ||
        !box_contains(box_grow(was.box, press->slack_px), touch->x, touch->y)) {
        return NULL;
    }
    return other && other != node && other->fill != COLOUR_SCRIM ? NULL : node;
}

void press_cancel(struct press *press, const struct touch *touch, bool all)
{
    for (size_t i = 0; i < PRESS_CONTACTS; i++) {
        struct contact *contact = &press->contacts[i];
        if (contact->state != CONTACT_FREE && contact->device == touch->device &&
            (all || contact->finger == touch->finger)) {
            release(press, contact);
        }
    }
}

void press_forget(struct press *press)
{
    memory_wipe(press->recent, sizeof(press->recent));
    press->recent_count = 0;
    for (size_t i = 0; i < PRESS_CONTACTS; i++) {
        struct contact *contact = &press->contacts[i];
        contact->state = contact->state == CONTACT_PRESS ? CONTACT_NOTHING : contact->state;
        contact->draws = false;
        memory_wipe(contact->id, sizeof(contact->id));
    }
}

bool press_expire(struct press *press, uint64_t now_ms)
{
    int before = press->stuck;
    for (size_t i = 0; i < PRESS_CONTACTS; i++) {
        struct contact *contact = &press->contacts[i];
        uint64_t from = contact->draws ? contact->moved_ms : contact->down_ms;
        if ((contact->state == CONTACT_NOTHING || contact->state == CONTACT_PRESS) &&
            now_ms >= from && now_ms - from >= STUCK_MS) {
            contact->state = CONTACT_STUCK;
            press->stuck++;
        }
    }
    return press->stuck != before;
}
