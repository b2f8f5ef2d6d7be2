// SPDX-License-Identifier: GPL-3.0-or-later
#include "version.h"
#include "yimen/base/text.h"
#include <stdio.h>

bool version_asked(int argc, char **argv, const char *program)
{
    if (argc != 2 || !text_equal(argv[1], "--version"))
        return false;
    (void)printf("%s %s\n", program, YIMEN_VERSION);
    return true;
}
