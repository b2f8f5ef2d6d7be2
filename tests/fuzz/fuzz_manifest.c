// SPDX-License-Identifier: GPL-3.0-or-later
// What a stranger may post as xml_submission_file: reading, checking and writing it again.
#include "yimen/case/manifest.h"
#include "yimen/driver/crypto.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct crypto crypto;
    struct manifest *manifest = malloc(sizeof *manifest);
    static const uint8_t key[CRYPTO_PUBLIC] = {1};
    struct strbuf again;
    if (!manifest || sodium_crypto_open(&crypto, NULL) != ERR_OK)
        abort();
    if (manifest_read(bytes, length, manifest, NULL) == ERR_OK) {
        strbuf_init(&again, 4 * LIMIT_MANIFEST);
        if (seal_verify(&crypto, key, manifest, NULL) == ERR_OK)
            abort(); // nobody holds the secret of that key
        if (manifest_write(manifest, &again, NULL) == ERR_OK &&
            manifest_read(again.data, again.length, manifest, NULL) != ERR_OK)
            abort(); // what we write, we read
        strbuf_free(&again);
    }
    free(manifest);
    return 0;
}
