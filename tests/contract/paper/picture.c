// SPDX-License-Identifier: GPL-3.0-or-later
#include "contract/paper/picture.h"
#include "contract/printer/rig.h"
#include <cups/raster.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct source {
    const unsigned char *at;
    size_t left;
};

static ssize_t give(void *context, unsigned char *buffer, size_t bytes)
{
    struct source *source = context;
    size_t count = bytes < source->left ? bytes : source->left;
    memcpy(buffer, source->at, count);
    source->at += count;
    source->left -= count;
    return (ssize_t)count;
}

static bool read_rows(cups_raster_t *raster, const cups_page_header2_t *header, struct picture *out)
{
    unsigned char row[1024];
    if (header->cupsBytesPerLine > sizeof row)
        return false;
    size_t width = (size_t)out->width;
    for (int y = 0; y < out->height; y++) {
        if (cupsRasterReadPixels(raster, row, header->cupsBytesPerLine) != header->cupsBytesPerLine)
            return false;
        for (size_t x = 0; x < width; x++)
            out->grey[(size_t)y * width + x] = row[x / 8] >> (7 - x % 8) & 1 ? 0 : 255;
    }
    return true;
}

bool picture_from_pwg(const void *bytes, size_t length, struct picture *out)
{
    struct source source = {bytes, length};
    cups_page_header2_t header;
    *out = (struct picture){0};
    cups_raster_t *raster = cupsRasterOpenIO(give, &source, CUPS_RASTER_READ);
    bool good = raster && cupsRasterReadHeader2(raster, &header) && header.cupsBitsPerPixel == 1 &&
                header.cupsWidth <= 4096 && header.cupsHeight <= 65536;
    if (good) {
        out->width = (int)header.cupsWidth;
        out->height = (int)header.cupsHeight;
        out->dots_per_inch = (int)header.HWResolution[0];
        out->points_wide = (int)header.PageSize[0];
        out->points_high = (int)header.PageSize[1];
        (void)snprintf(out->media, sizeof out->media, "%s", header.cupsPageSizeName);
        out->grey = malloc((size_t)out->width * (size_t)out->height);
        good = out->grey && read_rows(raster, &header, out);
    }
    cupsRasterClose(raster);
    return good;
}

void picture_free(struct picture *picture)
{
    free(picture->grey);
    picture->grey = NULL;
}

bool picture_write_pgm(const struct picture *picture, FILE *file)
{
    size_t size = (size_t)picture->width * (size_t)picture->height;
    return fprintf(file, "P5\n%d %d\n255\n", picture->width, picture->height) > 0 &&
           fwrite(picture->grey, 1, size, file) == size;
}

bool picture_read_qr(const struct picture *picture, char *out, size_t room)
{
    char path[] = "/tmp/yimen-receipt-XXXXXX";
    int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "wb") : NULL;
    if (!file)
        return false;
    bool written = picture_write_pgm(picture, file);
    written = fclose(file) == 0 && written;
    const char *const arguments[] = {"zbarimg", "-q", "--nodbus", "--raw", "-Sbinary", path, NULL};
    int code = written ? rig_run(arguments, out, room) : -1;
    (void)unlink(path);
    return code == 0;
}
