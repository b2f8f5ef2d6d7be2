// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/screens.h"
#include "ui/stage_internal.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLACK_MM = 10 };

enum err stage_open(const struct ui_options *options, int width, int height, struct stage **out,
                    struct fail *why)
{
    struct stage *stage = calloc(1, sizeof(*stage));
    if (!stage) {
        abort();
    }
    stage->options = *options;
    enum err err = theme_load(options->pack, options->mm_per_px, &stage->theme, why);
    err = err ? err : icons_load(options->pack, &stage->icons, why);
    if (err) {
        free(stage);
        return err;
    }
    stage->type = type_new();
    stage->tree = tree_new();
    stage->canvas = canvas_new();
    stage->press.slack_px = theme_px(&stage->theme, SLACK_MM);
    stage->build = (struct build){.tree = stage->tree,
                                  .theme = &stage->theme,
                                  .type = stage->type,
                                  .options = &stage->options,
                                  .local = &stage->local};
    stage->build.icons = stage->icons;
    stage->build.main.blocks = calloc(FLOW_BLOCKS, sizeof(struct block));
    stage->build.side.blocks = calloc(FLOW_BLOCKS, sizeof(struct block));
    if (!stage->build.main.blocks || !stage->build.side.blocks) {
        abort();
    }
    stage_resize(stage, width, height);
    *out = stage;
    return ERR_OK;
}

void stage_close(struct stage *stage)
{
    if (!stage) {
        return;
    }
    canvas_free(stage->canvas);
    tree_free(stage->tree);
    type_free(stage->type);
    icons_free(stage->icons);
    free(stage->build.main.blocks);
    free(stage->build.side.blocks);
    memory_wipe(stage, sizeof(*stage));
    free(stage);
}

void stage_resize(struct stage *stage, int width, int height)
{
    stage->build.window = (struct box){0, 0, width, height};
    stage->build.landscape = width > height;
    if (stage->view) {
        stage_rebuild(stage);
    }
}

const struct tree *stage_tree(const struct stage *stage)
{
    return stage->tree;
}

struct canvas *stage_canvas(struct stage *stage)
{
    return stage->canvas;
}

size_t stage_draw(struct stage *stage, struct box changed[CANVAS_RECTS])
{
    return canvas_draw(stage->canvas, stage->tree, &stage->theme, stage->icons, changed);
}

// ------------------------------------------------------------------ a new view

// Words typed in one visit must not help in the next.
static void end_visit(struct stage *stage)
{
    if (stage->options.text_entry) {
        struct fail why;
        (void)stage->options.text_entry->ops->reset(stage->options.text_entry->self, &why);
    }
    memory_wipe(&stage->intent, sizeof(stage->intent));
    press_forget(&stage->press);
    type_forget(stage->type);
    stage->language[0] = '\0';    // it is told its language and font again
    canvas_forget(stage->canvas); // every pixel is drawn anew
}

static void forget_local(struct stage *stage, const char *screen)
{
    struct local *local = &stage->local;
    memory_wipe(local, sizeof(*local));
    text_copy(local->screen, sizeof(local->screen), screen);
    local->page = -1;
    local->typing.layer = stage->options.text_entry && text_equal(stage->view->language, "zh")
                              ? LAYER_PINYIN
                              : LAYER_LETTERS;
    if (stage->options.text_entry) {
        stage->options.text_entry->ops->clear(stage->options.text_entry->self);
    }
}

// What the page, the typing and the focus belong to.
static void name_screen(const struct view *view, char *out, size_t room)
{
    const char *ref = "";
    if (view->screen == SCREEN_QUESTION || view->screen == SCREEN_REPEAT) {
        ref = view->form_screen ? view->form_screen->ref : "";
    } else if (view->screen == SCREEN_CONSENT) {
        ref = view->consent ? view->consent : "";
    } else if (view->screen == SCREEN_POLICIES) {
        ref = view->policy_group;
    } else if (view->screen == SCREEN_POLICY) {
        ref = view->policy ? view->policy->id : "";
    }
    (void)snprintf(out, room, "%d %d %s", (int)view->screen, view->visit_open, ref);
}

static void take_qr(struct stage *stage)
{
    const char *text = stage->view->qr_text ? stage->view->qr_text : "";
    if (!text_equal(text, stage->qr_text)) {
        memory_wipe(stage->qr_text, sizeof(stage->qr_text)); // a ticket's is a key
        memory_wipe(&stage->qr, sizeof(stage->qr));
        text_copy(stage->qr_text, sizeof(stage->qr_text), text);
        stage->qr.side = 0;
        if (!text[0] || !stage->options.qr ||
            !stage->options.qr(stage->options.qr_self, text, &stage->qr)) {
            stage->qr.side = 0;
        }
    }
    stage->build.qr = &stage->qr;
}

void stage_show(struct stage *stage, const struct view *view)
{
    char screen[sizeof(stage->local.screen)];
    stage->view = stage->build.view = view;
    if (stage->visit_was_open && !view->visit_open) {
        end_visit(stage);
    }
    stage->visit_was_open = view->visit_open;
    name_screen(view, screen, sizeof(screen));
    if (!text_equal(screen, stage->local.screen)) {
        forget_local(stage, screen);
    }
    if (view->overlay != stage->local.overlay) {
        stage->local.overlay = view->overlay;
        stage->local.overlay_page = 0;
        stage->local.focus[0] = '\0';
    }
    if (!text_equal(stage->language, view->language)) {
        text_copy(stage->language, sizeof(stage->language), view->language);
        type_language(stage->type, view->language, theme_font(&stage->theme, view->language));
    }
    theme_set(&stage->theme, view->size, view->contrast);
    take_qr(stage);
    stage_rebuild(stage);
}

static void mark(struct stage *stage, const char *id, unsigned state)
{
    struct node *node = id[0] ? tree_find(stage->tree, id) : NULL;
    bool paper = node && state == STATE_PRESSED && node->action.act == ACT_DRAW;
    if (node && node_is_target(node) && !paper) {
        node->state |= state;
    }
}

void stage_rebuild(struct stage *stage)
{
    screen_build(&stage->build);
    if (stage->keypad && !stage->local.focus[0]) {
        const struct node *first = focus_walk(stage->tree, "", WALK_FORWARD);
        text_copy(stage->local.focus, sizeof(stage->local.focus), first ? first->id : "");
    }
    if (stage->keypad) {
        mark(stage, stage->local.focus, STATE_FOCUSED);
    }
    for (size_t i = 0; i < PRESS_CONTACTS; i++) {
        if (stage->press.contacts[i].state == CONTACT_PRESS) {
            mark(stage, stage->press.contacts[i].id, STATE_PRESSED);
        }
    }
}
