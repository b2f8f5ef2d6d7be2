// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/crypto.h"

/// Driver of the crypto port, suite 1: libsodium and OpenSSL. Holds nothing, so there is nothing to
/// close; any thread.

/// ERR_TECHNICIAN when the library finds no source of randomness.
enum err sodium_crypto_open(struct crypto *out, struct fail *why) MUST_USE;
