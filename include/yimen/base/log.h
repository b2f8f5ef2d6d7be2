// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"

/// The log: one line an event, `time level module event key=value ...`, to standard error.
///
/// Never an answer, a name, a number of a person, a raw scan or a touch: log what happened, not to
/// whom. Values with spaces or quotes are escaped; a line is cut at 1,024 bytes. Any thread; lines
/// are never mixed.

/// LOG_NONE is for log_set_level alone: nothing is written.
enum log_level { LOG_NONE = -1, LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/// Lines above this level are dropped. Default LOG_INFO.
void log_set_level(enum log_level level);
/// `module` and `event` are words ("outbox", "saved"); `format` writes the key=value pairs, "" for
/// none.
void log_event(enum log_level level, const char *module, const char *event, const char *format, ...)
    PRINTF_LIKE(4, 5);
/// Log a failure with its chain of causes.
void log_fail(enum log_level level, const char *module, const char *event, const struct fail *why);
