// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/port/files.h"
#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

/// Icons of a pack's icons/ folder, drawn by librsvg at their final size in one colour
/// (`currentColor`). All are read and parsed in `icons_load`, so a broken one is found at the
/// start. UI thread.

struct icons;

enum err icons_load(const struct files *pack, struct icons **out, struct fail *why) MUST_USE;
/// NULL-safe.
void icons_free(struct icons *icons);
/// Draws nothing when there is no such icon (tests/golden finds that).
void icons_draw(struct icons *icons, cairo_t *cr, const char *name, double x, double y, double w,
                double h, uint32_t colour);
bool icons_has(const struct icons *icons, const char *name);
