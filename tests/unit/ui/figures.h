// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/stage.h"

/// The product's figures, held against what is laid out: large enough to touch, far enough apart,
/// large enough to read, nothing clipped, nothing over another, every target with a name.

#define FIGURES_MM_PER_PX 0.248

struct place {
    const char *sample, *language;
    int size, page;
    bool landscape;
};

void figures_begin(void);
/// Check what the stage shows, page by page; faults are printed and counted.
void figures_check(struct stage *stage, struct place place, struct box window);
int figures_faults(void);
/// A QR code of the largest receipt, for ui_options.
bool figures_qr(void *self, const char *text, struct ui_qr *out);
