// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/port/crypto.h"
#include <stdbool.h>
#include <stdint.h>

/// Rows of the district's store about cases that their owners ask for; part of district_store.h.

/// Wrong tries at a receipt number, after one more was taken.
struct district_try {
    int wrong;            ///< this one counted
    int64_t until_utc_ms; ///< locked until then; 0 = not
};

/// A receipt that was printed again under a new token.
struct district_token {
    uint8_t hash[CRYPTO_HASH];
    char instance[LIMIT_INSTANCE_ID], receipt[LIMIT_RECEIPT_NUMBER], device_id[64];
    int print; ///< from 2; the highest of an instance is in force
    int64_t renewed_utc_ms;
};
