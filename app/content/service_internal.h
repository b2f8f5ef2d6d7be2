// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/content/bundle.h"
#include "yimen/content/service.h"

enum { CATALOGUE_SERVICES = 64, CATALOGUE_COUNTERS = 1000, CATALOGUE_FILE = 1 << 20 };

struct catalogue {
    struct arena *arena;
    char notice_version[24], commitment_version[24];
    size_t service_count, counter_count, first_person_count;
    struct service *services;
    struct service correction; ///< not among them: its form is made from a list
    struct counter *counters;
    struct first_person first_person[CATALOGUE_FIRST_PERSON];
    size_t bundle_count, apart_count;
    bool parted;                                    ///< each goes alone
    struct bundle bundles[BUNDLES], apart[BUNDLES]; ///< apart: of these only one at a time
    int shared_minutes;                             ///< what each further service saves
};

/// Reads services.json and counters.json into the catalogue.
enum err catalogue_read(struct catalogue *catalogue, const struct files *pack,
                        struct fail *why) MUST_USE;
/// Reads bundles.json, where there is one.
enum err catalogue_read_bundles(struct catalogue *catalogue, const struct files *pack,
                                struct fail *why) MUST_USE;
