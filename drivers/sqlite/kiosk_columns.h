// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "row.h"

/// The columns of the kiosk's rows. A new field stands in its struct (port/kiosk_rows.h), in a
/// migration, and here. See row.h for how the lists are used.

/// A case: what never changes and is covered by its hash,
#define SUBMISSION_FIXED(first, next)                                                              \
    first(COLUMN_TEXT, instance, instance) next(COLUMN_TEXT, number, number)                       \
        next(COLUMN_TEXT, service, service) next(COLUMN_TEXT, form_id, form_id)                    \
            next(COLUMN_TEXT, sealing_key_id, sealing_key_id) next(COLUMN_BOOL, urgent, urgent)    \
                next(COLUMN_INT64, saved_utc_ms, saved.utc_ms)                                     \
                    next(COLUMN_INT64, saved_monotonic_ms, saved.monotonic_ms)                     \
                        next(COLUMN_TEXT, saved_boot_id, saved.boot_id)                            \
                            next(COLUMN_INT, saved_quality, saved.quality)
/// what is written once and not covered by it,
#define SUBMISSION_ONCE(first, next)                                                               \
    first(COLUMN_INT64, total_bytes, total_bytes) next(COLUMN_INT, not_asked, not_asked)
/// how far it is,
#define SUBMISSION_STATE(first, next)                                                              \
    first(COLUMN_INT, state, state) next(COLUMN_INT, attempts, attempts)                           \
        next(COLUMN_INT, strikes, strikes)                                                         \
            next(COLUMN_INT64, received_at_failure, received_at_failure)                           \
                next(COLUMN_INT64, next_try_utc_ms, next_try_utc_ms)                               \
                    next(COLUMN_INT64, next_try_monotonic_ms, next_try_monotonic_ms)               \
                        next(COLUMN_TEXT, next_try_boot, next_try_boot)                            \
                            next(COLUMN_INT64, received_utc_ms, received_utc_ms)                   \
                                next(COLUMN_INT, print_count, print_count)                         \
                                    next(COLUMN_TEXT, reason, reason)                              \
                                        next(COLUMN_INT64, sent_bytes, sent_bytes)                 \
                                            next(COLUMN_BOOL, unverified, unverified)
/// and what the district said of it (status_set alone writes it).
#define SUBMISSION_TOLD(first, next)                                                               \
    first(COLUMN_TEXT, status, status) next(COLUMN_INT64, status_utc_ms, status_utc_ms)

#define SUBMISSION_WRITTEN(first, next)                                                            \
    SUBMISSION_FIXED(first, next) SUBMISSION_ONCE(next, next) SUBMISSION_STATE(next, next)
#define SUBMISSION_ALL(first, next) SUBMISSION_WRITTEN(first, next) SUBMISSION_TOLD(next, next)

/// A draft but for its sealed bytes and their hash.
#define DRAFT_KEY(first, next) first(COLUMN_TEXT, id, id)
#define DRAFT_REST(first, next)                                                                    \
    first(COLUMN_TEXT, instance, instance) next(COLUMN_INT64, revision, revision)                  \
        next(COLUMN_INT64, sent_revision, sent_revision)                                           \
            next(COLUMN_INT64, created_utc_ms, created_utc_ms)                                     \
                next(COLUMN_INT64, expires_utc_ms, expires_utc_ms) next(COLUMN_BOOL, spent, spent) \
                    next(COLUMN_INT, wrong, wrong) next(COLUMN_INT64, wait_ms, wait.left_ms)       \
                        next(COLUMN_INT64, wait_from_ms, wait.from_ms)                             \
                            next(COLUMN_TEXT, wait_boot, wait.boot_id)
#define DRAFT_ALL(first, next) DRAFT_KEY(first, next) DRAFT_REST(next, next)

#define STAFF_ALL(first, next)                                                                     \
    first(COLUMN_TEXT, number, number) next(COLUMN_TEXT, role, role)                               \
        next(COLUMN_BYTES, salt, salt) next(COLUMN_BYTES, hash, hash)                              \
            next(COLUMN_INT64, operations, operations)                                             \
                next(COLUMN_INT64, memory_bytes, memory_bytes) next(COLUMN_INT, wrong, wrong)      \
                    next(COLUMN_BOOL, locked, locked) next(COLUMN_INT64, wait_ms, wait.left_ms)    \
                        next(COLUMN_INT64, wait_from_ms, wait.from_ms)                             \
                            next(COLUMN_TEXT, wait_boot, wait.boot_id)

#define PRINT_JOB_ALL(first, next)                                                                 \
    first(COLUMN_TEXT, name, name) next(COLUMN_TEXT, instance, instance)                           \
        next(COLUMN_INT, state, state) next(COLUMN_TEXT, detail, detail)                           \
            next(COLUMN_INT64, changed_utc_ms, changed_utc_ms)

#define TRY_ALL(first, next)                                                                       \
    first(COLUMN_TEXT, number, number) next(COLUMN_INT, wrong, wrong)                              \
        next(COLUMN_INT64, tried_ms, tried_ms) next(COLUMN_INT64, until_ms, until_ms)

/// The columns' names for a SELECT, of `submission s` too, in the order in which they are read.
#define COLUMN_OF_S(kind, column, member) "s." #column
#define COLUMN_NEXT_OF_S(kind, column, member) ", s." #column
#define SUBMISSION_COLUMNS SUBMISSION_ALL(COLUMN_OF_S, COLUMN_NEXT_OF_S)
enum { SUBMISSION_COLUMN_COUNT = 0 SUBMISSION_ALL(COLUMN_ONE_MORE, COLUMN_ONE_MORE) };
enum { DRAFT_COLUMN_COUNT = 0 DRAFT_ALL(COLUMN_ONE_MORE, COLUMN_ONE_MORE) };
