// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stddef.h>

/// Nothing that a resident typed stays in a process, be it the kiosk or the district's opener:
/// wipe.c replaces `free` and `realloc` for the whole program, libraries included, by ones that
/// zero memory before the heap gets it back. What is left is done by hand at the end of a visit:
/// the stack, caches that are kept, pages that are free.

/// First thing in main, before any library has allocated: GLib's slices would be reused without
/// passing through `free`. Starts the program anew when GLib has not been told yet.
void wipe_begin(char **argv);
/// Zeroes what earlier calls left on this thread's stack below the caller. Cheap enough after each
/// message.
void wipe_stack(void);
/// No core file of this process, and no other process of the same user may read it.
void wipe_forbid_dumps(void);
/// Whatever this process touches stays in RAM, never in swap. False: the system refuses (the limit
/// of a service decides).
bool wipe_lock_all(void);
/// Locks memory of keys into RAM and leaves it out of core files. No matter if the system refuses:
/// the limit of a service decides.
void wipe_lock(void *memory, size_t length);
