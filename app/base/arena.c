// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/arena.h"

#include "yimen/base/text.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Blocks grow: a compiled expression has an arena of its own, a form has thousands of them.
enum { FIRST_BLOCK_BYTES = 768, BLOCK_BYTES = 16 << 10 };

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; // the one being filled first
    size_t used, maximum;
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

static void blocks_free(struct block *block)
{
    while (block) {
        struct block *next = block->next;
        memory_wipe(block->bytes, block->used);
        free(block);
        block = next;
    }
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    blocks_free(arena->blocks);
    free(arena);
}

void arena_clear(struct arena *arena)
{
    if (!arena->blocks)
        return;
    blocks_free(arena->blocks->next);
    arena->blocks->next = NULL;
    memory_wipe(arena->blocks->bytes, arena->blocks->used);
    arena->blocks->used = 0;
    arena->used = 0;
}

static struct block *block_new(size_t size, const struct block *before)
{
    size_t room = before ? before->size * 4 : (size_t)FIRST_BLOCK_BYTES;
    if (room > BLOCK_BYTES)
        room = BLOCK_BYTES;
    if (room < size)
        room = size;
    struct block *block = calloc(1, sizeof *block + room);
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
        block = block_new(size, block);
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
