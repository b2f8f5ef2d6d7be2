// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "golden/views.h"

// The samples stand in rooms, one file each: a new one is a function and a row in its room's table.

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct samples {
    const struct sample *list;
    size_t count;
};
extern const struct samples visit_samples, questions_samples, track_samples, staff_samples,
    overlays_samples, codes_samples, policies_samples, items_samples;

// A sentence of a form, which the pack's texts do not hold.
const char *sample_says(const struct view *view, const char *zh, const char *en, const char *ko);

// What overlays lie over, and what other samples begin with.
void fill_one(struct view *view);
void fill_who(struct view *view);
void fill_attract(struct view *view);
void fill_repeat(struct view *view);
void fill_services(struct view *view);
