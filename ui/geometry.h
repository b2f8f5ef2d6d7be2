// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>

/// Rectangles of whole pixels. Pure functions.

struct box {
    int x, y, w, h;
};

static inline bool box_is_empty(struct box a)
{
    return a.w <= 0 || a.h <= 0;
}

static inline bool box_contains(struct box a, int x, int y)
{
    return x >= a.x && x < a.x + a.w && y >= a.y && y < a.y + a.h;
}

static inline bool box_holds(struct box outer, struct box inner)
{
    return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w &&
           inner.y + inner.h <= outer.y + outer.h;
}

static inline struct box box_grow(struct box a, int by)
{
    return (struct box){a.x - by, a.y - by, a.w + 2 * by, a.h + 2 * by};
}

static inline struct box box_meet(struct box a, struct box b)
{
    int left = a.x > b.x ? a.x : b.x, top = a.y > b.y ? a.y : b.y;
    int right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
    int bottom = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
    return (struct box){left, top, right - left, bottom - top};
}

static inline struct box box_join(struct box a, struct box b)
{
    if (box_is_empty(a)) {
        return b;
    }
    if (box_is_empty(b)) {
        return a;
    }
    int left = a.x < b.x ? a.x : b.x, top = a.y < b.y ? a.y : b.y;
    int right = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
    int bottom = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;
    return (struct box){left, top, right - left, bottom - top};
}

static inline bool box_overlaps(struct box a, struct box b)
{
    return !box_is_empty(box_meet(a, b));
}
