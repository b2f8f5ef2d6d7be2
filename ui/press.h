// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/tree.h"

/// The touch rules, without SDL: a press counts when it starts in a target, ends within 10 mm of it
/// and in no other; a second press on the same place within 0.5 s is ignored (trembling, double
/// taps, a screen that changed under the finger), on a key of a keyboard within 0.15 s; one finger at
/// a time. UI thread.

struct press {
    bool down;
    int64_t finger;
    char id[LIMIT_REF + 32];
    struct box box;       ///< of the target, when the finger went down
    int slack_px;         ///< 10 mm
    uint64_t accepted_ms; ///< when the last press counted; 0: never
    int accepted_x, accepted_y;
    char accepted_id[LIMIT_REF + 32];
};

/// The target that is now pressed, or NULL.
const struct node *press_down(struct press *press, const struct tree *tree, int64_t finger, int x,
                              int y, uint64_t now_ms);
/// The node that was pressed and is still there, or NULL: nothing happens.
const struct node *press_up(struct press *press, const struct tree *tree, int64_t finger, int x,
                            int y, uint64_t now_ms);
/// Is this the finger that is being followed?
bool press_follows(const struct press *press, int64_t finger);
