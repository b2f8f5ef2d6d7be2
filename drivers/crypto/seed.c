// SPDX-License-Identifier: GPL-3.0-or-later
// One seeded generator (xoshiro256**) behind both libraries. Their hooks have no context argument,
// so its state is the one variable of this module.
#define OPENSSL_SUPPRESS_DEPRECATED // RAND_METHOD is the one hook that reaches every caller
#include "yimen/driver/crypto_seed.h"

#include <openssl/rand.h>
#include <sodium.h>
#include <string.h>

static uint64_t state[4];

static uint64_t rotate(uint64_t value, int by)
{
    return value << by | value >> (64 - by);
}

static uint64_t next(void)
{
    uint64_t result = rotate(state[1] * 5, 7) * 9, shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 45);
    return result;
}

// splitmix64: a state without zeroes from any seed.
static void begin(uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        seed += 0x9E3779B97F4A7C15u;
        uint64_t mixed = (seed ^ seed >> 30) * 0xBF58476D1CE4E5B9u;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
        state[i] = mixed ^ mixed >> 31;
    }
}

static void fill(void *out, size_t length)
{
    uint8_t *at = out;
    while (length > 0) {
        uint64_t word = next();
        size_t step = length < sizeof word ? length : sizeof word;
        memcpy(at, &word, step);
        at += step;
        length -= step;
    }
}

static const char *sodium_name(void)
{
    return "yimen-seeded";
}

static uint32_t sodium_random(void)
{
    return (uint32_t)(next() >> 32);
}

static void sodium_fill(void *const out, const size_t length)
{
    fill(out, length);
}

static int openssl_fill(unsigned char *out, int length)
{
    if (length > 0)
        fill(out, (size_t)length);
    return 1;
}

static int openssl_is_seeded(void)
{
    return 1;
}

enum err crypto_seed(uint64_t seed, struct fail *why)
{
    static const randombytes_implementation for_sodium = {
        .implementation_name = sodium_name, .random = sodium_random, .buf = sodium_fill};
    static const RAND_METHOD for_openssl = {
        .bytes = openssl_fill, .pseudorand = openssl_fill, .status = openssl_is_seeded};
    begin(seed);
    // libsodium keeps the pointer without writing through it.
    if (randombytes_set_implementation((randombytes_implementation *)&for_sodium) != 0 ||
        RAND_set_rand_method(&for_openssl) != 1)
        return fail_set(why, ERR_TECHNICIAN, "the source of randomness cannot be replaced");
    return ERR_OK;
}
