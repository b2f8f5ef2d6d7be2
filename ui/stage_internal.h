// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/build.h"
#include "ui/icons.h"
#include "ui/stage.h"

/// Shared by stage.c (pictures) and act.c (touches).

struct stage {
    struct ui_options options;
    struct theme theme;
    struct type *type;
    struct icons *icons;
    struct tree *tree;
    struct canvas *canvas;
    struct build build;
    struct local local;
    struct press press;
    const struct view *view;
    struct ui_qr qr;
    char qr_text[LIMIT_QR_TEXT];
    char language[8];
    uint64_t active_ms; ///< when the session was told last that somebody is there
    int told_stuck;     ///< contacts that lie too long, as the session knows
    bool visit_was_open;
    bool keypad;          ///< the last input was a key: the focus is shown
    struct intent intent; ///< the one being sent
};

/// Lay the view out anew.
void stage_rebuild(struct stage *stage);
/// Do what touching the node does.
void stage_act(struct stage *stage, const struct node *node, uint64_t now_ms, ui_intent *each,
               void *self);
/// A point of the signature; `down` starts a stroke.
void stage_stroke(struct stage *stage, int x, int y, bool down);
void stage_stroke_end(struct stage *stage, ui_intent *each, void *self);
