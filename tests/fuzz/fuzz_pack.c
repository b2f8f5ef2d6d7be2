// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a content pack's manifest: unsigned, so refused; and signed by us, so that the
// reading behind the signature is reached, too. A manifest never names a file outside its folder.
#include "fakes/fakes_files.h"
#include "yimen/base/text.h"
#include "yimen/content/pack.h"
#include "yimen/driver/crypto.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const uint8_t strange[CRYPTO_PUBLIC] = {1};
    static uint8_t keys[1][CRYPTO_PUBLIC], secret[CRYPTO_SECRET];
    static bool made;
    struct crypto crypto;
    if (sodium_crypto_open(&crypto, NULL) != ERR_OK)
        abort();
    if (!made)
        crypto.ops->sign_keypair(crypto.self, keys[0], secret);
    made = true;
    struct pack_trust trust = {.crypto = &crypto, .keys = keys, .key_count = 1};
    struct pack_info info;
    struct fake_files *pack = fake_files_new();
    fake_files_put(pack, "manifest.json", bytes, length);
    fake_files_put(pack, "a.json", "{}", 2);
    fake_files_put(pack, "manifest.sig", bytes, length);
    if (pack_verify(&pack->files, &trust, &info, NULL) == ERR_OK)
        abort();
    fake_files_remove(pack, "manifest.sig");
    if (pack_sign(&pack->files, &crypto, secret, NULL) == ERR_OK) {
        struct pack_trust other = {.crypto = &crypto, .keys = &strange, .key_count = 1};
        struct fake_files *content = fake_files_new();
        struct pack_install_options options = {.trust = trust, .now_utc_ms = 1795398000000};
        if (pack_verify(&pack->files, &other, &info, NULL) == ERR_OK)
            abort();
        enum err good = pack_verify(&pack->files, &trust, &info, NULL);
        enum err installed = pack_install(&pack->files, &content->files, &options, &info, NULL);
        if (good != ERR_OK && (installed == ERR_OK || content->count > 0))
            abort(); // what does not verify leaves nothing behind
        for (size_t i = 0; i < content->count; i++)
            if (strstr(content->entries[i].path, "..") || content->entries[i].path[0] == '/')
                abort();
        fake_files_free(content);
    }
    fake_files_free(pack);
    return 0;
}
