// SPDX-License-Identifier: GPL-3.0-or-later
// What a code reader may read, and what a visitor of the tracking page may ask for.
#include "yimen/case/receipt_number.h"
#include "yimen/case/tracking.h"
#include "yimen/driver/crypto.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const uint8_t key[CRYPTO_PUBLIC] = {1};
    struct crypto crypto;
    struct tracking tracking;
    struct receipt_number parts;
    char number[LIMIT_RECEIPT_NUMBER], hash[TRACKING_HASH_TEXT];
    char *text = calloc(1, length + 1);
    if (!text || sodium_crypto_open(&crypto, NULL) != ERR_OK)
        abort();
    if (length > 0)
        memcpy(text, bytes, length);
    (void)!tracking_token_hash(&crypto, text, hash, NULL);
    (void)!receipt_number_parse(text, &parts, NULL);
    if (tracking_parse(text, &tracking, number, NULL) == ERR_OK) {
        struct tracking again;
        char same[LIMIT_RECEIPT_NUMBER];
        if (tracking_verify(&crypto, key, tracking.token, number, tracking.signature, NULL) ==
            ERR_OK)
            abort(); // nobody holds the secret of that key
        if (tracking_parse(tracking.qr_text, &again, same, NULL) != ERR_OK ||
            strcmp(number, same) != 0)
            abort(); // what it keeps, it reads
    }
    free(text);
    return 0;
}
