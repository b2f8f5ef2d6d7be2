// SPDX-License-Identifier: GPL-3.0-or-later
#include "contract/paper/picture.h"
#include "yimen/base/strbuf.h"

enum { RASTER_MAXIMUM = 64 << 20 };

static bool read_file(const char *path, struct strbuf *out)
{
    FILE *file = fopen(path, "rb");
    char bytes[4096];
    for (size_t got; file && (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        strbuf_add(out, bytes, got);
    return file && fclose(file) == 0 && !out->failed;
}

int main(int count, char **arguments)
{
    struct strbuf raster;
    struct picture picture = {0};
    strbuf_init(&raster, RASTER_MAXIMUM);
    bool good = count == 2 && read_file(arguments[1], &raster) &&
                picture_from_pwg(raster.data, raster.length, &picture) &&
                picture_write_pgm(&picture, stdout);
    if (!good)
        (void)fprintf(stderr, "usage: pwg2pgm FILE.pwg > FILE.pgm\n");
    picture_free(&picture);
    strbuf_free(&raster);
    return good ? 0 : 1;
}
