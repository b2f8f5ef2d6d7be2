// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"

#include <stdbool.h>

/// A thread that brings the write-ahead log into its database, for a handle whose commits others
/// wait for: eight megabytes of it take as long as many commits. Passive, so that nobody who writes
/// or reads waits for it.

struct checkpointer;

/// Opens a handle of its own to this file.
enum err checkpointer_open(const char *path, struct checkpointer **out, struct fail *why) MUST_USE;
/// NULL-safe. Ends what it is doing first.
void checkpointer_close(struct checkpointer *checkpointer);
/// After a commit; `pages` of the log are in use. False: it does not keep up, or has failed, and
/// the caller makes this checkpoint itself, so that the log stays bounded and errors are noticed.
bool checkpointer_wake(struct checkpointer *checkpointer, int pages);
