// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/crypto.h"

/// Driver of the crypto port, suite 1: libsodium and OpenSSL. Holds nothing, so there is nothing to
/// close; any thread.

/// From now on OpenSSL keeps private keys in locked memory of so many bytes (a power of two), apart
/// from everything else. Before the first key; no matter if the system refuses.
void crypto_lock_keys(size_t bytes);
/// ERR_TECHNICIAN when the library finds no source of randomness.
enum err sodium_crypto_open(struct crypto *out, struct fail *why) MUST_USE;
