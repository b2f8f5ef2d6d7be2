// SPDX-License-Identifier: GPL-3.0-or-later
#include "pack_internal.h"
#include "yimen/base/text.h"

enum err pack_file_read(const struct files *files, const char *folder, const struct pack_file *file,
                        const struct crypto *crypto, struct strbuf *out, struct fail *why)
{
    struct strbuf path, bytes;
    uint8_t digest[CRYPTO_DIGEST_MAX];
    strbuf_init(&path, (size_t)PACK_PATH * 2);
    strbuf_addf(&path, "%s%s", folder, file->path);
    strbuf_init(&bytes, file->size + 1); // one more shows that it is longer
    enum err err = strbuf_result(&path, why);
    if (err == ERR_OK)
        err = files->ops->read(files->self, strbuf_text(&path), &bytes, why);
    if (err == ERR_NOT_FOUND || err == ERR_FULL)
        err =
            fail_set(why, ERR_CORRUPT, "%s: missing, or longer than the manifest says", file->path);
    if (err == ERR_OK) {
        crypto->ops->digest(crypto->self, DIGEST_SHA256, strbuf_text(&bytes), bytes.length, digest);
        if (bytes.length != file->size || !memory_equal(digest, file->sha256, CRYPTO_HASH))
            err = fail_set(why, ERR_CORRUPT, "%s: not the bytes that were signed", file->path);
    }
    if (err == ERR_OK) {
        strbuf_add(out, strbuf_text(&bytes), bytes.length);
        err = strbuf_result(out, why);
    }
    strbuf_free(&bytes);
    strbuf_free(&path);
    return err;
}

enum err pack_check_files(const struct files *files, const struct pack_manifest *manifest,
                          const struct crypto *crypto, struct fail *why)
{
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < manifest->info.file_count; i++) {
        struct strbuf bytes;
        strbuf_init(&bytes, PACK_FILE_BYTES + 1);
        err = pack_file_read(files, "", &manifest->files[i], crypto, &bytes, why);
        strbuf_free(&bytes);
    }
    return err;
}

enum err pack_verify(const struct files *pack, const struct pack_trust *trust,
                     struct pack_info *out, struct fail *why)
{
    struct pack_manifest manifest;
    struct strbuf text, signature;
    strbuf_init(&text, PACK_MANIFEST_BYTES);
    strbuf_init(&signature, PACK_SIGNATURE_BYTES);
    enum err err = pack_manifest_load(pack, trust, &text, &signature, &manifest, why);
    if (err == ERR_OK)
        err = pack_check_files(pack, &manifest, trust->crypto, why);
    if (err == ERR_OK)
        *out = manifest.info;
    pack_manifest_free(&manifest);
    strbuf_free(&signature);
    strbuf_free(&text);
    return err == ERR_OK ? ERR_OK : fail_prefix(why, err, "verifying the pack");
}
