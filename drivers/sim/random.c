// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/sim_random.h"

#include <assert.h>

static uint64_t mix(uint64_t value)
{
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
    value = (value ^ value >> 27) * 0x94D049BB133111EBu;
    return value ^ value >> 31;
}

struct sim_random sim_random_begin(uint64_t seed, uint64_t stream)
{
    return (struct sim_random){mix(seed + 0x9E3779B97F4A7C15u) ^ mix(stream * 0xD1342543DE82EF95u)};
}

uint64_t sim_random_next(struct sim_random *random)
{
    random->state += 0x9E3779B97F4A7C15u;
    return mix(random->state);
}

int64_t sim_random_below(struct sim_random *random, int64_t below)
{
    assert(below > 0);
    return (int64_t)(sim_random_next(random) % (uint64_t)below);
}

int64_t sim_random_between(struct sim_random *random, int64_t low, int64_t high)
{
    return low + sim_random_below(random, high - low + 1);
}

bool sim_random_chance(struct sim_random *random, int per_mille)
{
    return sim_random_below(random, 1000) < per_mille;
}

// Halves: each toss doubles what is still to be waited, which is near enough to a Poisson process
// and needs no logarithm.
int64_t sim_random_wait(struct sim_random *random, int64_t mean)
{
    int64_t wait = 0;
    while (wait < 19 * mean && sim_random_below(random, 2) == 0)
        wait += mean;
    return wait + 1 + sim_random_below(random, mean > 0 ? mean / 2 + 1 : 1);
}
