// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stdbool.h>

/// Port: calling a person to the counter. Real drivers: drivers/system (a lamp), drivers/sound (the
/// machine's own loudspeaker); a kiosk has several, each says what it reached.

/// What a call reached: somebody may see or hear it there now. Nothing else is said on a screen.
enum {
    CALL_REACHED_LAMP = 1,
    CALL_REACHED_SOUND = 2, ///< the machine itself sounds
    CALL_REACHED_DESK = 4,  ///< the clerk's own screen
    CALL_REACHED_DUTY = 8,  ///< the district's duty desk
};

struct call_wanted {
    bool calling;
    bool urgent; ///< blinks and sounds differently
    bool silent; ///< goes on where it is seen: somebody hid what they were doing
};

struct call_ops {
    /// Starts, changes or stops calling, and adds to `reached` (CALL_REACHED_*) what this driver
    /// reached: nothing where nothing is fitted, which is no error. Must never block for more than
    /// a second.
    enum err (*set)(void *self, const struct call_wanted *wanted, unsigned *reached,
                    struct fail *why);
};
struct call {
    const struct call_ops *ops;
    void *self;
};
