// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <stdint.h>

/// Randomness from a seed, for the simulation alone: a failing run must be repeatable.
///
/// From the call on every random byte of the process, libsodium's and OpenSSL's alike, comes from
/// one generator that this seed fixes; calling it again begins a new sequence. Keys made under it
/// protect nothing. There is no way back: a process that has called it must not serve anybody.
/// Thread: call it, and everything random after it, from one thread.

/// ERR_TECHNICIAN: a library does not let its source be replaced.
enum err crypto_seed(uint64_t seed, struct fail *why) MUST_USE;
