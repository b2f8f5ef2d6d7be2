// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "golden/views.h"
#include "ui/stage.h"
#include "yimen/port/text_entry.h"

/// A hand on sample screens, and what comes of it. One stage for all tests of a program:
/// `hand_open` and `hand_close` are its group set-up and tear-down.

enum { HAND_WIDTH = 1080, HAND_HEIGHT = 1920 };

/// What was sent last, and how often; without the two kinds that have their own counts.
struct hand {
    struct stage *stage;
    struct view view; ///< what is shown
    struct catalogue *catalogue;
    struct text_entry entry; ///< may be changed before `hand_open`
    struct intent got;
    size_t got_count;
    size_t activity_count;
    size_t stuck_count;
    int stuck; ///< fingers that lie on the glass, as told last
    struct stroke_point first_point;
    uint64_t now; ///< ms
};
extern struct hand hand;

int hand_open(void **state);
int hand_close(void **state);
/// A fresh screen, some time later, with no finger on the glass.
void show(const char *sample);
/// Fails the test when there is none.
const struct node *find(const char *id);
void finger(enum finger what, int64_t which, int x, int y);
/// One calm press.
void touch(const char *id);
/// Calm presses on keys.
void type(const char *keys);
/// What an intent is given to.
void remember(void *self, const struct intent *intent);
