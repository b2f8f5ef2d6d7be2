// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct town;

/// What somebody does to a district who does not wish it well.
struct attack {
    const char *name, *what;
    void *(*run)(void *attacker); ///< one thread of it; for ever
    int threads;
    bool enrolled; ///< with a kiosk's key and certificate
};
extern const struct attack attacks[];
extern const size_t attack_count;

/// Runs it until this process is told to end (SIGTERM), then says what it was answered.
int attack_for_ever(const struct attack *attack, struct town *town);
