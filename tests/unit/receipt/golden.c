// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/receipt/golden.h"
#include "yimen/base/text.h"
#include <cairo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { BUFFER = 8 << 20 };

enum { BLOCK = 8 };

static int darkness(cairo_surface_t *surface, int from_x, int from_y)
{
    const unsigned char *pixels = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface), dark = 0;
    for (int y = from_y; y < from_y + BLOCK; y++)
        for (int x = from_x; x < from_x + BLOCK; x++)
            dark += pixels[y * stride + x * 4] < 128;
    return dark;
}

// Share (in thousandths) of the 1 mm squares that are clearly darker or brighter than expected:
// another release of a font library moves edges, not words.
static int difference(cairo_surface_t *a, cairo_surface_t *b)
{
    int width = cairo_image_surface_get_width(a), height = cairo_image_surface_get_height(a);
    int changed = 0, all = 0;
    if (cairo_image_surface_get_width(b) != width || cairo_image_surface_get_height(b) != height)
        return 1000;
    for (int y = 0; y + BLOCK <= height; y += BLOCK) {
        for (int x = 0; x + BLOCK <= width; x += BLOCK) {
            all++;
            changed += abs(darkness(a, x, y) - darkness(b, x, y)) > BLOCK * BLOCK / 4;
        }
    }
    return changed * 1000 / all;
}

static cairo_status_t give(void *context, unsigned char *bytes, unsigned length)
{
    struct strbuf *rest = context;
    if (length > rest->length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(bytes, rest->data, length);
    rest->data += length;
    rest->length -= length;
    return CAIRO_STATUS_SUCCESS;
}

// As RGB24, whatever the file holds.
static cairo_surface_t *plain(cairo_surface_t *read)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, cairo_image_surface_get_width(read),
                                   cairo_image_surface_get_height(read));
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_surface(cairo, read, 0, 0);
    cairo_paint(cairo);
    cairo_destroy(cairo);
    cairo_surface_destroy(read);
    cairo_surface_flush(surface);
    return surface;
}

static void write_file(const char *path, const struct strbuf *content)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content->data, 1, content->length, file), content->length);
    assert_int_equal(fclose(file), 0);
}

void golden_compare(struct bench *bench, const struct paper_document *document, const char *name)
{
    char path[96];
    struct paper_output out = {0};
    struct fail why = {0};
    strbuf_init(&out.png, BUFFER);
    if (bench->paper.ops->render(bench->paper.self, document, &out, &why))
        fail_msg("%s", why.text);
    (void)snprintf(path, sizeof path, "tests/golden/receipts/%s.png", name);
    const char *mode = getenv("YIMEN_GOLDEN");
    if (mode && text_equal(mode, "write"))
        write_file(path, &out.png);
    struct strbuf rest = out.png;
    cairo_surface_t *now = plain(cairo_image_surface_create_from_png_stream(give, &rest));
    cairo_surface_t *then = plain(cairo_image_surface_create_from_png(path));
    int changed = difference(now, then);
    cairo_surface_destroy(now);
    cairo_surface_destroy(then);
    strbuf_free(&out.png);
    if (changed > 20)
        fail_msg("%s: %d thousandths differ; look at it, then YIMEN_GOLDEN=write", path, changed);
}
