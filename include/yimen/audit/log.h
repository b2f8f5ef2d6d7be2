// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/audit/head.h"
#include "yimen/base/strbuf.h"
#include "yimen/port/clock.h"
#include "yimen/port/kiosk_store.h"

/// The kiosk's audit chain in its store: append one entry, check all of them. Thread: the store's.
///
/// The head is kept signed by the device key, so that entries cut off at the end are missed as
/// well. Who holds that key could still write a chain of his own; what he cannot change is anything
/// up to a head that has left the kiosk before.

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
/// Appends an entry "audit.checkpoint" that carries the signature of the head before it, for good.
enum err audit_log_checkpoint(const struct audit_log *log, const char *detail,
                              struct fail *why) MUST_USE;
/// The head as it is now, signed.
enum err audit_log_head(const struct audit_log *log, struct audit_head *out,
                        struct fail *why) MUST_USE;
/// The lines of the entries behind `after`, the oldest AUDIT_LOG_SINCE of them, each with a
/// newline, appended; `out`: the signed head that they lead to. None are behind it: the head as it
/// is.
enum { AUDIT_LOG_SINCE = 256 };
enum err audit_log_since(const struct audit_log *log, int64_t after, struct strbuf *lines,
                         struct audit_head *out, struct fail *why) MUST_USE;
/// Remembers that this head is outside now. Inside a transaction.
enum err audit_log_exported(const struct audit_log *log, const struct audit_head *head,
                            struct fail *why) MUST_USE;
/// The one remembered last. ERR_NOT_FOUND: none ever left the kiosk.
enum err audit_log_last_exported(const struct audit_log *log, struct audit_head *out,
                                 struct fail *why) MUST_USE;
/// ERR_CORRUPT names the first entry that was changed, removed or moved. `check` then holds how far
/// the chain is good: next_sequence - 1 entries.
enum err audit_log_verify(const struct audit_log *log, struct audit_check *check,
                          struct fail *why) MUST_USE;
/// Likewise, and the chain must lead through `head`, which came from outside and has been checked
/// (audit_head_check). ERR_CORRUPT also when the chain ends before it.
enum err audit_log_verify_from(const struct audit_log *log, const struct audit_head *head,
                               struct audit_check *check, struct fail *why) MUST_USE;
