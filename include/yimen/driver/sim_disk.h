// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stdbool.h>
#include <stdint.h>

/// A disk in memory for SQLite stores, which loses power, fills up and fails like a real one.
///
/// Life cycle: `sim_disk_open` -> stores are opened on it -> faults -> every store is
/// closed -> `sim_disk_close`. One connection at a time to each database. One
/// thread.
///
/// Power cut: what was written since a file's last sync is kept, lost or torn, each 512-byte sector
/// by itself; a file that was never synced may be gone, a deleted one back. Then every call fails
/// until `sim_disk_power_on`, whose caller has closed the stores meanwhile. A failed sync is as bad
/// as the kernel's: a later good one does not write what the failed one left.

enum sim_disk_fault {
    SIM_DISK_NO_FAULT,
    SIM_DISK_POWER_CUT,  ///< before or after the write, sync, truncation or deletion it hits
    SIM_DISK_ERROR_ONCE, ///< an I/O error at it; of a write half may be there
    SIM_DISK_FULL,       ///< no room for anything more, from it on
};

struct sim_disk;
/// `name`: unlike every other disk's. `capacity`: bytes.
enum err sim_disk_open(const char *name, uint64_t seed, int64_t capacity, struct sim_disk **out,
                       struct fail *why) MUST_USE;
/// NULL-safe. No store may be open on it.
void sim_disk_close(struct sim_disk *disk);

/// The fault happens at the `at`-th change from now (1: the next one). It replaces the one planned
/// before; SIM_DISK_NO_FAULT takes that back, and ends SIM_DISK_FULL.
void sim_disk_plan(struct sim_disk *disk, enum sim_disk_fault fault, long at);
/// Power goes now.
void sim_disk_cut(struct sim_disk *disk);
/// The process ends now, without a chance to close anything; the system under it goes on, so
/// nothing is lost that was written.
void sim_disk_kill(struct sim_disk *disk);
/// True from a power cut or a kill to the next start.
bool sim_disk_is_off(const struct sim_disk *disk);
/// The next start.
void sim_disk_power_on(struct sim_disk *disk);

/// A backup: all of the disk as it is, while no transaction is open.
struct sim_disk_image;
/// ERR_RETRY: no memory.
enum err sim_disk_save(const struct sim_disk *disk, struct sim_disk_image **out,
                       struct fail *why) MUST_USE;
/// The disk as it was at the backup, which stays usable; no store may be open on it.
enum err sim_disk_restore(struct sim_disk *disk, const struct sim_disk_image *image,
                          struct fail *why) MUST_USE;
/// NULL-safe.
void sim_disk_image_free(struct sim_disk_image *image);
