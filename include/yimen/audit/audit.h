// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/base/when.h"
#include "yimen/port/crypto.h"
#include <stddef.h>
#include <stdint.h>

/// Hash-chained record of what happened: each entry holds the hash of the one before. Never
/// answers, names, numbers or touches. Format of an entry, one line: sequence TAB UTC ms TAB time
/// quality TAB event TAB subject TAB actor TAB detail; its hash is SHA-256("yimen/audit/1" NUL
/// previous-hash line). Heads are signed by the device key (domain "yimen/audit-head/1"). Pure
/// functions.

struct audit_entry {
    int64_t sequence;
    struct when when;
    char event[32];   ///< "case.saved", "receipt.printed", "staff.login", ...
    char subject[64]; ///< receipt number or job name, "" when none
    char actor[64];   ///< staff number, device id, "resident", "kiosk"
    char detail[200];
};

enum { AUDIT_HASH = 32 };

/// The line of an entry, control characters and tabs replaced. Returns its length.
size_t audit_format(const struct audit_entry *entry, char out[LIMIT_AUDIT_LINE]);
/// Hash of an entry: over the one before it (zeroes before the first) and its line.
void audit_hash(const struct crypto *crypto, const unsigned char previous[AUDIT_HASH],
                const char *line, size_t length, unsigned char out[AUDIT_HASH]);
/// Walks a chain: feed lines with their stored hashes in order; ERR_CORRUPT names the first
/// sequence that does not follow.
struct audit_check {
    const struct crypto *crypto;
    int64_t next_sequence;
    unsigned char head[AUDIT_HASH];
};
/// Starts before the first entry. Borrows `crypto`.
void audit_check_begin(struct audit_check *check, const struct crypto *crypto);
enum err audit_check_line(struct audit_check *check, int64_t sequence, const char *line,
                          size_t length, const unsigned char hash[AUDIT_HASH],
                          struct fail *why) MUST_USE;
/// Goes on from an entry and its hash through the lines behind it, each ended by a newline: both
/// are then those of the last. ERR_CORRUPT: a line is not the next one, or not whole.
enum err audit_follow(const struct crypto *crypto, int64_t *sequence,
                      unsigned char hash[AUDIT_HASH], const char *lines, size_t length,
                      struct fail *why) MUST_USE;
