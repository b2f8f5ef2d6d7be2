// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Chance from a seed: the same seed, the same sequence, on every machine. For simulated parts
/// only; nothing secret may come from it. A plain value; belongs to its owner.

struct sim_random {
    uint64_t state;
};

/// `stream` gives each part of a simulation a sequence of its own, so that a change in one leaves
/// the others as they were.
struct sim_random sim_random_begin(uint64_t seed, uint64_t stream);
uint64_t sim_random_next(struct sim_random *random);
/// 0 <= result < below; `below` > 0.
int64_t sim_random_below(struct sim_random *random, int64_t below);
/// low <= result <= high.
int64_t sim_random_between(struct sim_random *random, int64_t low, int64_t high);
/// True in `per_mille` of 1,000 cases.
bool sim_random_chance(struct sim_random *random, int per_mille);
/// Waiting time until the next of events that come by chance, `mean` apart; at least 1, at most 20
/// times the mean. Whole numbers only, so that no machine rounds differently.
int64_t sim_random_wait(struct sim_random *random, int64_t mean);
