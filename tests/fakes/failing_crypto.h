// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/crypto.h"

/// A crypto port that hands on to another one and fails at its n-th fallible call (counted from 1;
/// 0: never).
struct failing_crypto {
    struct crypto crypto;
    const struct crypto *inner;
    long calls, fail_at;
    enum err fail_err;
};
void failing_crypto_begin(struct failing_crypto *failing, const struct crypto *inner);
