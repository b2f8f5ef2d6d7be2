// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/tree.h"

/// Walking the screen with the keypad: back and forward go through all targets in reading order, up
/// and down go to the nearest one above or below. Pure.

enum walk { WALK_BACK, WALK_FORWARD, WALK_UP, WALK_DOWN };

/// Where the focus goes from the node named `from` ("" or unknown: to the first target of the
/// body). NULL when there is no target at all.
const struct node *focus_walk(const struct tree *tree, const char *from, enum walk walk);
