// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl doctor: why a kiosk stays closed, and what mends it; what the district has still to set.
// Answers 0 when all is there and whole, 1 when something keeps the kiosk closed, 3 when something
// is to be mended that does not (a demo's modes and owners).
#include "options.h"
#include "kiosk_folder.h"

#include "../kiosk_base.h"
#include "yimen/base/text.h"
#include "yimen/content/pack.h"
#include "yimen/content/service.h"
#include "yimen/driver/system.h"

#include <stdio.h>
#include <string.h>

enum { USAGE = 2, OPENS = 3 };

static void say_of_counter(const struct catalogue *catalogue, const char *code)
{
    const struct counter *counter = catalogue_counter(catalogue, code);
    if (!counter)
        (void)printf("%-14s the content knows no counter %s\n", "TO-BE-SET", code);
    else if (!counter->phone[0])
        (void)printf(
            "%-14s counter %s has no telephone yet: screens and slips name the counter and "
            "12345; write it into counters.json and make a new pack\n",
            "TO-BE-SET", code);
}

// Of the content in force. That there is none is the kiosk's to say when it starts.
static void say_to_be_set(const struct ctl *ctl, const char *folder,
                          const struct kiosk_config *config)
{
    char path[512];
    struct files content;
    struct pack *pack = NULL;
    struct catalogue *catalogue = NULL;
    struct fail why = {0};
    const struct pack_trust trust = {ctl->crypto, config->content_keys, config->content_key_count};
    (void)snprintf(path, sizeof path, "%s/content", folder);
    if (system_files_open(path, &content, &why))
        return;
    if (!pack_open(&content, &trust, 0, &pack, &why) &&
        !catalogue_load(pack_files(pack), &catalogue, &why))
        say_of_counter(catalogue, config->counter);
    catalogue_free(catalogue);
    pack_close(pack);
    system_files_close(&content);
}

int ctl_doctor(const struct ctl *ctl, int argc, char **argv)
{
    static struct kiosk_config config;
    struct base_finding findings[BASE_FINDINGS];
    struct files files;
    struct fail why = {0};
    const char *folder = NULL;
    const struct ctl_option options[] = {{"--kiosk", &folder, NULL, true}};
    if (!ctl_read_options(ctl, argc, argv, options, 1))
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
    else if (!closes)
        (void)puts("The kiosk opens all the same; mend this before it stands anywhere.");
    say_to_be_set(ctl, folder, &config);
    kiosk_config_wipe(&config);
    return closes ? 1 : count ? OPENS : 0;
}
