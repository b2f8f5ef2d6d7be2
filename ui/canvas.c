// SPDX-License-Identifier: GPL-3.0-or-later
// A node whose hash did not occur in the last picture is drawn; where a node of the last picture is
// gone, the ground is. Both together are the damage; inside it everything is painted in order.
#include "ui/canvas.h"
#include <pango/pangocairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct seen {
    uint64_t hash;
    struct box box;
};

struct canvas {
    cairo_surface_t *surface;
    struct box all;
    bool fresh;      ///< nothing of it is drawn yet
    uint32_t ground; ///< background colour of the last picture
    struct seen *seen;
    size_t seen_count, seen_capacity;
    struct box damage[CANVAS_RECTS];
    size_t damage_count;
};

struct painter {
    cairo_t *cr;
    const struct theme *theme;
    struct icons *icons;
};

struct canvas *canvas_new(void)
{
    struct canvas *canvas = calloc(1, sizeof(*canvas));
    if (!canvas) {
        abort();
    }
    return canvas;
}

void canvas_free(struct canvas *canvas)
{
    if (canvas) {
        if (canvas->surface) {
            cairo_surface_destroy(canvas->surface);
        }
        free(canvas->seen);
        free(canvas);
    }
}

void canvas_target(struct canvas *canvas, void *pixels, int width, int height, int pitch)
{
    if (canvas->surface) {
        cairo_surface_destroy(canvas->surface);
    }
    canvas->surface =
        cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, width, height, pitch);
    canvas->all = (struct box){0, 0, width, height};
    canvas->fresh = true;
}

void canvas_forget(struct canvas *canvas)
{
    canvas->fresh = true;
}

// ------------------------------------------------------------------ damage

static void add_damage(struct canvas *canvas, struct box box)
{
    box = box_meet(box, canvas->all);
    if (box_is_empty(box)) {
        return;
    }
    for (size_t i = 0; i < canvas->damage_count;) {
        if (box_overlaps(canvas->damage[i], box)) {
            box = box_join(box, canvas->damage[i]);
            canvas->damage[i] = canvas->damage[--canvas->damage_count];
            i = 0;
        } else {
            i++;
        }
    }
    if (canvas->damage_count == CANVAS_RECTS) {
        for (size_t i = 0; i < canvas->damage_count; i++) {
            box = box_join(box, canvas->damage[i]);
        }
        canvas->damage_count = 0;
    }
    canvas->damage[canvas->damage_count++] = box;
}

// The focus ring lies outside the node.
static struct box drawn_box(const struct node *node, const struct theme *theme)
{
    return box_grow(node->box, theme_px(theme, 2.4));
}

static int compare_seen(const void *a, const void *b)
{
    const struct seen *left = a, *right = b;
    return left->hash < right->hash ? -1 : left->hash > right->hash;
}

static void damage_missing(struct canvas *canvas, const struct seen *from, size_t from_count,
                           const struct seen *in, size_t in_count)
{
    for (size_t i = 0; i < from_count; i++) {
        if (!in_count || !bsearch(&from[i], in, in_count, sizeof(*in), compare_seen)) {
            add_damage(canvas, from[i].box);
        }
    }
}

static void find_damage(struct canvas *canvas, const struct tree *tree, const struct theme *theme)
{
    struct seen *now = calloc(tree->count + 1, sizeof(*now));
    if (!now) {
        abort();
    }
    size_t count = 0;
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = tree->nodes[i];
        if (!(node->state & STATE_AWAY)) {
            now[count++] = (struct seen){node_hash(node), drawn_box(node, theme)};
        }
    }
    qsort(now, count, sizeof(*now), compare_seen);
    canvas->damage_count = 0;
    uint32_t ground = theme_colour(theme, COLOUR_BACKGROUND);
    if (canvas->fresh || ground != canvas->ground) {
        add_damage(canvas, canvas->all);
    } else {
        damage_missing(canvas, canvas->seen, canvas->seen_count, now, count);
        damage_missing(canvas, now, count, canvas->seen, canvas->seen_count);
    }
    free(canvas->seen);
    canvas->seen = now;
    canvas->seen_count = count;
    canvas->ground = ground;
    canvas->fresh = false;
}

// ------------------------------------------------------------------ painting

static void set_colour(cairo_t *cr, uint32_t colour, double alpha)
{
    cairo_set_source_rgba(cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0,
                          (colour & 255) / 255.0, alpha);
}

static void trace(cairo_t *cr, double x, double y, double w, double h, double radius)
{
    radius = fmin(radius, fmin(w, h) / 2);
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + w - radius, y + radius, radius, -M_PI_2, 0);
    cairo_arc(cr, x + w - radius, y + h - radius, radius, 0, M_PI_2);
    cairo_arc(cr, x + radius, y + h - radius, radius, M_PI_2, M_PI);
    cairo_arc(cr, x + radius, y + radius, radius, M_PI, 3 * M_PI_2);
    cairo_close_path(cr);
}

static void paint_qr(const struct painter *p, const struct part *part)
{
    const struct ui_qr *qr = part->qr;
    if (!qr || qr->side <= 0) {
        return;
    }
    int module = part->box.w / (qr->side + 8), side = module * (qr->side + 8);
    int left = part->box.x + (part->box.w - side) / 2, top = part->box.y + (part->box.h - side) / 2;
    set_colour(p->cr, 0xFFFFFF, 1);
    cairo_rectangle(p->cr, left, top, side, side);
    cairo_fill(p->cr);
    set_colour(p->cr, 0x000000, 1);
    for (int row = 0; row < qr->side; row++) {
        for (int column = 0; column < qr->side; column++) {
            if (qr->modules[row * qr->side + column]) {
                cairo_rectangle(p->cr, left + (column + 4) * module, top + (row + 4) * module,
                                module, module);
            }
        }
    }
    cairo_fill(p->cr);
}

static void paint_strokes(const struct painter *p, const struct part *part)
{
    cairo_set_line_width(p->cr, theme_px(p->theme, 1.1));
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
    set_colour(p->cr, theme_colour(p->theme, part->colour), 1);
    bool down = false;
    for (size_t i = 0; i < part->stroke_count; i++) {
        double x = part->box.x + part->strokes[i].x * part->px_per_unit;
        double y = part->box.y + part->strokes[i].y * part->px_per_unit;
        if (part->strokes[i].x < 0) {
            down = false;
        } else if (down) {
            cairo_line_to(p->cr, x, y);
        } else {
            cairo_move_to(p->cr, x, y);
            cairo_line_to(p->cr, x + 0.01, y);
            down = true;
        }
    }
    cairo_stroke(p->cr);
}

static void paint_part(const struct painter *p, const struct part *part)
{
    uint32_t colour = theme_colour(p->theme, part->colour);
    switch (part->kind) {
    case PART_TEXT:
        set_colour(p->cr, colour, 1);
        cairo_move_to(p->cr, part->box.x, part->box.y);
        pango_cairo_show_layout(p->cr, part->layout);
        break;
    case PART_ICON:
        icons_draw(p->icons, p->cr, part->icon, part->box.x, part->box.y, part->box.w, part->box.h,
                   colour);
        break;
    case PART_FILL:
        set_colour(p->cr, colour, 1);
        trace(p->cr, part->box.x, part->box.y, part->box.w, part->box.h, part->radius);
        cairo_fill(p->cr);
        break;
    case PART_QR: paint_qr(p, part); break;
    case PART_STROKES: paint_strokes(p, part); break;
    }
}

static void paint_focus(const struct painter *p, const struct node *node)
{
    int ring = theme_px(p->theme, 0.9);
    struct box b = node->box;
    cairo_set_line_width(p->cr, ring);
    set_colour(p->cr, theme_colour(p->theme, COLOUR_FOCUS_IN), 1);
    trace(p->cr, b.x - ring / 2.0, b.y - ring / 2.0, b.w + ring, b.h + ring, node->radius + ring);
    cairo_stroke(p->cr);
    set_colour(p->cr, theme_colour(p->theme, COLOUR_FOCUS_OUT), 1);
    trace(p->cr, b.x - ring * 1.5, b.y - ring * 1.5, b.w + ring * 3, b.h + ring * 3,
          node->radius + ring * 2);
    cairo_stroke(p->cr);
}

static void paint_node(const struct painter *p, const struct node *node)
{
    struct box b = node->box;
    if (node->fill != COLOUR_NONE) {
        double alpha = node->fill == COLOUR_SCRIM ? 0.62 : 1;
        set_colour(p->cr, theme_colour(p->theme, node->fill), alpha);
        trace(p->cr, b.x, b.y, b.w, b.h, node->radius);
        cairo_fill(p->cr);
    }
    for (const struct part *part = node->first; part; part = part->next) {
        paint_part(p, part);
    }
    if (node->state & STATE_PRESSED) {
        set_colour(p->cr, theme_colour(p->theme, COLOUR_FOCUS_IN), 0.34);
        trace(p->cr, b.x, b.y, b.w, b.h, node->radius);
        cairo_fill(p->cr);
    }
    if (node->line != COLOUR_NONE && node->line_px > 0) {
        double half = node->line_px / 2.0;
        cairo_set_line_width(p->cr, node->line_px);
        set_colour(p->cr, theme_colour(p->theme, node->line), 1);
        trace(p->cr, b.x + half, b.y + half, b.w - 2 * half, b.h - 2 * half, node->radius - half);
        cairo_stroke(p->cr);
    }
    if (node->state & STATE_FOCUSED) {
        paint_focus(p, node);
    }
}

size_t canvas_draw(struct canvas *canvas, const struct tree *tree, const struct theme *theme,
                   struct icons *icons, struct box changed[CANVAS_RECTS])
{
    find_damage(canvas, tree, theme);
    for (size_t i = 0; i < canvas->damage_count; i++) {
        struct box damage = canvas->damage[i];
        changed[i] = damage;
        struct painter p = {cairo_create(canvas->surface), theme, icons};
        cairo_rectangle(p.cr, damage.x, damage.y, damage.w, damage.h);
        cairo_clip(p.cr);
        set_colour(p.cr, theme_colour(theme, COLOUR_BACKGROUND), 1);
        cairo_paint(p.cr);
        for (size_t k = 0; k < tree->count; k++) {
            const struct node *node = tree->nodes[k];
            if (!(node->state & STATE_AWAY) && box_overlaps(drawn_box(node, theme), damage)) {
                paint_node(&p, node);
            }
        }
        cairo_destroy(p.cr);
    }
    if (canvas->damage_count) {
        cairo_surface_flush(canvas->surface);
    }
    return canvas->damage_count;
}

enum err canvas_png(struct canvas *canvas, const char *path, struct fail *why)
{
    cairo_status_t status = cairo_surface_write_to_png(canvas->surface, path);
    return status == CAIRO_STATUS_SUCCESS
               ? ERR_OK
               : fail_set(why, ERR_RETRY, "%s: %s", path, cairo_status_to_string(status));
}
