// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/audit/audit.h"
#include "yimen/port/clock.h"
#include "yimen/port/kiosk_store.h"

/// The kiosk's audit chain in its store: append one entry, check all of them. Thread: the store's.
///
/// The head is kept signed by the device key (domain "yimen/audit-head/1", over sequence, space,
/// hash in hex), so that entries cut off at the end are missed as well.

struct audit_log {
    const struct kiosk_store *store;
    const struct crypto *crypto;
    const struct clock *clock;
    const unsigned char *signing_secret; ///< device key; NULL: the head is neither signed nor
                                         ///< checked
};

/// Inside a transaction of the store, so that the entry is there with what it tells of, or neither.
/// `actor` "" is the kiosk itself.
enum err audit_log_append(const struct audit_log *log, const char *event, const char *subject,
                          const char *actor, const char *detail, struct fail *why) MUST_USE;
/// ERR_CORRUPT names the first entry that was changed, removed or moved. `check` then holds how far
/// the chain is good: next_sequence - 1 entries.
enum err audit_log_verify(const struct audit_log *log, struct audit_check *check,
                          struct fail *why) MUST_USE;
