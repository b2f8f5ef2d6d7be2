// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl district rotate-sealing: a new key that kiosks enrolled from now on seal to. The older
// private keys stay behind it in keys/sealing.key, for what is still queued and for backups.
#include "options.h"
#include "../office.h"
#include "commands.h"
#include "demo.h"
#include "kiosk_folder.h"
#include "yimen/driver/system.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USAGE = 2, SETTINGS_BYTES = 64 << 10 };

// Last, so that a cut before it leaves a name that the kiosks enrolled so far know.
static enum err name_key(const struct files *files, const char *id, struct fail *why)
{
    struct strbuf text;
    json_error_t error;
    strbuf_init(&text, SETTINGS_BYTES);
    enum err err = files->ops->read(files->self, "district.json", &text, why);
    json_t *settings = err ? NULL : json_loadb(strbuf_text(&text), text.length, 0, &error);
    if (!err &&
        (!settings || json_object_set_new(settings, "sealing_key_id", json_string(id)) != 0))
        err = fail_set(why, ERR_TECHNICIAN, "district.json cannot be read");
    char *written = err ? NULL : json_dumps(settings, JSON_INDENT(2));
    if (!err && !written)
        err = fail_set(why, ERR_RETRY, "out of memory");
    if (!err)
        err = files->ops->write(files->self, "district.json", written, strlen(written), false, why);
    free(written);
    json_decref(settings);
    strbuf_free(&text);
    return err;
}

int ctl_district_rotate(const struct ctl *ctl, int argc, char **argv)
{
    const char *folder = NULL;
    const struct ctl_option options[] = {{"--district", &folder, NULL, true}};
    if (!ctl_read_options(ctl, argc, argv, options, sizeof options / sizeof *options))
        return USAGE;
    struct files files;
    struct fail why = {0};
    char id[40] = "";
    enum err err = system_files_open(folder, &files, &why);
    if (err)
        return ctl_failed("district rotate-sealing", &why);
    err = provision_sealing_key(ctl, &files, id, &why);
    if (!err)
        err = name_key(&files, id, &why);
    system_files_close(&files);
    if (err)
        return ctl_failed("district rotate-sealing", &why);
    (void)printf("%s\n", id);
    return 0;
}
