// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/code_reader.h"
#include <stdbool.h>
#include <stddef.h>

/// One line as its bytes come in.
struct code_line {
    char text[CODE_TEXT];
    size_t length;
    bool refused; ///< the rest up to the end of the line is skipped
};

/// Takes bytes up to and with the first end of a line that is not empty; returns how many it took.
/// `*ended`: there is a whole line, good or refused.
size_t code_line_take(struct code_line *line, const char *bytes, size_t length, bool *ended);
/// ERR_OK with the text, without an AIM identifier and blanks around it, or ERR_INPUT; begins anew.
enum err code_line_finish(struct code_line *line, char out[CODE_TEXT], struct fail *why) MUST_USE;
/// Forgets what was begun (zeroed).
void code_line_clear(struct code_line *line);
