// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// UTF-8 text and plain byte strings, where the C library has no safe call. Pure functions, any
/// thread.

/// True when the bytes are well-formed UTF-8 (no surrogates, nothing overlong, no NUL).
bool text_is_utf8(const char *bytes, size_t length);
/// The code point at `*at`, moving `*at` behind it; 0 at the end; 0xFFFD for a bad byte (moves by
/// one).
uint32_t text_next(const char **at);
/// Code points in a UTF-8 string.
size_t text_length(const char *text);
/// Write one code point as UTF-8 to `out` (5 bytes at least, NUL-terminated); returns its bytes.
size_t text_put(uint32_t code_point, char out[5]);
/// True when there is nothing to read in it: empty, or only blanks, full-width, no-break and
/// zero-width ones and fillers too.
bool text_is_blank(const char *text);
/// Copy into a fixed array, cut between characters if too long. Returns false when it was cut.
bool text_copy(char *out, size_t out_size, const char *text);
bool text_equal(const char *a, const char *b);
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
/// Copy of a NUL-terminated string on the heap; ends the program when there is no memory.
char *text_duplicate(const char *text);
/// Whole decimal number, nothing else in the string. False when it is not one or does not fit.
bool text_to_int64(const char *text, int64_t *out);
/// Overwrite memory in a way the compiler keeps.
void memory_wipe(void *bytes, size_t length);
/// Compare in constant time; true when equal.
bool memory_equal(const void *a, const void *b, size_t length);
