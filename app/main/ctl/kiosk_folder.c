// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk_folder.h"

#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/outbox/outbox.h"

#include <stdio.h>
#include <string.h>

enum err kiosk_folder_open_store(const struct ctl *ctl, const char *folder, bool read_only,
                                 struct kiosk_store *out, struct fail *why)
{
    struct strbuf path;
    strbuf_init(&path, 4096);
    strbuf_addf(&path, "%s/data/kiosk.db", folder);
    enum err err = strbuf_result(&path, why);
    struct sqlite_kiosk_store_options options = {
        .path = strbuf_text(&path), .crypto = ctl->crypto, .read_only = read_only};
    if (!err)
        err = sqlite_kiosk_store_open(&options, out, why);
    struct when known;
    if (!err && outbox_known_time(out, &known, NULL) == ERR_OK)
        system_clock_trust(ctl->clock, &known); // this machine's battery may be dead
    strbuf_free(&path);
    return err;
}

enum err kiosk_folder_read_secret(const char *folder, const char *path, uint8_t *out, size_t length,
                                  struct fail *why)
{
    struct files files;
    struct strbuf bytes;
    enum err err = system_files_open(folder, &files, why);
    if (err)
        return err;
    strbuf_init(&bytes, length);
    err = files.ops->read(files.self, path, &bytes, why);
    if (!err && bytes.length != length)
        err = fail_set(why, ERR_CORRUPT, "%s has %zu bytes", path, bytes.length);
    if (!err)
        memcpy(out, bytes.data, length);
    strbuf_free(&bytes);
    system_files_close(&files);
    return err;
}

int ctl_failed(const char *task, const struct fail *why)
{
    (void)fprintf(stderr, "yimenctl: %s: %s (%s)\n", task, why->text, err_name(why->err));
    return 1;
}
