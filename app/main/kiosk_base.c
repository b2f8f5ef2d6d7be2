// SPDX-License-Identifier: GPL-3.0-or-later
// What has to stand before a kiosk may take a case.
#include "kiosk_base.h"

#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"
#include "yimen/outbox/outbox.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOR_OTHERS = 077, WRITABLE_BY_OTHERS = 022, RSA_BYTES = 1024 };

struct look {
    const char *folder;
    const struct kiosk_config *config;
    const struct crypto *crypto;
    uid_t owner; ///< whose everything has to be
    struct base_finding *out;
    size_t count;
};

static void find(struct look *look, const char *code, bool allowed_in_demo, const char *format, ...)
    PRINTF_LIKE(4, 5);

static void find(struct look *look, const char *code, bool allowed_in_demo, const char *format, ...)
{
    if (look->count == BASE_FINDINGS)
        return;
    struct base_finding *finding = &look->out[look->count++];
    va_list arguments;
    *finding = (struct base_finding){.allowed_in_demo = allowed_in_demo};
    text_copy(finding->code, sizeof finding->code, code);
    va_start(arguments, format);
    (void)vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
}

// ------------------------------------------------------------------ whose, and who may

static void look_at_file(struct look *look, const char *name, unsigned forbidden)
{
    char path[512];
    struct stat about;
    if (snprintf(path, sizeof path, "%s/%s", look->folder, name) >= (int)sizeof path ||
        lstat(path, &about) != 0)
        return; // that it is missing is said where it is read
    if (S_ISLNK(about.st_mode))
        find(look, "KEYS-OPEN", true, "%s is a link: put the file itself there", name);
    else if (about.st_mode & forbidden && forbidden == FOR_OTHERS)
        find(look, "KEYS-OPEN", true, "%s is open to others (mode %04o): chmod 600 %s", name,
             about.st_mode & 07777, path);
    else if (about.st_mode & forbidden)
        find(look, "KEYS-LOOSE", true, "%s can be changed by others (mode %04o): chmod go-w %s",
             name, about.st_mode & 07777, path);
    if (about.st_uid != look->owner)
        find(look, "KEYS-OWNER", true, "%s belongs to user %u, not to %u: chown it", name,
             (unsigned)about.st_uid, (unsigned)look->owner);
}

static void look_at_modes(struct look *look)
{
    static const struct {
        const char *name;
        unsigned forbidden;
    } things[] = {{".", WRITABLE_BY_OTHERS},
                  {"keys", WRITABLE_BY_OTHERS},
                  {"data", WRITABLE_BY_OTHERS},
                  {"kiosk.json", WRITABLE_BY_OTHERS},
                  {"keys/ca.crt", WRITABLE_BY_OTHERS},
                  {"keys/content.pub", WRITABLE_BY_OTHERS},
                  {"keys/district.pub", WRITABLE_BY_OTHERS},
                  {"keys/sealing.pem", WRITABLE_BY_OTHERS},
                  {"keys/device.key", FOR_OTHERS},
                  {"keys/signing.secret", FOR_OTHERS},
                  {"keys/root.secret", FOR_OTHERS},
                  {"keys/server.password", FOR_OTHERS},
                  {"data/kiosk.db", FOR_OTHERS}};
    for (size_t i = 0; i < sizeof things / sizeof things[0]; i++)
        look_at_file(look, things[i].name, things[i].forbidden);
}

// ------------------------------------------------------------------ the store

// Enrolled here, or used before stores were marked at enrolment. What cannot be read says neither.
static enum err was_begun(const struct kiosk_store *store, bool *out, struct fail *why)
{
    struct when known;
    struct store_counts counts = {0};
    int64_t sequence = 0;
    uint8_t hash[STORE_HASH];
    enum err err = outbox_known_time(store, &known, why);
    *out = err == ERR_OK;
    if (err != ERR_NOT_FOUND)
        return err;
    err = store->ops->audit_head(store->self, &sequence, hash, why);
    if (!err)
        err = store->ops->counts(store->self, &counts, why);
    *out = sequence > 0 || counts.unsent + counts.received > 0;
    return err;
}

static void look_at_store(struct look *look)
{
    static const char mend[] = "put the store of the last backup of this device there, or enroll "
                               "the kiosk again (its cases are then the district's to look for)";
    struct sqlite_kiosk_store_options options = {
        .path = look->config->store_file, .crypto = look->crypto, .read_only = true};
    struct kiosk_store store = {0};
    struct fail why = {0};
    struct stat about;
    bool begun = false;
    bool is_there = stat(look->config->store_file, &about) == 0;
    bool is_gone = !is_there && errno == ENOENT;
    enum err err = is_there ? sqlite_kiosk_store_open(&options, &store, &why)
                            : fail_set(&why, ERR_TECHNICIAN, "%s", strerror(errno));
    bool is_open = !err;
    if (!err)
        err = was_begun(&store, &begun, &why);
    if (is_gone)
        find(look, "STORE-MISSING", false, "data/kiosk.db is gone: %s", mend);
    else if (is_there && about.st_size == 0)
        find(look, "STORE-EMPTY", false, "data/kiosk.db is empty: %s", mend);
    else if (err)
        find(look, "STORE-DAMAGED", false, "data/kiosk.db: %.120s: %s", why.text, mend);
    else if (!begun)
        find(look, "STORE-EMPTY", false, "data/kiosk.db was never enrolled: %s", mend);
    if (is_open)
        sqlite_kiosk_store_close(&store);
}

// ------------------------------------------------------------------ the sealing key

// A trial is the only question that says whether a case could be sealed to it.
static void look_at_sealing_key(struct look *look)
{
    const struct strbuf *key = &look->config->sealing_key;
    const struct crypto *crypto = look->crypto;
    static const uint8_t sample[CRYPTO_KEY] = {1};
    struct strbuf sealed;
    struct fail why = {0};
    if (look->config->openrosa_only)
        return;
    strbuf_init(&sealed, RSA_BYTES);
    enum err err = key->length ? crypto->ops->rsa_encrypt(crypto->self, key->data, key->length,
                                                          sample, sizeof sample, &sealed, &why)
                               : fail_set(&why, ERR_NOT_FOUND, "it is missing");
    if (err)
        find(look, "SEALING-KEY", false,
             "keys/sealing.pem: %.120s: fetch it from the district (yimenctl enroll)", why.text);
    strbuf_free(&sealed);
}

// ------------------------------------------------------------------ the secrets

static void look_at_secrets(struct look *look)
{
    static const char mend[] = "put the one of the last backup of this device there, or enroll the "
                               "kiosk again";
    const struct crypto *crypto = look->crypto;
    const struct kiosk_config *config = look->config;
    uint8_t signature[CRYPTO_SIGNATURE];
    for (size_t i = 0; i < config->fault_count; i++)
        find(look, "KEYS-BROKEN", false, "%.160s: %s", config->faults[i], mend);
    if (config->fault_count)
        return;
    // The second half is the public key: what is no pair signs what nobody can check.
    const uint8_t *public_key = config->signing_secret + CRYPTO_SECRET - CRYPTO_PUBLIC;
    if (crypto->ops->sign(crypto->self, config->signing_secret, "yimen/doctor/1", "x", 1,
                          signature) ||
        crypto->ops->verify(crypto->self, public_key, "yimen/doctor/1", "x", 1, signature))
        find(look, "KEYS-BROKEN", false, "keys/signing.secret is no signing key: %s", mend);
}

size_t kiosk_base_check(const char *folder, const struct kiosk_config *config,
                        const struct crypto *crypto, bool as_kiosk,
                        struct base_finding out[BASE_FINDINGS])
{
    struct stat about;
    bool is_there = stat(folder, &about) == 0;
    struct look look = {.folder = folder,
                        .config = config,
                        .crypto = crypto,
                        .owner = as_kiosk || !is_there ? geteuid() : about.st_uid,
                        .out = out};
    look_at_secrets(&look);
    look_at_store(&look);
    look_at_sealing_key(&look);
    look_at_modes(&look);
    return look.count;
}

const struct base_finding *kiosk_base_closes(const struct kiosk_config *config,
                                             const struct base_finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(config->demo && findings[i].allowed_in_demo))
            return &findings[i];
    return NULL;
}
