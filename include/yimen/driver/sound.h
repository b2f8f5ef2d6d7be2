// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/call.h"

/// A call that sounds from the machine itself: two tones, every eight seconds, every three when it
/// is urgent, for two minutes at most; then whoever still waits reads what to do.

/// The loudspeaker is looked for at each call, so that one which was plugged in later sounds; where
/// there is none, none is reached. Thread: the one that opened the screen.
enum err sound_call_open(struct call *out, struct fail *why) MUST_USE;
/// NULL-safe.
void sound_call_close(struct call *call);
