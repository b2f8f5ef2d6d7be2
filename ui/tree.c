// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tree.h"
#include "yimen/base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TREE_TEXT = 512 };

struct tree *tree_new(void)
{
    struct tree *tree = calloc(1, sizeof(*tree));
    if (!tree) {
        abort();
    }
    tree->arena = arena_new(0);
    return tree;
}

static void release_layouts(struct tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        for (struct part *part = tree->nodes[i]->first; part; part = part->next) {
            if (part->layout) {
                g_object_unref(part->layout);
            }
        }
    }
}

void tree_free(struct tree *tree)
{
    if (tree) {
        release_layouts(tree);
        arena_free(tree->arena);
        free(tree->nodes);
        free(tree);
    }
}

void tree_clear(struct tree *tree)
{
    release_layouts(tree);
    arena_clear(tree->arena);
    tree->count = 0;
    tree->overlay_first = 0;
    tree->page = 0;
    tree->pages = 1;
}

struct node *tree_add(struct tree *tree, enum role role, struct box box, const char *id,
                      const char *name)
{
    if (tree->count == tree->capacity) {
        tree->capacity = tree->capacity ? tree->capacity * 2 : 128;
        struct node **grown = realloc(tree->nodes, tree->capacity * sizeof(struct node *));
        if (!grown) {
            abort();
        }
        tree->nodes = grown;
    }
    struct node *node = ARENA_NEW(tree->arena, struct node);
    *node = (struct node){.role = role,
                          .id = arena_strdup(tree->arena, id),
                          .name = arena_strdup(tree->arena, name),
                          .value = "",
                          .box = box,
                          .page = -1};
    tree->nodes[tree->count++] = node;
    return node;
}

char *tree_format(struct tree *tree, const char *format, ...)
{
    char text[TREE_TEXT + LIMIT_REF];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    return arena_strdup(tree->arena, text);
}

struct part *tree_part(struct tree *tree, struct node *node, enum part_kind kind, struct box box,
                       enum colour colour)
{
    struct part *part = ARENA_NEW(tree->arena, struct part);
    *part = (struct part){.kind = kind, .box = box, .colour = colour};
    if (node->last) {
        node->last->next = part;
    } else {
        node->first = part;
    }
    node->last = part;
    return part;
}

struct part *tree_text(struct tree *tree, struct node *node, PangoLayout *layout, struct box box,
                       enum colour colour)
{
    struct part *part = tree_part(tree, node, PART_TEXT, box, colour);
    const PangoFontDescription *font = pango_layout_get_font_description(layout);
    part->layout = layout;
    part->em_px = pango_font_description_get_size(font) / PANGO_SCALE;
    return part;
}

void tree_move(struct node *node, int dx, int dy)
{
    node->box.x += dx;
    node->box.y += dy;
    for (struct part *part = node->first; part; part = part->next) {
        part->box.x += dx;
        part->box.y += dy;
    }
}

struct node *tree_find(const struct tree *tree, const char *id)
{
    struct node *found = NULL;
    for (size_t i = 0; i < tree->count; i++) {
        struct node *node = tree->nodes[i];
        if (text_equal(node->id, id)) {
            if (node_is_target(node)) {
                return node;
            }
            found = found ? found : node;
        }
    }
    return found;
}

bool node_is_target(const struct node *node)
{
    return node->action.act != ACT_NONE && !(node->state & (STATE_AWAY | STATE_INERT));
}

struct node *tree_hit(const struct tree *tree, int x, int y)
{
    for (size_t i = tree->count; i > 0; i--) {
        struct node *node = tree->nodes[i - 1];
        if (!box_contains(node->box, x, y) || node->state & STATE_AWAY) {
            continue;
        }
        if (node_is_target(node)) {
            return node;
        }
        if (i - 1 >= tree->overlay_first && node->fill != COLOUR_NONE) {
            return NULL; // a sheet hides what lies below it
        }
    }
    return NULL;
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ at[i]) * 1099511628211u;
    }
    return hash;
}

static uint64_t mix_numbers(uint64_t hash, const int *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ (unsigned)numbers[i]) * 1099511628211u;
    }
    return hash;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    return text ? mix(hash, text, strlen(text) + 1) : mix(hash, "", 1);
}

static uint64_t mix_part(uint64_t hash, const struct part *part)
{
    const int numbers[] = {(int)part->kind, part->box.x,  part->box.y,
                           part->box.w,     part->box.h,  (int)part->colour,
                           part->em_px,     part->radius, (int)part->stroke_count};
    hash = mix_numbers(hash, numbers, sizeof(numbers) / sizeof(*numbers));
    hash = mix_text(hash, part->icon);
    if (part->layout) {
        hash = mix_text(hash, pango_layout_get_text(part->layout));
    }
    if (part->qr) {
        hash = mix(hash, part->qr, sizeof(*part->qr));
    }
    return hash;
}

uint64_t node_hash(const struct node *node)
{
    const unsigned visible = STATE_PRESSED | STATE_FOCUSED | STATE_AWAY | STATE_INERT;
    const int numbers[] = {node->box.x,   node->box.y,     node->box.w,
                           node->box.h,   (int)node->fill, (int)node->line,
                           node->line_px, node->radius,    (int)(node->state & visible)};
    uint64_t hash = mix_numbers(14695981039346656037u, numbers, sizeof(numbers) / sizeof(*numbers));
    for (const struct part *part = node->first; part; part = part->next) {
        hash = mix_part(hash, part);
    }
    return hash;
}
