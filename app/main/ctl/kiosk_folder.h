// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "commands.h"
#include "yimen/port/kiosk_store.h"
#include <stdbool.h>

/// What the commands on a kiosk's folder share: `--kiosk DIR` and its store DIR/data/kiosk.db.

enum err kiosk_folder_open_store(const struct ctl *ctl, const char *folder, bool read_only,
                                 struct kiosk_store *out, struct fail *why) MUST_USE;
/// A secret of exactly `length` bytes, "keys/root.secret". ERR_CORRUPT when it has others.
enum err kiosk_folder_read_secret(const char *folder, const char *path, uint8_t *out, size_t length,
                                  struct fail *why) MUST_USE;
/// Says what went wrong on standard error; answers the exit code.
int ctl_failed(const char *task, const struct fail *why);
