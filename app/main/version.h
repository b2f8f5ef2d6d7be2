// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>

/// Which program this is. True: the first word was `--version`, the answer ("yimen-kiosk 0.1.0
/// (1a2b3c4)": the release and the commit it was made from, "-dirty" when the sources had changed
/// since) is on standard output, and there is nothing else to do.
bool version_asked(int argc, char **argv, const char *program);
