// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_config.h"
#include "yimen/port/clock.h"
#include "yimen/port/crypto.h"

/// Before anything asks what day it is: the clock learns when it was right last, from the program's
/// own build and from the store (outbox_known_time). A machine whose battery is dead is then told
/// from one that is right. The build's time is that of the sources (SOURCE_DATE_EPOCH, or the last
/// commit), so that the same sources make the same program. A store that cannot be read is said to
/// the log; it is somebody else's business.
void kiosk_know_time(const struct kiosk_config *config, const struct crypto *crypto,
                     struct clock *clock);
