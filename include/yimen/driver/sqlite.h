// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/crypto.h"
#include "yimen/port/kiosk_store.h"
#include <stdbool.h>

/// Driver of the kiosk_store port on SQLite: WAL, synchronous=FULL, no trust in powersafe
/// overwrites, a hash per record, a reserve on the disk.
///
/// Thread: the one that makes the first call after opening owns it from then on; another thread
/// opens a second, read-only connection.

struct sqlite_kiosk_store_options {
    const char *path;            ///< "DIR/data/kiosk.db"; made (mode 0600) when missing
    const struct crypto *crypto; ///< for the hashes; borrowed as long as it is open
    const char *vfs;             ///< name of a simulated disk (sim_disk.h); NULL: a real one
    bool read_only;              ///< for looking at it beside a running kiosk; nothing is made
};

/// ERR_CORRUPT: not a database of ours, or made by a newer program. ERR_NOT_FOUND: read-only and
/// not there.
enum err sqlite_kiosk_store_open(const struct sqlite_kiosk_store_options *options,
                                 struct kiosk_store *out, struct fail *why) MUST_USE;
/// NULL-safe.
void sqlite_kiosk_store_close(struct kiosk_store *store);
