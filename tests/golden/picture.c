// SPDX-License-Identifier: GPL-3.0-or-later
#include "golden/picture.h"
#include <stdlib.h>

enum {
    FAR = 4,   // of 255, in the mean of a cell: one such cell is a fault
    FAINT = 1, // many such cells are: a ground in another shade
    FAINT_PER_THOUSAND = 4,
    CHANNELS = 3,
};

cairo_surface_t *picture_halve(const uint32_t *pixels, int width, int height)
{
    int small_width = width / PICTURE_SHRINK, small_height = height / PICTURE_SHRINK;
    cairo_surface_t *small =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, small_width, small_height);
    unsigned char *out = cairo_image_surface_get_data(small);
    int stride = cairo_image_surface_get_stride(small);
    for (int y = 0; y < small_height; y++) {
        for (int x = 0; x < small_width; x++) {
            const uint32_t *from = pixels + PICTURE_SHRINK * (y * width + x);
            const uint32_t four[] = {from[0], from[1], from[width], from[width + 1]};
            uint32_t pixel = 0;
            for (int shift = 0; shift < 8 * CHANNELS; shift += 8) {
                uint32_t sum = 2; // to the nearest
                for (int i = 0; i < 4; i++) {
                    sum += four[i] >> shift & 255;
                }
                pixel |= sum / 4 << shift;
            }
            *(uint32_t *)(void *)(out + y * stride + 4 * x) = pixel;
        }
    }
    cairo_surface_mark_dirty(small);
    return small;
}

static uint32_t pixel_at(cairo_surface_t *picture, int x, int y)
{
    const unsigned char *data = cairo_image_surface_get_data(picture);
    return *(const uint32_t *)(const void *)(data + y * cairo_image_surface_get_stride(picture) +
                                             4 * x);
}

// How far its pixels are off in the mean, in the channel where they are furthest.
static double cell_difference(cairo_surface_t *a, cairo_surface_t *b, int left, int top, int width,
                              int height)
{
    double greatest = 0;
    for (int shift = 0; shift < 8 * CHANNELS; shift += 8) {
        int apart = 0;
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                apart += abs((int)(pixel_at(a, x, y) >> shift & 255) -
                             (int)(pixel_at(b, x, y) >> shift & 255));
            }
        }
        double mean = (double)apart / (width * height);
        greatest = mean > greatest ? mean : greatest;
    }
    return greatest;
}

static void count_cell(struct picture_difference *found, double difference, int x, int y)
{
    bool is_far = difference > FAR, is_faint = difference >= FAINT;
    if ((is_far && !found->far_cells) || (is_faint && !found->far_cells && !found->faint_cells)) {
        found->first_x = x;
        found->first_y = y;
    }
    found->far_cells += is_far;
    found->faint_cells += is_faint;
    found->cells++;
}

struct picture_difference picture_compare(cairo_surface_t *a, cairo_surface_t *b)
{
    struct picture_difference found = {0};
    int width = cairo_image_surface_get_width(a), height = cairo_image_surface_get_height(a);
    if (width != cairo_image_surface_get_width(b) || height != cairo_image_surface_get_height(b)) {
        found.is_another_size = true;
        return found;
    }
    cairo_surface_flush(a);
    cairo_surface_flush(b);
    for (int y = 0; y < height; y += PICTURE_CELL) {
        for (int x = 0; x < width; x += PICTURE_CELL) {
            int cell_width = width - x < PICTURE_CELL ? width - x : PICTURE_CELL;
            int cell_height = height - y < PICTURE_CELL ? height - y : PICTURE_CELL;
            count_cell(&found, cell_difference(a, b, x, y, cell_width, cell_height), x, y);
        }
    }
    return found;
}

bool picture_differs(const struct picture_difference *difference)
{
    return difference->is_another_size || difference->far_cells > 0 ||
           difference->faint_cells * 1000 > difference->cells * FAINT_PER_THOUSAND;
}
