// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as kiosk.json, with good keys beside it.
#include "app/main/kiosk_config.h"
#include "fakes/fakes_files.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static bool ends(const char *text, size_t room)
{
    return memchr(text, '\0', room) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const uint8_t zeroes[CRYPTO_SECRET];
    static struct fake_files *kiosk;
    struct kiosk_config *config = calloc(1, sizeof *config);
    if (!kiosk) {
        kiosk = fake_files_new();
        fake_files_put(kiosk, "keys/signing.secret", zeroes, CRYPTO_SECRET);
        fake_files_put(kiosk, "keys/root.secret", zeroes, CRYPTO_KEY);
        fake_files_put(kiosk, "keys/content.pub", zeroes, CRYPTO_PUBLIC);
        fake_files_put(kiosk, "keys/sealing.pem", "pem", 3);
    }
    if (!config)
        abort();
    fake_files_put(kiosk, "kiosk.json", bytes, length);
    if (kiosk_config_read(&kiosk->files, "/kiosk", config, NULL) == ERR_OK &&
        (config->incarnation < 0 || config->incarnation > 9 ||
         !ends(config->counter, sizeof config->counter) ||
         !ends(config->server, sizeof config->server) ||
         !ends(config->public_host, sizeof config->public_host)))
        abort();
    kiosk_config_wipe(config);
    free(config);
    return 0;
}
