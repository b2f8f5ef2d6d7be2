// SPDX-License-Identifier: GPL-3.0-or-later
// What provisioning made is broken in every way, one at a time: the kiosk stays closed, and says
// why.
#include "app/main/kiosk_base.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite.h"
#include "yimen/outbox/outbox.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct base {
    char folder[64];
    struct crypto crypto;
    struct kiosk_config config;
    struct strbuf private_key;
    struct base_finding findings[BASE_FINDINGS];
};

static const char *path_of(const struct base *base, const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", base->folder, name);
    return path;
}

static void put(const struct base *base, const char *name, mode_t mode)
{
    int file = open(path_of(base, name), O_CREAT | O_WRONLY | O_TRUNC, mode);
    assert_true(file >= 0);
    assert_int_equal(write(file, "x", 1), 1);
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
}

static void make_store(struct base *base, bool enrolled)
{
    struct sqlite_kiosk_store_options options = {.path = base->config.store_file,
                                                 .crypto = &base->crypto};
    struct when now = {.utc_ms = 1795449600000,
                       .boot_id = "11111111-1111-1111-1111-111111111111",
                       .quality = TIME_DISTRICT};
    struct kiosk_store store;
    assert_int_equal(sqlite_kiosk_store_open(&options, &store, NULL), ERR_OK);
    if (enrolled)
        assert_int_equal(outbox_set_known_time(&store, &now, NULL), ERR_OK);
    sqlite_kiosk_store_close(&store);
}

static int set_up(void **state)
{
    static const char *const secrets[] = {"keys/device.key", "keys/signing.secret",
                                          "keys/root.secret"};
    static const char *const open_files[] = {"kiosk.json", "keys/ca.crt", "keys/content.pub",
                                             "keys/district.pub", "keys/sealing.pem"};
    struct base *base = calloc(1, sizeof *base);
    text_copy(base->folder, sizeof base->folder, "/tmp/yimen-base-XXXXXX");
    assert_non_null(mkdtemp(base->folder));
    assert_int_equal(mkdir(path_of(base, "keys"), 0755), 0);
    assert_int_equal(mkdir(path_of(base, "data"), 0755), 0);
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        put(base, secrets[i], 0600);
    for (size_t i = 0; i < sizeof open_files / sizeof open_files[0]; i++)
        put(base, open_files[i], 0644);
    assert_int_equal(sodium_crypto_open(&base->crypto, NULL), ERR_OK);
    uint8_t public_key[CRYPTO_PUBLIC];
    base->crypto.ops->sign_keypair(base->crypto.self, public_key, base->config.signing_secret);
    strbuf_init(&base->private_key, 8192);
    strbuf_init(&base->config.sealing_key, CONFIG_KEY_BYTES);
    assert_int_equal(
        certificate_make_sealing_key(2048, &base->private_key, &base->config.sealing_key, NULL),
        ERR_OK);
    text_copy(base->config.store_file, sizeof base->config.store_file,
              path_of(base, "data/kiosk.db"));
    make_store(base, true);
    *state = base;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {
        "data/kiosk.db",        "data/kiosk.db-wal", "data/kiosk.db-shm", "data/reserve",
        "keys/device.key",      "keys/root.secret",  "keys/ca.crt",       "keys/signing.secret",
        "keys/content.pub",     "keys/district.pub", "keys/sealing.pem",  "kiosk.json",
        "data/kiosk.db.reserve"};
    struct base *base = *state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(path_of(base, names[i]));
    rmdir(path_of(base, "keys"));
    rmdir(path_of(base, "data"));
    rmdir(base->folder);
    strbuf_free(&base->private_key);
    strbuf_free(&base->config.sealing_key);
    free(base);
    return 0;
}

// The code that keeps it closed; "" when it may open.
static const char *closed_by(struct base *base)
{
    size_t count =
        kiosk_base_check(base->folder, &base->config, &base->crypto, true, base->findings);
    const struct base_finding *closes = kiosk_base_closes(&base->config, base->findings, count);
    return closes ? closes->code : "";
}

static void a_whole_kiosk_opens(void **state)
{
    assert_string_equal(closed_by(*state), "");
}

static void a_store_that_is_gone_is_not_made_anew(void **state)
{
    struct base *base = *state;
    struct stat about;
    assert_int_equal(unlink(base->config.store_file), 0);
    assert_string_equal(closed_by(base), "STORE-MISSING");
    assert_int_not_equal(stat(base->config.store_file, &about), 0); // looking makes nothing
    base->config.demo = true;
    assert_string_equal(closed_by(base), "STORE-MISSING");
}

static void an_empty_store_is_told_from_a_new_one(void **state)
{
    struct base *base = *state;
    assert_int_equal(truncate(base->config.store_file, 0), 0);
    assert_string_equal(closed_by(base), "STORE-EMPTY");
    assert_int_equal(unlink(base->config.store_file), 0);
    make_store(base, false); // what an earlier program made in silence
    assert_string_equal(closed_by(base), "STORE-EMPTY");
}

static void what_is_no_store_is_damaged(void **state)
{
    struct base *base = *state;
    put(base, "data/kiosk.db", 0600);
    assert_string_equal(closed_by(base), "STORE-DAMAGED");
}

static void a_store_that_was_cut_is_damaged_and_not_called_new(void **state)
{
    struct base *base = *state;
    assert_int_equal(truncate(base->config.store_file, 3000), 0);
    assert_string_equal(closed_by(base), "STORE-DAMAGED");
}

static void a_broken_sealing_key_is_found_before_the_first_visit(void **state)
{
    struct base *base = *state;
    base->config.sealing_key.length /= 2;
    base->config.sealing_key.data[base->config.sealing_key.length] = '\0';
    assert_string_equal(closed_by(base), "SEALING-KEY");
    strbuf_clear(&base->config.sealing_key);
    assert_string_equal(closed_by(base), "SEALING-KEY");
    base->config.openrosa_only = true; // each form has its own
    assert_string_equal(closed_by(base), "");
}

// Without a word at the screen nobody would know why it is dark.
static void a_broken_secret_keeps_it_closed(void **state)
{
    struct base *base = *state;
    base->config.signing_secret[CRYPTO_SECRET - 1] ^= 1; // of two halves that are no pair
    assert_string_equal(closed_by(base), "KEYS-BROKEN");
    base->config.demo = true;
    assert_string_equal(closed_by(base), "KEYS-BROKEN");
    base->config.signing_secret[CRYPTO_SECRET - 1] ^= 1;
    assert_string_equal(closed_by(base), "");
    base->config.fault_count = 1;
    text_copy(base->config.faults[0], sizeof base->config.faults[0],
              "keys/root.secret: 3 bytes instead of 32");
    assert_string_equal(closed_by(base), "KEYS-BROKEN");
    assert_non_null(strstr(base->findings[0].text, "3 bytes instead of 32"));
}

static void secrets_that_others_may_read_refuse_a_production_start(void **state)
{
    static const struct {
        const char *name;
        mode_t bad, good;
        const char *code, *mend;
    } table[] = {
        {"keys/root.secret", 0644, 0600, "KEYS-OPEN", "chmod 600"},
        {"keys/signing.secret", 0640, 0600, "KEYS-OPEN", "chmod 600"},
        {"keys/device.key", 0604, 0600, "KEYS-OPEN", "chmod 600"},
        {"data/kiosk.db", 0644, 0600, "KEYS-OPEN", "chmod 600"},
        {"keys", 0777, 0755, "KEYS-LOOSE", "chmod go-w"},
        {"data", 0775, 0755, "KEYS-LOOSE", "chmod go-w"},
        {"keys/sealing.pem", 0666, 0644, "KEYS-LOOSE", "chmod go-w"}, // anybody may read it
        {"kiosk.json", 0662, 0644, "KEYS-LOOSE", "chmod go-w"}};
    struct base *base = *state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(chmod(path_of(base, table[i].name), table[i].bad), 0);
        assert_string_equal(closed_by(base), table[i].code);
        assert_non_null(strstr(base->findings[0].text, table[i].name));
        assert_non_null(strstr(base->findings[0].text, table[i].mend));
        base->config.demo = true;
        assert_string_equal(closed_by(base), "");
        base->config.demo = false;
        assert_int_equal(chmod(path_of(base, table[i].name), table[i].good), 0);
    }
    assert_string_equal(closed_by(base), "");
}

static void another_owner_is_found(void **state)
{
    struct base *base = *state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(path_of(base, "keys/root.secret"), 12345, 0), 0);
    assert_string_equal(closed_by(base), "KEYS-OWNER");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_whole_kiosk_opens),
        TEST(a_store_that_is_gone_is_not_made_anew),
        TEST(an_empty_store_is_told_from_a_new_one),
        TEST(what_is_no_store_is_damaged),
        TEST(a_store_that_was_cut_is_damaged_and_not_called_new),
        TEST(a_broken_sealing_key_is_found_before_the_first_visit),
        TEST(a_broken_secret_keeps_it_closed),
        TEST(secrets_that_others_may_read_refuse_a_production_start),
        TEST(another_owner_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
