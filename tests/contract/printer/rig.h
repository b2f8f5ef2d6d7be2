// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stddef.h>

/// The virtual printer behind a print system of its own (app/demo/printer_rig.sh), in a folder
/// below /tmp. Calls fail the test that makes them when the rig does not obey.

struct rig {
    char folder[64];
    char printer[128]; ///< ipp address of the printer itself
    char queue[128];   ///< ipp address of its queue in the print system
};

void rig_start(struct rig *rig);
/// Removes the folder too. As often as you like.
void rig_stop(struct rig *rig);
/// "paper-out", "refill", "offline", "online", ...; `argument` may be NULL.
void rig_do(const struct rig *rig, const char *action, const char *argument);
/// Receipts that came out so far.
int rig_pages(const struct rig *rig);
/// Path of receipt `number` (from 1).
void rig_page_path(const struct rig *rig, int number, char *out, size_t room);
/// Run a program, its output into `out` (cut at `room`); returns its exit code, -1 if it cannot
/// run.
int rig_run(const char *const *arguments, char *out, size_t room);
