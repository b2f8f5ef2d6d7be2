// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "district_internal.h"
#include "yimen/case/receipt_facts.h"
#include "yimen/case/renewal.h"
#include "yimen/case/track.h"

/// lookup_read (the request), lookup_find (which case, and whose), lookup (POST /v1/lookup,
/// /v1/reprint, /v1/token), lookup_file (what the opener files for owners), linked (what a linked
/// submission does to its case).

enum { LOOKUP_FACTS = 16 << 10, LOOKUP_BODY = 4 << 10 };

/// A request's body. Holds the second factor: zero it when done.
struct lookup_request {
    char number[LIMIT_RECEIPT_NUMBER], factor[TRACK_FACTOR];
    bool has_token, has_renewal;
    bool has_code; ///< the token itself was given, not only its hash, which many have
    uint8_t token[CRYPTO_HASH];
    struct renewal renewal;
};
/// False: it is none.
bool lookup_read(const struct crypto *crypto, const void *body, size_t length,
                 struct lookup_request *out);
/// 64 hexadecimal digits.
bool lookup_hash(const struct crypto *crypto, const char *text, uint8_t out[CRYPTO_HASH]);

/// One question about one case.
struct lookup {
    struct district *district;
    const struct district_device *device; ///< that asks; NULL: a telephone
    struct lookup_request request;        ///< number "": by its token alone
    bool known;
    struct district_case
        at;     ///< the case that is told of: what was asked for, or what it belongs to
    bool newer; ///< the token is of a receipt that was replaced
    bool owner; ///< the receipt in force was shown: with the factor its owner's rights
    struct receipt_facts facts;
};
/// Fills `at` and `known`.
enum err lookup_find(struct lookup *lookup, struct fail *why) MUST_USE;
/// Is it its owner who asks? Then `facts` is filled.
enum err lookup_fits(struct lookup *lookup, bool *out, struct fail *why) MUST_USE;
/// A restricted case, which is told of as an enquiry.
bool lookup_is_quiet(const struct lookup *lookup);
/// The same of an instance, for whoever has no owner's question. False without the lookup key.
bool lookup_tells_enquiry(struct district *district, const char *instance);
/// The state that its owner is told.
const char *lookup_status(const struct lookup *lookup);

/// The blind factor of an instance. Needs options.lookup_key.
void lookup_factor(const struct district *district, const char *instance, const char *factor,
                   uint8_t out[CRYPTO_HASH]);
/// The factor itself, of a record that is in hand; "" = none.
void lookup_factor_of(const struct district *district, const char *service,
                      const struct attachment *record, char out[TRACK_FACTOR]);
enum err lookup_open_facts(struct district *district, const char *instance,
                           const struct strbuf *sealed, struct receipt_facts *out,
                           struct fail *why) MUST_USE;
