// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/case/draft.h"
#include "yimen/port/crypto.h"
#include <stddef.h>

/// ODK encrypted submissions: what leaves the kiosk can be opened by any ODK tool that holds the
/// private key. Source: ODK XForms specification, "Encryption"; OAEP and MGF1 both SHA-256.
///
/// A fresh 256-bit key a record, sent under RSA-OAEP. Seed = MD5(instance id, key); before file n
/// the byte n % 16 of it is counted up, and it is the file's IV. AES-256-CFB over the file padded
/// to 16 bytes (PKCS #7). Media first, the record last. The element signature is made with the
/// public key: it finds mistakes, not forgery; that is what the seal is for (seal.h).

enum { ENVELOPE_BASE64 = 700, ENVELOPE_PARTS = LIMIT_ATTACHMENTS + 1, ENVELOPE_SEED = 16 };

#define ENVELOPE_RECORD "submission.xml"

/// The running state over the files of one record.
struct envelope_cipher {
    const struct crypto *crypto;
    uint8_t key[CRYPTO_KEY], seed[ENVELOPE_SEED];
    size_t count;
};
/// Zero it (memory_wipe) when done.
void envelope_cipher_begin(struct envelope_cipher *cipher, const struct crypto *crypto,
                           const char *instance_id, const uint8_t key[CRYPTO_KEY]);
/// The next file, appended to `out`. ERR_FULL, ERR_RETRY.
enum err envelope_cipher_encrypt(struct envelope_cipher *cipher, const void *plain, size_t length,
                                 struct strbuf *out, struct fail *why) MUST_USE;
/// The next file, in the order of sealing. ERR_CORRUPT when the padding is wrong.
enum err envelope_cipher_decrypt(struct envelope_cipher *cipher, const void *sealed, size_t length,
                                 struct strbuf *out, struct fail *why) MUST_USE;

/// Passes over the next file: another has it.
void envelope_cipher_skip(struct envelope_cipher *cipher);

/// A file that was sealed before the others: what the element signature says of it.
struct envelope_file {
    char name[LIMIT_FILE_NAME]; ///< without ".enc"
    uint8_t md5[ENVELOPE_SEED];
};
/// Of the file as it is before it is sealed. ERR_INPUT: its name is too long.
enum err envelope_describe(const struct crypto *crypto, const struct attachment *plain,
                           struct envelope_file *out, struct fail *why) MUST_USE;

/// What both ends know about a record. All borrowed.
struct envelope_about {
    const char *form_id, *version; ///< version "" when the form has none
    const char *instance_id;
};

/// A sealed record. `parts` is on the heap: names with ".enc", the record last.
struct envelope {
    char encrypted_key[ENVELOPE_BASE64], element_signature[ENVELOPE_BASE64];
    size_t count;
    struct attachment *parts;
};

/// Seals `count` files, the last of which is the record, named ENVELOPE_RECORD.
/// ERR_INPUT: no instance id, a bad public key. `public_key`: SubjectPublicKeyInfo, DER or PEM.
enum err envelope_seal(const struct crypto *crypto, const struct envelope_about *about,
                       const struct bytes *public_key, const struct attachment *files, size_t count,
                       struct envelope *out, struct fail *why) MUST_USE;

/// The files of a record whose first ones are sealed already, each as it came. Borrowed.
struct envelope_rest {
    const struct envelope_file *before; ///< in the order of their sealing
    size_t before_count;
    const struct attachment *files; ///< the last of them is the record
    size_t count;
};
/// Seals the rest with the cipher that sealed those before it (which stands behind them); `out`
/// gets the parts of the rest alone. A cipher that was used for this is not used again, unless
/// what came of it has been thrown away. Otherwise like envelope_seal.
enum err envelope_finish(struct envelope_cipher *cipher, const struct envelope_about *about,
                         const struct bytes *public_key, const struct envelope_rest *rest,
                         struct envelope *out, struct fail *why) MUST_USE;
/// Opens what envelope_seal or another ODK tool made: `plain` is an array of envelope->count
/// attachments, filled with owned data and names without ".enc". ERR_DENIED: another key.
/// ERR_CORRUPT: the parts or the element signature do not fit (then nothing is filled).
enum err envelope_open(const struct crypto *crypto, const struct envelope_about *about,
                       const struct bytes *private_key, const struct envelope *envelope,
                       struct attachment *plain, struct fail *why) MUST_USE;
/// Frees and zeroes the parts.
void envelope_clear(struct envelope *envelope);
/// Frees and zeroes an array of attachments' data (not the array).
void attachments_clear(struct attachment *attachments, size_t count);
