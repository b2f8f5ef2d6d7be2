// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "commands.h"
#include <stddef.h>

/// Reading what stands behind a command, with getopt_long. Which options there are and which take a
/// value is read from the command's line in the table (table.c), so that it cannot differ from its
/// help, its completion and the manual.

/// One option ("--kiosk", with its value, NULL of one that has none) or one word (`option` NULL),
/// in their order. False: it is too much, or nonsense.
typedef bool ctl_take(void *context, const char *option, const char *value);
/// False: called wrongly; then its usage was printed to standard error.
bool ctl_read(const struct ctl *ctl, int argc, char **argv, ctl_take *take, void *context);
/// Prints how the command is called to standard error; answers the exit code, 2.
int ctl_misused(const struct ctl *ctl);

/// One option with a value (or, with `flag`, without one).
struct ctl_option {
    const char *name;
    const char **value;
    bool *flag;
    bool required;
};
/// The same for a command without words: fills in what the table says; false also when a required
/// option is missing.
bool ctl_read_options(const struct ctl *ctl, int argc, char **argv,
                      const struct ctl_option *options, size_t count);
