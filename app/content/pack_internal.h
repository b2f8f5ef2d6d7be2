// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/base/limits.h"
#include "yimen/content/pack.h"
#include <stdbool.h>

enum {
    PACK_FORMAT = 1,
    PACK_SUITE = 1,
    PACK_PATH = LIMIT_PACK_PATH,
    PACK_MANIFEST_BYTES = 1 << 20,
    PACK_SIGNATURE_BYTES = 1024,
    PACK_STATE_BYTES = 1024,
    PACK_FILE_BYTES = 64 << 20, ///< one file: the longest external list
};

#define PACK_MANIFEST "manifest.json"
#define PACK_SIGNATURE "manifest.sig"
#define PACK_DOMAIN "yimen/pack/1"
#define PACK_PRODUCT "yimen"

struct pack_file {
    const char *path;
    size_t size;
    uint8_t sha256[CRYPTO_HASH];
};

/// A manifest taken apart; strings and files live in the arena. Files are sorted by path.
struct pack_manifest {
    struct pack_info info;
    struct pack_file *files;
    struct arena *arena;
};

/// Checks the signature over the manifest's bytes, then reads it. `*text` (initialised by the
/// caller) gets the bytes as they stand. Free with pack_manifest_free also after a failure.
enum err pack_manifest_load(const struct files *files, const struct pack_trust *trust,
                            struct strbuf *text, struct strbuf *signature,
                            struct pack_manifest *out, struct fail *why) MUST_USE;
void pack_manifest_free(struct pack_manifest *manifest);
/// NULL when the pack has no such file.
const struct pack_file *pack_manifest_file(const struct pack_manifest *manifest, const char *path);
/// Plain relative path: letters, digits, ".", "_", "-"; no part begins with a dot.
bool pack_path_is_good(const char *path);
bool pack_version_is_good(const char *version);
/// <0, 0, >0 by the numbers between the dots.
int pack_version_compare(const char *a, const char *b);

/// Reads one file and compares size and hash. ERR_CORRUPT when they differ or it is not there.
enum err pack_file_read(const struct files *files, const char *folder, const struct pack_file *file,
                        const struct crypto *crypto, struct strbuf *out, struct fail *why) MUST_USE;
/// Every file of the manifest.
enum err pack_check_files(const struct files *files, const struct pack_manifest *manifest,
                          const struct crypto *crypto, struct fail *why) MUST_USE;

/// Every file of an installed release, read back through its view.
enum err pack_check_release(struct pack *pack, struct fail *why) MUST_USE;

/// Which releases there are; "" where there is none.
struct pack_state {
    char current[PACK_VERSION], previous[PACK_VERSION], next[PACK_VERSION];
};
/// A missing file is a new device (all empty); a damaged one is ERR_CORRUPT, never a new device.
enum err pack_state_read(const struct files *content, const struct crypto *crypto,
                         struct pack_state *out, struct fail *why) MUST_USE;
enum err pack_state_write(const struct files *content, const struct crypto *crypto,
                          const struct pack_state *state, struct fail *why) MUST_USE;
