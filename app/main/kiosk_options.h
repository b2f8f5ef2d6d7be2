// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>

/// Options of yimen-kiosk, as given on the command line; what is 0 or NULL was not given.
struct kiosk_options {
    const char *kiosk;         ///< folder made by provisioning
    const char *preview;       ///< a form to be shown; then there is no kiosk
    const char *assets;        ///< unpacked content instead of the installed pack (demo)
    const char *look;          ///< theme and icons
    const char *tree_socket;   ///< (demo)
    const char *printer;       ///< queue, address, or "sim[:SCRIPT]" (demo)
    const char *code_device;   ///< code reader: path, or "sim:SCRIPT" (demo)
    const char *language;      ///< at the start of each visit
    const char *latency_file;  ///< milliseconds from touch to frame, one a line, at the end
    const char *keep_receipts; ///< folder for each receipt's pwg, pdf, png (demo)
    int width, height, seconds, idle_seconds;
    double mm_per_px;
    bool fullscreen;
};

/// Says what is wrong on standard error. False: end with `*code` (0 after --help).
bool kiosk_options_read(int argc, char **argv, struct kiosk_options *out, int *code);
/// The first option that a production profile refuses, or NULL.
const char *kiosk_options_demo_only(const struct kiosk_options *options);
