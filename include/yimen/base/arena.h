// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stddef.h>

/// Memory that is given back all at once: one arena a form, one a frame, one a request.
///
/// Life cycle: `arena_new` -> allocate -> `arena_clear` (keeps its blocks, zeroed) or `arena_free`.
/// Blocks are zeroed before they go back to the system, so nothing personal stays on the heap.
/// Thread: belongs to its owner. An allocation that would pass `maximum` ends the program (limits
/// are checked where input comes in; here it is our mistake), as does a system without memory: the
/// supervisor restarts the kiosk.

struct arena;

/// `maximum` bytes in all; 0 means no maximum.
struct arena *arena_new(size_t maximum);
/// For answers and keys: in pages of its own that core files leave out and that are never swapped
/// out, up to ARENA_LOCKED_BYTES and as far as the system allows it. Clearing keeps no block.
enum { ARENA_LOCKED_BYTES = 1 << 20 };
struct arena *arena_new_locked(size_t maximum);
/// NULL-safe.
void arena_free(struct arena *arena);
void arena_clear(struct arena *arena);
/// Zeroed memory, aligned for any type. Never NULL.
void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
/// Bytes handed out since the start or the last clear.
size_t arena_used(const struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), (count), sizeof(type)))
