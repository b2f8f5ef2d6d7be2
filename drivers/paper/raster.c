// SPDX-License-Identifier: GPL-3.0-or-later
// 1-bit PWG raster: what the printer gets, dot for dot; and the same dots as PNG.
#include "paper_internal.h"
#include <cups/raster.h>
#include <stdlib.h>
#include <string.h>

// Thin strokes of small print fade on thermal paper: a dot that is two fifths covered is black.
enum { COVERAGE_BLACK = 102 };

struct bitmap {
    unsigned char *rows;
    int width, height;
    size_t stride;
};

static bool dot(const struct bitmap *bitmap, int x, int y)
{
    return bitmap->rows[(size_t)y * bitmap->stride + (size_t)x / 8] >> (7 - x % 8) & 1;
}

static void threshold(cairo_surface_t *coverage, struct bitmap *bitmap)
{
    cairo_surface_flush(coverage);
    const unsigned char *pixels = cairo_image_surface_get_data(coverage);
    int stride = cairo_image_surface_get_stride(coverage);
    for (int y = 0; y < bitmap->height; y++) {
        unsigned char *row = bitmap->rows + (size_t)y * bitmap->stride;
        for (int x = 0; x < bitmap->width; x++) {
            if (pixels[(size_t)y * (size_t)stride + (size_t)x] >= COVERAGE_BLACK)
                row[x / 8] |= (unsigned char)(0x80 >> (x % 8));
        }
    }
}

static enum err bitmap_draw(const struct page *page, struct bitmap *bitmap, struct fail *why)
{
    bitmap->width = page->width;
    bitmap->height = page->height;
    bitmap->stride = ((size_t)page->width + 7) / 8;
    bitmap->rows = calloc((size_t)page->height, bitmap->stride);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_A8, page->width, page->height);
    cairo_t *cairo = cairo_create(surface);
    page_draw(page, cairo);
    bool good = bitmap->rows && cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    if (good)
        threshold(surface, bitmap);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return good ? ERR_OK : fail_set(why, ERR_TECHNICIAN, "drawing the raster failed");
}

static ssize_t take_bytes(void *context, unsigned char *buffer, size_t bytes)
{
    struct strbuf *out = context;
    strbuf_add(out, buffer, bytes);
    return out->failed ? -1 : (ssize_t)bytes;
}

static void fill_header(const struct page *page, const char *media, cups_page_header2_t *header)
{
    memset(header, 0, sizeof *header);
    (void)snprintf(header->MediaClass, sizeof header->MediaClass, "PwgRaster");
    (void)snprintf(header->MediaType, sizeof header->MediaType, "continuous");
    (void)snprintf(header->cupsPageSizeName, sizeof header->cupsPageSizeName, "%s", media);
    header->HWResolution[0] = header->HWResolution[1] = DOTS_PER_INCH;
    header->PageSize[0] = (unsigned)page->points_wide;
    header->PageSize[1] = (unsigned)page->points_high;
    header->cupsPageSize[0] = (float)page->points_wide;
    header->cupsPageSize[1] = (float)page->points_high;
    header->NumCopies = 1;
    header->cupsWidth = (unsigned)page->width;
    header->cupsHeight = (unsigned)page->height;
    header->cupsBitsPerColor = header->cupsBitsPerPixel = 1;
    header->cupsBytesPerLine = ((unsigned)page->width + 7) / 8;
    header->cupsColorOrder = CUPS_ORDER_CHUNKED;
    header->cupsColorSpace = CUPS_CSPACE_K;
    header->cupsNumColors = 1;
    header->cupsInteger[CUPS_RASTER_PWG_TotalPageCount] = 1;
    header->cupsInteger[CUPS_RASTER_PWG_CrossFeedTransform] = 1;
    header->cupsInteger[CUPS_RASTER_PWG_FeedTransform] = 1;
    header->cupsInteger[CUPS_RASTER_PWG_ImageBoxRight] = (unsigned)page->width;
    header->cupsInteger[CUPS_RASTER_PWG_ImageBoxBottom] = (unsigned)page->height;
}

static enum err write_pwg(const struct page *page, const struct bitmap *bitmap, const char *media,
                          struct strbuf *out, struct fail *why)
{
    cups_raster_t *raster = cupsRasterOpenIO(take_bytes, out, CUPS_RASTER_WRITE_PWG);
    cups_page_header2_t header;
    fill_header(page, media, &header);
    bool good = raster && cupsRasterWriteHeader2(raster, &header);
    for (int y = 0; good && y < bitmap->height; y++)
        good = cupsRasterWritePixels(raster, bitmap->rows + (size_t)y * bitmap->stride,
                                     header.cupsBytesPerLine) == header.cupsBytesPerLine;
    if (raster)
        cupsRasterClose(raster);
    if (out->failed)
        return strbuf_result(out, why);
    return good ? ERR_OK : fail_set(why, ERR_BUG, "writing PWG raster failed");
}

static cairo_status_t take_png(void *context, const unsigned char *bytes, unsigned length)
{
    struct strbuf *out = context;
    strbuf_add(out, bytes, length);
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static enum err write_png(const struct bitmap *bitmap, struct strbuf *out, struct fail *why)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, bitmap->width, bitmap->height);
    unsigned char *pixels = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    for (int y = 0; pixels && y < bitmap->height; y++) {
        for (int x = 0; x < bitmap->width; x++)
            memset(pixels + (size_t)y * stride + (size_t)x * 4, dot(bitmap, x, y) ? 0 : 255, 4);
    }
    cairo_surface_mark_dirty(surface);
    cairo_status_t status = cairo_surface_write_to_png_stream(surface, take_png, out);
    cairo_surface_destroy(surface);
    if (out->failed)
        return strbuf_result(out, why);
    return status == CAIRO_STATUS_SUCCESS
               ? ERR_OK
               : fail_set(why, ERR_TECHNICIAN, "writing PNG: %s", cairo_status_to_string(status));
}

// "custom_80x152.4mm_80x152.4mm": the paper's width, and a height in hundredths of a millimetre.
static void media_name(const struct page *page, int width_mm100, char *out, size_t room)
{
    int high = (page->points_high * 2540 + POINTS_PER_INCH - 1) / POINTS_PER_INCH;
    char size[28];
    (void)snprintf(size, sizeof size, "%gx%gmm", width_mm100 / 100.0, high / 100.0);
    (void)snprintf(out, room, "custom_%s_%s", size, size);
}

enum err page_raster(const struct page *page, const struct paper_document *document,
                     struct paper_output *out, struct fail *why)
{
    struct bitmap bitmap = {0};
    enum err err = bitmap_draw(page, &bitmap, why);
    media_name(page, document->width_mm100, out->media, sizeof out->media);
    if (!err && out->pwg.maximum)
        err = write_pwg(page, &bitmap, out->media, &out->pwg, why);
    if (!err && out->png.maximum)
        err = write_png(&bitmap, &out->png, why);
    free(bitmap.rows);
    return err;
}
