// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/base/when.h"
#include "yimen/case/envelope.h"
#include "yimen/case/tracking.h"
#include "yimen/port/crypto.h"
#include <stdbool.h>

/// The manifest of an encrypted submission, and the device's seal in it.
///
/// The manifest is what ODK tools expect (FORM, parts, keys); its last child is ours:
/// `<seal xmlns="urn:yimen:seal:1" key="DEVICE KEY ID" sig="BASE64URL">` with `<part name size
/// sha256/>` for every encrypted file in order, `<receipt>`, `<counter>`, `<token sha256/>`,
/// `<service>`, `<urgent>`, `<touched utc quality/>`, `<saved utc quality/>`, `<of>`. No element in
/// it is called file, media, meta or instanceID, so that other readers pass it by.
///
/// Signed (Ed25519, domain "yimen/seal/1") is not XML but these lines, each ended by a newline:
/// `form ID`, `version V`, `key BASE64` (the encrypted key), `instance ID`, `signature BASE64` (the
/// element signature), `device KEY ID`, `part SIZE SHA256 NAME` for each, `receipt N`, `counter C`,
/// `token SHA256`, `service S`, `urgent 0|1`, `touched UTC-MS QUALITY`, `saved UTC-MS QUALITY`,
/// `of INSTANCE`. A value with a control character is refused, so the lines have one reading.

struct seal_part {
    char name[LIMIT_PART_NAME];
    int64_t size;
    char sha256[65];
};

struct seal {
    char key_id[64];
    char signature[TRACKING_SIGNATURE_TEXT];
    char receipt[LIMIT_RECEIPT_NUMBER];
    char counter[8];
    char token_hash[TRACKING_HASH_TEXT];
    char service[40];
    bool urgent;
    int64_t touched_utc_ms, saved_utc_ms;
    enum time_quality touched_quality, saved_quality;
    char of_instance[LIMIT_INSTANCE_ID];
    size_t part_count;
    struct seal_part parts[ENVELOPE_PARTS];
};

struct manifest {
    char form_id[LIMIT_FORM_ID], version[64], instance_id[LIMIT_INSTANCE_ID];
    char encrypted_key[ENVELOPE_BASE64], element_signature[ENVELOPE_BASE64];
    size_t file_count; ///< media in order, then the record
    char files[ENVELOPE_PARTS][LIMIT_PART_NAME];
    bool has_seal; ///< false: from another ODK client
    struct seal seal;
};

/// Signs manifest->seal, which is filled but for the signature.
enum err seal_sign(const struct crypto *crypto, const uint8_t secret_key[CRYPTO_SECRET],
                   struct manifest *manifest, struct fail *why) MUST_USE;
/// ERR_DENIED: not signed by that device, or the seal's parts are not the manifest's files.
enum err seal_verify(const struct crypto *crypto, const uint8_t public_key[CRYPTO_PUBLIC],
                     const struct manifest *manifest, struct fail *why) MUST_USE;
/// Size and hash of one part against the seal. ERR_NOT_FOUND: the seal does not name it.
/// ERR_CONFLICT: other bytes.
enum err seal_check_part(const struct crypto *crypto, const struct seal *seal, const char *name,
                         const void *data, size_t length, struct fail *why) MUST_USE;
/// Fills in a part of the seal.
void seal_describe_part(const struct crypto *crypto, const char *name, const void *data,
                        size_t length, struct seal_part *out);

/// The XML. Appends.
enum err manifest_write(const struct manifest *manifest, struct strbuf *out,
                        struct fail *why) MUST_USE;
/// ERR_INPUT when it is not the manifest of an encrypted submission. Checks its form, not the seal.
enum err manifest_read(const void *xml, size_t length, struct manifest *out,
                       struct fail *why) MUST_USE;
