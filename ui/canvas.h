// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/geometry.h"
#include "ui/icons.h"
#include "ui/theme.h"
#include "ui/tree.h"
#include <cairo.h>

/// Draws a tree into an image, only where it differs from the tree drawn before.
///
/// Life cycle: `canvas_new` -> `canvas_target` whenever the pixels move -> `canvas_draw` ->
/// `canvas_free`. UI thread.

enum { CANVAS_RECTS = 16 };

struct canvas;

struct canvas *canvas_new(void);
void canvas_free(struct canvas *canvas);
/// XRGB pixels, borrowed until the next call; everything is to be drawn anew.
void canvas_target(struct canvas *canvas, void *pixels, int width, int height, int pitch);
/// Returns how many rectangles changed; they are in `changed`.
size_t canvas_draw(struct canvas *canvas, const struct tree *tree, const struct theme *theme,
                   struct icons *icons, struct box changed[CANVAS_RECTS]);
/// Draw everything at the next call.
void canvas_forget(struct canvas *canvas);
/// Write the image as PNG. ERR_RETRY when the file cannot be written.
enum err canvas_png(struct canvas *canvas, const char *path, struct fail *why) MUST_USE;
