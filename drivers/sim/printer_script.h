// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/driver/sim_printer.h"

enum { SCRIPT_STEPS = 32 };

struct printer_script {
    struct {
        int64_t at_ms;
        enum sim_printer_fault fault;
    } steps[SCRIPT_STEPS];
    size_t count;
};

// ERR_INPUT names the word that is wrong.
enum err printer_script_read(const char *text, struct printer_script *out, struct fail *why);
