// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/canvas.h"
#include "ui/focus.h"
#include "ui/press.h"
#include "yimen/ui/ui.h"

/// The ui without a window: a view goes in, a tree and pixels come out, fingers go in, intents come
/// out. ui.c puts SDL around it; tests drive it directly. UI thread.

struct stage;

enum err stage_open(const struct ui_options *options, int width, int height, struct stage **out,
                    struct fail *why) MUST_USE;
/// NULL-safe; overwrites what was typed.
void stage_close(struct stage *stage);
void stage_resize(struct stage *stage, int width, int height);
/// `view` is borrowed until the next call.
void stage_show(struct stage *stage, const struct view *view);
const struct tree *stage_tree(const struct stage *stage);
struct canvas *stage_canvas(struct stage *stage);
/// True when something was drawn since the last call, or is to be.
size_t stage_draw(struct stage *stage, struct box changed[CANVAS_RECTS]);

void stage_finger(struct stage *stage, const struct touch *touch, ui_intent *each, void *self);
/// All fingers of a device that is gone.
void stage_device_lost(struct stage *stage, int64_t device, uint64_t now_ms, ui_intent *each,
                       void *self);
/// Time passes: what lies on the glass too long is told. At least each second while
/// `stage_is_touched`.
void stage_tick(struct stage *stage, uint64_t now_ms, ui_intent *each, void *self);
bool stage_is_touched(const struct stage *stage);
void stage_walk(struct stage *stage, enum walk walk, ui_intent *each, void *self);
void stage_select(struct stage *stage, ui_intent *each, void *self);
void stage_help(struct stage *stage, ui_intent *each, void *self);
