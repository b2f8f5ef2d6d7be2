// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stddef.h>

/// Where a program finds what was installed with it: told from where the program itself stands, so
/// that the whole can be put under any prefix, moved, or staged. The folder that a program is built
/// in is laid out in the same way.

/// Beside this program: its folder and `name`. False: unknown, or too long for `out`.
bool place_beside(const char *name, char *out, size_t size);
/// The installed assets: PREFIX/share/yimen for a program in PREFIX/bin. False as above.
bool place_assets(char *out, size_t size);
