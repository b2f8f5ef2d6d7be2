// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/port/crypto.h"
#include "yimen/port/files.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Signed content packs: forms, texts, services and lists, versioned, with an effective date.
///
/// A pack is a folder with manifest.json (product, version, dates, each file with size and SHA-256)
/// and manifest.sig (Ed25519 over the manifest's bytes, domain "yimen/pack/1"). It is verified
/// whole before the first write, written into a folder of its own (releases/<version>), tried
/// there, and only then does the small file `state` name it: at any moment the old or the complete
/// new one is in force. Versions never go back. A pack that is not yet in force waits as "next" and
/// is switched to by `pack_open` when its date has come. Releases stay side by side for
/// PACK_KEEP_DAYS, so that tickets, corrections and held cases open with the version they were
/// begun with (`pack_open_version`, any number at once, beside the one in force).
///
/// Life cycle: `pack_install` when one arrives; `pack_open` -> `pack_files` -> `pack_close` in
/// between; `pack_clean` now and then. Reading through an open pack checks every file against its
/// manifest again. Thread: belongs to its owner; the files it hands out may be read by any thread
/// while it is open.

enum { PACK_VERSION = 32, PACK_KEY_ID = 17, PACK_FILES = 2000 };
/// So long after it went out of force a release still opens, for what was begun with it.
enum { PACK_KEEP_DAYS = 400 };

/// Who may sign: the current key and its successor. Everything is borrowed.
struct pack_trust {
    const struct crypto *crypto;
    const uint8_t (*keys)[CRYPTO_PUBLIC];
    size_t key_count;
};

struct pack_info {
    char version[PACK_VERSION]; ///< numbers with dots, "2026.11.23.1"
    char key_id[PACK_KEY_ID];   ///< first 8 bytes of the key's SHA-256, hexadecimal
    int64_t effective_from_ms;  ///< UTC
    int64_t effective_to_ms;    ///< UTC, 0 = open
    size_t file_count;
    int64_t bytes;
};

/// Asks whether a release is fit to be used; anything but ERR_OK refuses the pack.
typedef enum err pack_trial(void *context, const struct files *release, struct fail *why);

struct pack_install_options {
    struct pack_trust trust;
    int64_t now_utc_ms; ///< 0 = time unknown: the pack waits, unless it is the first
    pack_trial *trial;  ///< beside texts and catalogue, which are always tried; may be NULL
    void *trial_context;
};

/// Signature, manifest and every file. ERR_DENIED: unsigned, or signed by no key of ours.
/// ERR_CORRUPT: changed or cut. ERR_INPUT: bad manifest. ERR_UNSUPPORTED: other product or format.
enum err pack_verify(const struct files *pack, const struct pack_trust *trust,
                     struct pack_info *out, struct fail *why) MUST_USE;
/// Verifies, writes, tries, switches. `content` is the folder of releases. As `pack_verify`, and
/// ERR_CONFLICT: older than what is there (or the same version with another content). ERR_FULL: no
/// room. Installing what is in force already changes nothing.
enum err pack_install(const struct files *pack, const struct files *content,
                      const struct pack_install_options *options, struct pack_info *out,
                      struct fail *why) MUST_USE;

struct pack;
/// The release in force, after switching to the next one if its date has come (`now_utc_ms` 0 =
/// time unknown: no switch). A damaged one gives way to the one before. ERR_NOT_FOUND: nothing
/// installed. `content` and `trust` are borrowed until pack_close.
enum err pack_open(const struct files *content, const struct pack_trust *trust, int64_t now_utc_ms,
                   struct pack **out, struct fail *why) MUST_USE;
/// A certain installed version, whatever is in force and whatever its dates say. ERR_NOT_FOUND: it
/// is not here (never was, or no longer). ERR_INPUT: no version number.
enum err pack_open_version(const struct files *content, const struct pack_trust *trust,
                           const char *version, struct pack **out, struct fail *why) MUST_USE;
/// NULL-safe.
void pack_close(struct pack *pack);
/// Read-only view of the release's files: only what the manifest names, only unchanged bytes.
const struct files *pack_files(const struct pack *pack);
const struct pack_info *pack_about(const struct pack *pack);
/// From when on the release that waits will be in force; 0 = none waits, or it cannot be read.
int64_t pack_next_from(const struct files *content, const struct pack_trust *trust);
/// Every installed version, oldest first, the one that waits included.
enum err pack_versions(const struct files *content,
                       void (*each)(void *context, const char *version), void *context,
                       struct fail *why) MUST_USE;

struct pack_clean_options {
    int64_t now_utc_ms;         ///< 0 = time unknown: nothing is removed
    int64_t oldest_open_utc_ms; ///< when the oldest case was saved that the district does not have
                                ///< yet; 0 = it has all
};
/// Removes the releases that went out of force more than PACK_KEEP_DAYS ago, unless a case from
/// before is still open, and what interrupted installations left. What is in force, was before, or
/// waits, always stays. Can be stopped at any point and done again. Not while installing.
enum err pack_clean(const struct files *content, const struct crypto *crypto,
                    const struct pack_clean_options *options, struct fail *why) MUST_USE;

/// What becomes of one file on its way into a pack: its bytes may be replaced, or it is left out.
typedef enum err pack_prepare(const struct files *source, const char *path, struct strbuf *bytes,
                              bool *leave_out, struct fail *why);

struct pack_build_options {
    const char *version;
    const char *effective_from; ///< "2026-11-23": from that day on, in the district (UTC+8)
    const char *effective_to;   ///< last day, or "" for none
    pack_prepare *prepare;      ///< NULL: every file as it is
};
/// Copies what belongs in a pack from a tree like assets/ (services, counters, forms, i18n,
/// divisions, policies) to `out` and writes its manifest.
enum err pack_build(const struct files *source, const struct files *out,
                    const struct crypto *crypto, const struct pack_build_options *options,
                    struct fail *why) MUST_USE;
/// Writes manifest.sig. `secret_key` as the crypto port made it; its second half is the public key.
enum err pack_sign(const struct files *pack, const struct crypto *crypto,
                   const uint8_t secret_key[CRYPTO_SECRET], struct fail *why) MUST_USE;
/// Name of a key in signatures.
void pack_key_id(const struct crypto *crypto, const uint8_t public_key[CRYPTO_PUBLIC],
                 char out[PACK_KEY_ID]);
