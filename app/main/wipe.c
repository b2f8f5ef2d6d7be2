// SPDX-License-Identifier: GPL-3.0-or-later
// glibc lets a program bring a `free` of its own; every library then calls it. Only this way are
// the copies found that libxml2, Pango, jansson, libpinyin or curl make of an answer.
#include "wipe.h"
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { STACK_BYTES = 384 << 10 }; ///< deeper than any call goes here; a thread has 8 MiB

#if defined(__has_feature) // clang's way of saying what gcc says by a macro
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#if !defined(__SANITIZE_ADDRESS__) // it has a heap of its own
#define REPLACES __attribute__((visibility("default"), used))

extern void __libc_free(void *memory);
REPLACES void free(void *memory);
REPLACES void *realloc(void *memory, size_t size);

void free(void *memory)
{
    if (memory)
        explicit_bzero(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

// Never moves by itself: the old place would not be zeroed.
void *realloc(void *memory, size_t size)
{
    if (!memory)
        return malloc(size);
    if (size == 0) {
        free(memory);
        return NULL;
    }
    size_t had = malloc_usable_size(memory);
    if (size <= had && size >= had / 2)
        return memory;
    void *moved = malloc(size);
    if (!moved)
        return NULL;
    memcpy(moved, memory, size < had ? size : had);
    free(memory);
    return moved;
}
#endif

void wipe_begin(char **argv)
{
    static const char name[] = "G_SLICE", value[] = "always-malloc";
    const char *told = getenv(name);
    if (told && strcmp(told, value) == 0)
        return;
    if (setenv(name, value, 1) == 0)
        (void)execv("/proc/self/exe", argv);
}

__attribute__((noinline)) void wipe_stack(void)
{
    unsigned char below[STACK_BYTES];
    explicit_bzero(below, sizeof below);
}

void wipe_forbid_dumps(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

bool wipe_lock_all(void)
{
    return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

void wipe_lock(void *memory, size_t length)
{
    (void)mlock(memory, length);
    (void)madvise(memory, length, MADV_DONTDUMP);
}
