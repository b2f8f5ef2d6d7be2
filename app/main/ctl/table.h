// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "commands.h"
#include <stddef.h>
#include <stdio.h>

/// The commands of yimenctl, one line each: what they are called with, their help, the completion
/// for bash and the manual page all come from here.

struct command {
    const char *group, *verb; ///< verb "": the group is the command
    const char *summary;
    const char *arguments; ///< "--kiosk DIR [--json]": read by options.c, too
    const char *notes;     ///< more to say, whole lines; "" for none
    int (*run)(const struct ctl *ctl, int argc, char **argv);
};
extern const struct command commands[];
extern const size_t command_count;

/// "usage: yimenctl ..." of one command, with its notes.
void command_usage(const struct command *command, FILE *out);
/// `complete` for bash, to standard output.
int ctl_completion(const struct ctl *ctl, int argc, char **argv);
/// yimenctl(8) for man, to standard output.
int ctl_manual(const struct ctl *ctl, int argc, char **argv);
