// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/arena.h"

#include "yimen/base/text.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Blocks grow: a compiled expression has an arena of its own, a form has thousands of them.
enum { FIRST_BLOCK_BYTES = 768, BLOCK_BYTES = 16 << 10 };

struct block {
    struct block *next;
    size_t size, used;
    bool locked;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; // the one being filled first
    size_t used, maximum;
    size_t lockable; // bytes that may still be locked; only of an arena that locks
    bool locks;
};

static void out_of_memory(void)
{
    abort(); // the supervisor restarts us; saved cases are safe on disk
}

struct arena *arena_new(size_t maximum)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        out_of_memory();
    arena->maximum = maximum ? maximum : SIZE_MAX / 2;
    return arena;
}

struct arena *arena_new_locked(size_t maximum)
{
    struct arena *arena = arena_new(maximum);
    arena->lockable = ARENA_LOCKED_BYTES;
    arena->locks = true;
    return arena;
}

// A locked block has pages of its own, so that unlocking it unlocks nothing else.
static size_t whole_pages(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

static struct block *locked_block(struct arena *arena, size_t bytes)
{
    void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return NULL;
    struct block *block = pages;
    block->locked = bytes <= arena->lockable && mlock(pages, bytes) == 0;
    arena->lockable -= block->locked ? bytes : 0;
    (void)madvise(pages, bytes, MADV_DONTDUMP);
    return block;
}

static void block_free(struct arena *arena, struct block *block)
{
    size_t bytes = sizeof *block + block->size;
    memory_wipe(block->bytes, block->used);
    arena->lockable += block->locked ? bytes : 0;
    if (arena->locks)
        (void)munmap(block, bytes);
    else
        free(block);
}

static void blocks_free(struct arena *arena, struct block *block)
{
    while (block) {
        struct block *next = block->next;
        block_free(arena, block);
        block = next;
    }
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    blocks_free(arena, arena->blocks);
    free(arena);
}

void arena_clear(struct arena *arena)
{
    if (!arena->blocks)
        return;
    struct block *kept = arena->locks ? NULL : arena->blocks; // locked memory is scarce
    blocks_free(arena, kept ? kept->next : arena->blocks);
    arena->blocks = kept;
    arena->used = 0;
    if (!kept)
        return;
    kept->next = NULL;
    memory_wipe(kept->bytes, kept->used);
    kept->used = 0;
}

static struct block *block_new(struct arena *arena, size_t size)
{
    const struct block *before = arena->blocks;
    size_t room = before ? before->size * 4 : (size_t)FIRST_BLOCK_BYTES;
    if (room > BLOCK_BYTES)
        room = BLOCK_BYTES;
    if (room < size)
        room = size;
    if (arena->locks)
        room = whole_pages(sizeof *before + room) - sizeof *before;
    struct block *block =
        arena->locks ? locked_block(arena, sizeof *block + room) : calloc(1, sizeof *block + room);
    if (!block)
        out_of_memory();
    block->size = room;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 4)
        out_of_memory();
    size = (size + align - 1) / align * align;
    if (size > arena->maximum - arena->used)
        out_of_memory();
    struct block *block = arena->blocks;
    if (!block || size > block->size - block->used) {
        block = block_new(arena, size);
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    arena->used += size;
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    assert(size > 0);
    if (count > SIZE_MAX / 4 / size)
        out_of_memory();
    return arena_alloc(arena, count * size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
