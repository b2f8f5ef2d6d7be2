// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/crypto.h"

/// The same crypto port, but what is slow on purpose (Argon2id) costs nothing: for tests of what is
/// done with such a key, not of how it is made. No key of it is worth anything.
struct quick_crypto {
    struct crypto_ops ops;
};
/// Changes `crypto` in place; `quick` lives as long as it.
void quick_crypto_begin(struct quick_crypto *quick, struct crypto *crypto);
