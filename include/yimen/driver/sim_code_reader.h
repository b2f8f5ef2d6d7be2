// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/clock.h"
#include "yimen/port/code_reader.h"
#include <stdbool.h>

/// The code reader port without a reader: reads what it is given, and can be unplugged. Ships with
/// the product so that a person may try it on any machine.
///
/// Life cycle: `sim_code_reader_open` -> port calls, codes -> `sim_code_reader_close`. One thread
/// at a time.

struct sim_code_reader_options {
    const struct clock *clock; ///< borrowed
    /// What is held up when, in ms since it was opened: "5000 YT1:..., 9000 unplug, 12000 plug";
    /// NULL: nothing. Copied.
    const char *script;
};

/// ERR_INPUT: the script is not such a list.
enum err sim_code_reader_open(const struct sim_code_reader_options *options,
                              struct code_reader *out, struct fail *why) MUST_USE;
/// NULL-safe, also for one never opened.
void sim_code_reader_close(struct code_reader *reader);
/// The next read finds this text; one that has not been read yet is replaced.
void sim_code_reader_hold(struct code_reader *reader, const char *text);
void sim_code_reader_plug(struct code_reader *reader, bool plugged);
