// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/tree.h"

/// The touch rules, without SDL. A press counts when it starts in a target and ends within 10 mm of
/// it and in no other.
///
/// Keys that type take several fingers at once, as two thumbs do: each is a press of its own, and
/// they count in the order in which they went down. Anything else is one press at a time: a finger
/// on another target replaces it, so that one lost "up" never makes the glass deaf.
///
/// A second press on the same target counts 0.5 s after the first (trembling, double taps, a screen
/// that changed under the finger), on a key that types after 80 ms; measured from down to down by
/// the events' own time, whatever the program was doing meanwhile.
///
/// A contact of more than 5 s is no press: it is ignored until it lifts, and told. UI thread.

enum { PRESS_CONTACTS = 12, PRESS_RECENT = 8 };

enum finger { FINGER_DOWN, FINGER_MOVE, FINGER_UP, FINGER_CANCEL };

/// What a finger did.
struct touch {
    enum finger what;
    int64_t device, finger;
    int x, y;
    uint64_t at_ms; ///< when the event came in
    /// When it may have happened at the earliest: events that waited while the program was busy
    /// come in together. `at_ms` when it did not wait.
    uint64_t since_ms;
};

enum contact_state {
    CONTACT_FREE,
    CONTACT_NOTHING, ///< on the glass, but pressing nothing, or nothing any more
    CONTACT_PRESS,
    CONTACT_STUCK ///< lay too long
};

/// A finger on the glass.
struct contact {
    enum contact_state state;
    int64_t device, finger;
    uint64_t down_ms, moved_ms;
    unsigned order; ///< of going down
    int down_x, down_y;
    bool types;     ///< its target is a key that types
    bool draws;     ///< its target is the signing area
    bool travelled; ///< it has left the place where it went down
    char id[LIMIT_REF + 32];
    struct box box; ///< of the target, when the finger went down
};

/// A press that counted, for what follows it too soon.
struct recent {
    bool types, moves_keys;
    uint64_t since_ms;
    int x, y;
    char id[LIMIT_REF + 32];
};

struct press {
    int slack_px; ///< 10 mm
    struct contact contacts[PRESS_CONTACTS];
    unsigned downs;
    struct recent recent[PRESS_RECENT];
    unsigned recent_count; ///< in all; the latest ones are kept
    int stuck;             ///< contacts that lie too long
};

/// A finger goes down; NULL: on nothing, or too soon after the press before. The target is pressed
/// from now on. To be called after `press_older`.
const struct node *press_down(struct press *press, const struct tree *tree,
                              const struct touch *touch);
/// Before a finger goes down on a target: a key pressed before it that is not up yet, the oldest
/// first. It counts now and its "up" no more; NULL: none (left).
const struct node *press_older(struct press *press, const struct tree *tree);
/// A finger goes up: the node that was pressed and is still there, or NULL: nothing happens.
const struct node *press_up(struct press *press, const struct tree *tree,
                            const struct touch *touch);
/// A finger is gone without a word, or with `all` every finger of its device.
void press_cancel(struct press *press, const struct touch *touch, bool all);
/// Nothing is pressed any more, and nothing was; fingers that lie on the glass stay known.
void press_forget(struct press *press);
/// What lies too long becomes stuck; true: `stuck` has changed.
bool press_expire(struct press *press, uint64_t now_ms);
/// The contact of this finger; NULL.
struct contact *press_contact(struct press *press, int64_t device, int64_t finger);
/// The contact that draws; NULL.
struct contact *press_drawing(struct press *press);
bool press_any(const struct press *press);
