// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl audit verify: walks a kiosk's chain and names the first entry that was changed, removed
// or moved; against a head that left the kiosk (a day report, the district's list) that holds for
// whoever has the kiosk's own key, too. audit export: every entry with its hash, and the head.
#include "options.h"
#include "kiosk_folder.h"

#include "yimen/audit/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"

#include <stdio.h>
#include <string.h>

enum { USAGE = 2, HEAD_FILE = 1 << 16 };

struct chain {
    const struct ctl *ctl;
    struct kiosk_store store;
    struct audit_log log;
    uint8_t secret[CRYPTO_SECRET];
};

static enum err chain_open(struct chain *chain, const struct ctl *ctl, const char *folder,
                           struct fail *why)
{
    *chain = (struct chain){.ctl = ctl};
    enum err err = kiosk_folder_open_store(ctl, folder, true, &chain->store, why);
    if (err)
        return err;
    chain->log = (struct audit_log){.store = &chain->store,
                                    .crypto = ctl->crypto,
                                    .clock = ctl->clock,
                                    .signing_secret = chain->secret};
    return kiosk_folder_read_secret(folder, "keys/signing.secret", chain->secret,
                                    sizeof chain->secret, why);
}

static void chain_close(struct chain *chain)
{
    memory_wipe(chain->secret, sizeof chain->secret);
    if (chain->store.ops)
        sqlite_kiosk_store_close(&chain->store);
}

// A head as text, or the name of a file that has one in it.
static enum err read_head(const char *text, struct audit_head *out, struct fail *why)
{
    struct files files;
    struct strbuf content;
    if (audit_head_parse(text, out, NULL) == ERR_OK)
        return ERR_OK;
    const char *slash = strrchr(text, '/'), *name = slash ? slash + 1 : text;
    char folder[1024] = ".";
    if (slash)
        (void)snprintf(folder, sizeof folder, "%.*s", slash == text ? 1 : (int)(slash - text),
                       text);
    enum err err = system_files_open(folder, &files, why);
    if (err)
        return err;
    strbuf_init(&content, HEAD_FILE);
    err = files.ops->read(files.self, name, &content, why);
    if (!err)
        err = audit_head_parse(strbuf_text(&content), out, why);
    strbuf_free(&content);
    system_files_close(&files);
    return err;
}

static enum err verify(struct chain *chain, const char *text, struct audit_check *check,
                       struct audit_head *head, struct fail *why)
{
    const uint8_t *public_key = chain->secret + CRYPTO_SECRET - CRYPTO_PUBLIC;
    enum err err =
        text ? read_head(text, head, why) : audit_log_last_exported(&chain->log, head, why);
    if (err == ERR_NOT_FOUND && !text) {
        *head = (struct audit_head){0};
        return audit_log_verify(&chain->log, check, why);
    }
    if (!err)
        err = audit_head_check(chain->ctl->crypto, public_key, head, why);
    return err ? err : audit_log_verify_from(&chain->log, head, check, why);
}

static void print_result(const struct audit_check *check, const struct audit_head *head,
                         const char *text)
{
    char hash[2 * AUDIT_HASH + 1];
    long long entries = (long long)check->next_sequence - 1, outside = (long long)head->sequence;
    audit_hex(check->head, AUDIT_HASH, hash);
    (void)printf("%lld entries, head %s\n", entries, hash);
    if (outside == 0)
        (void)printf("no head is known outside the kiosk: all of it rests on the device key "
                     "alone\n");
    else
        (void)printf("unchanged up to entry %lld, %s; %lld entries after it rest on the device "
                     "key alone\n",
                     outside,
                     text ? "whose head was given"
                          : "the last head the kiosk says it told the district",
                     entries - outside);
}

int ctl_audit_verify(const struct ctl *ctl, int argc, char **argv)
{
    const char *folder = NULL, *text = NULL;
    const struct ctl_option options[] = {{"--kiosk", &folder, NULL, true},
                                         {"--head", &text, NULL, false}};
    if (!ctl_read_options(ctl, argc, argv, options, sizeof options / sizeof *options))
        return USAGE;
    struct chain chain;
    struct audit_check check;
    struct audit_head head;
    struct fail why = {0};
    enum err err = chain_open(&chain, ctl, folder, &why);
    if (!err)
        err = verify(&chain, text, &check, &head, &why);
    chain_close(&chain);
    if (err)
        return ctl_failed("audit verify", &why);
    print_result(&check, &head, text);
    return 0;
}

static enum err print_entry(void *context, int64_t sequence, const char *line, size_t length,
                            const uint8_t hash[STORE_HASH], struct fail *why)
{
    char text[2 * AUDIT_HASH + 1];
    (void)context, (void)sequence, (void)why;
    audit_hex(hash, AUDIT_HASH, text);
    (void)printf("%.*s\t%s\n", (int)length, line, text);
    return ERR_OK;
}

int ctl_audit_export(const struct ctl *ctl, int argc, char **argv)
{
    const char *folder = NULL;
    const struct ctl_option options[] = {{"--kiosk", &folder, NULL, true}};
    if (!ctl_read_options(ctl, argc, argv, options, sizeof options / sizeof *options))
        return USAGE;
    struct chain chain;
    struct audit_check check;
    struct audit_head head;
    char text[AUDIT_HEAD_TEXT];
    struct fail why = {0};
    enum err err = chain_open(&chain, ctl, folder, &why);
    if (!err)
        err = audit_log_verify(&chain.log, &check, &why);
    if (!err)
        err = chain.store.ops->audit_walk(chain.store.self, print_entry, NULL, &why);
    if (!err)
        err = audit_log_head(&chain.log, &head, &why);
    chain_close(&chain);
    if (err)
        return ctl_failed("audit export", &why);
    audit_head_format(&head, text);
    (void)puts(text);
    return 0;
}
