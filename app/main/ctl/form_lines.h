// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "commands.h"
#include <stddef.h>

/// What `form xpath` and `form replay` share: one job a line on standard input, answered one by
/// one.

/// Answers one line, which it does not keep.
typedef void ctl_form_job(const struct ctl *ctl, const char *line, size_t length);

/// Runs the jobs. `--now MS` (UTC milliseconds since 1970) stops the clock there, so that today()
/// and now() give the same answers on every day.
int ctl_form_lines(const struct ctl *ctl, int argc, char **argv, ctl_form_job *job);
