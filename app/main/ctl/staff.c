// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl staff add: an account on a kiosk, or a new PIN for one, which also ends a lock-out. The
// PIN comes from standard input, so that it stands in no process list and no shell history.
#include "options.h"
#include "kiosk_folder.h"

#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"
#include "yimen/staff/staff.h"

#include <stdio.h>
#include <string.h>

enum { USAGE = 2, PIN_LINE = 64 };

struct account {
    const char *folder, *number, *role;
    bool replace;
};

static enum err add(const struct ctl *ctl, const struct account *account, const char *pin,
                    struct fail *why)
{
    uint8_t root[CRYPTO_KEY];
    struct kiosk_store store;
    struct staff staff;
    enum err err = kiosk_folder_open_store(ctl, account->folder, false, &store, why);
    if (err)
        return err;
    err = kiosk_folder_read_secret(account->folder, "keys/root.secret", root, sizeof root, why);
    if (!err) {
        staff_begin(&staff, &store, ctl->crypto, ctl->clock, root);
        err = staff_add(&staff, account->number, account->role, pin, account->replace, why);
        memory_wipe(&staff, sizeof staff);
    }
    memory_wipe(root, sizeof root);
    sqlite_kiosk_store_close(&store);
    return err;
}

int ctl_staff_add(const struct ctl *ctl, int argc, char **argv)
{
    struct account account = {0};
    const struct ctl_option options[] = {{"--kiosk", &account.folder, NULL, true},
                                         {"--number", &account.number, NULL, true},
                                         {"--role", &account.role, NULL, true},
                                         {"--replace", NULL, &account.replace, false}};
    if (!ctl_read_options(ctl, argc, argv, options, sizeof options / sizeof *options))
        return USAGE;
    char pin[PIN_LINE] = "";
    if (!fgets(pin, sizeof pin, stdin)) {
        return ctl_misused(ctl);
    }
    pin[strcspn(pin, "\r\n")] = '\0';
    struct fail why = {0};
    enum err err = add(ctl, &account, pin, &why);
    memory_wipe(pin, sizeof pin);
    if (err)
        return ctl_failed("staff add", &why);
    (void)printf("%s %s\n", account.role, account.number);
    return 0;
}
