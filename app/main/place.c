// SPDX-License-Identifier: GPL-3.0-or-later
#include "place.h"
#include "yimen/base/text.h"
#include <string.h>
#include <unistd.h>

bool place_beside(const char *name, char *out, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", out, size);
    if (length <= 0 || (size_t)length >= size)
        return false;
    out[length] = '\0';
    char *slash = strrchr(out, '/');
    return slash && text_copy(slash + 1, size - (size_t)(slash + 1 - out), name);
}

bool place_assets(char *out, size_t size)
{
    return place_beside("../share/yimen", out, size);
}
