// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"

/// Port: the kiosk's durable memory. Real driver: drivers/sqlite. Owned by the store worker.
struct kiosk_store_ops;
struct kiosk_store {
    const struct kiosk_store_ops *ops;
    void *self;
};
