// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl audit verify: walks a kiosk's chain and names the first entry that was changed, removed
// or moved.
#include "kiosk_folder.h"

#include "yimen/audit/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"

#include <stdio.h>

enum { USAGE = 2 };

static const char usage[] = "usage: yimenctl audit verify --kiosk DIR\n"
                            "Exit code 1 when the chain is broken.\n";

static enum err verify(const struct ctl *ctl, const char *folder, struct audit_check *check,
                       struct fail *why)
{
    struct kiosk_store store;
    uint8_t secret[CRYPTO_SECRET];
    enum err err = kiosk_folder_open_store(ctl, folder, true, &store, why);
    if (err)
        return err;
    err = kiosk_folder_read_secret(folder, "keys/signing.secret", secret, sizeof secret, why);
    const struct audit_log log = {
        .store = &store, .crypto = ctl->crypto, .clock = ctl->clock, .signing_secret = secret};
    if (!err)
        err = audit_log_verify(&log, check, why);
    memory_wipe(secret, sizeof secret);
    sqlite_kiosk_store_close(&store);
    return err;
}

int ctl_audit_verify(const struct ctl *ctl, int argc, char **argv)
{
    const char *folder = NULL;
    const struct ctl_option options[] = {{"--kiosk", &folder, NULL, true}};
    if (!ctl_read_options(argc, argv, options, sizeof options / sizeof *options, usage))
        return USAGE;
    struct audit_check check;
    struct fail why = {0};
    if (verify(ctl, folder, &check, &why) != ERR_OK)
        return ctl_failed("audit verify", &why);
    (void)printf("%lld entries, head ", (long long)check.next_sequence - 1);
    for (int at = 0; at < AUDIT_HASH; at++)
        (void)printf("%02x", check.head[at]);
    (void)putchar('\n');
    return 0;
}
