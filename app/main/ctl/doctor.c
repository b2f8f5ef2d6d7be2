// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl doctor: why a kiosk stays closed, and what mends it.
#include "kiosk_folder.h"

#include "../kiosk_base.h"
#include "yimen/driver/system.h"

#include <stdio.h>
#include <string.h>

enum { USAGE = 2 };

int ctl_doctor(const struct ctl *ctl, int argc, char **argv)
{
    static struct kiosk_config config;
    struct base_finding findings[BASE_FINDINGS];
    struct files files;
    struct fail why = {0};
    const char *folder = NULL;
    const struct ctl_option options[] = {{"--kiosk", &folder, NULL, true}};
    if (!ctl_read_options(argc, argv, options, 1, "usage: yimenctl doctor --kiosk DIR\n"))
        return USAGE;
    enum err err = system_files_open(folder, &files, &why);
    if (err)
        return ctl_failed("doctor", &why);
    err = kiosk_config_look(&files, folder, &config, &why);
    system_files_close(&files);
    if (err)
        return ctl_failed("doctor", &why);
    size_t count = kiosk_base_check(folder, &config, ctl->crypto, false, findings);
    const struct base_finding *closes = kiosk_base_closes(&config, findings, count);
    for (size_t i = 0; i < count; i++)
        (void)printf("%-14s %s%s\n", findings[i].code,
                     config.demo && findings[i].allowed_in_demo ? "(a demo opens with it) " : "",
                     findings[i].text);
    if (count == 0)
        (void)puts("What provisioning made is there and whole.");
    kiosk_config_wipe(&config);
    return closes ? 1 : 0;
}
