// SPDX-License-Identifier: GPL-3.0-or-later
// The stores on a disk that fails at each single change: what was acknowledged is there after the
// next power cut, and nothing is there by half. And the simulation's chance repeats.
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/crypto_seed.h"
#include "yimen/driver/sim_disk.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/sqlite_district.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DISK_BYTES = 64 << 20, CHANGES = 40, WRITES = 12, VALUE = 3000 };

static const char disk_name[] = "tested";

struct rig {
    struct crypto crypto;
    struct sim_disk *disk;
    struct kiosk_store store;
};

static void open_store(struct rig *rig)
{
    struct fail why = {0};
    struct sqlite_kiosk_store_options options = {
        .path = "kiosk.db", .vfs = disk_name, .crypto = &rig->crypto};
    if (sqlite_kiosk_store_open(&options, &rig->store, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

static void begin(struct rig *rig, uint64_t seed)
{
    assert_int_equal(sodium_crypto_open(&rig->crypto, NULL), ERR_OK);
    assert_int_equal(sim_disk_open(disk_name, seed, DISK_BYTES, &rig->disk, NULL), ERR_OK);
    open_store(rig);
}

static void end(struct rig *rig)
{
    sqlite_kiosk_store_close(&rig->store);
    sim_disk_close(rig->disk);
}

static bool write_so(struct rig *rig, int number, int letter, bool is_soft)
{
    const struct kiosk_store *store = &rig->store;
    char key[16], value[VALUE];
    snprintf(key, sizeof key, "key-%d", number);
    memset(value, 'a' + letter % 26, sizeof value);
    enum err err =
        is_soft ? store->ops->begin_soft(store->self, NULL) : store->ops->begin(store->self, NULL);
    if (!err)
        err = store->ops->meta_set(store->self, key, value, sizeof value, NULL);
    if (!err)
        err = store->ops->commit(store->self, NULL);
    if (err)
        store->ops->rollback(store->self);
    return err == ERR_OK;
}

static bool write_key(struct rig *rig, int number, int letter)
{
    return write_so(rig, number, letter, false);
}

static bool set(struct rig *rig, int number)
{
    return write_key(rig, number, number);
}

static bool is_there(struct rig *rig, int number)
{
    const struct kiosk_store *store = &rig->store;
    struct strbuf value;
    char key[16];
    snprintf(key, sizeof key, "key-%d", number);
    strbuf_init(&value, VALUE);
    enum err err = store->ops->meta_get(store->self, key, &value, NULL);
    bool good = err == ERR_OK && value.length == VALUE && value.data[0] == 'a' + number % 26;
    strbuf_free(&value);
    return good;
}

// Writes with a fault at one change, then the power goes, and it starts again.
static void live_through(enum sim_disk_fault fault, long at, uint64_t seed)
{
    struct rig rig = {0};
    bool acknowledged[WRITES];
    begin(&rig, seed);
    sim_disk_plan(rig.disk, fault, at);
    for (int number = 0; number < WRITES; number++)
        acknowledged[number] = set(&rig, number) && !sim_disk_is_off(rig.disk);
    sim_disk_cut(rig.disk);
    sqlite_kiosk_store_close(&rig.store);
    sim_disk_power_on(rig.disk);
    open_store(&rig);
    assert_int_equal(rig.store.ops->integrity(rig.store.self, NULL), ERR_OK);
    for (int number = 0; number < WRITES; number++)
        if (acknowledged[number] && !is_there(&rig, number))
            fail_msg("fault %d at change %ld, seed %d: write %d is lost", (int)fault, at, (int)seed,
                     number);
    end(&rig);
}

static void what_is_acknowledged_outlives_a_power_cut_at_any_change(void **state)
{
    (void)state;
    for (long at = 1; at <= CHANGES; at++)
        for (uint64_t seed = 0; seed < 5; seed++)
            live_through(SIM_DISK_POWER_CUT, at, seed);
}

static void what_is_acknowledged_after_a_failed_sync_outlives_a_power_cut(void **state)
{
    (void)state;
    for (long at = 1; at <= CHANGES; at++)
        for (uint64_t seed = 0; seed < 5; seed++)
            live_through(SIM_DISK_ERROR_ONCE, at, seed);
}

static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    for (long at = 1; at <= CHANGES; at++)
        live_through(SIM_DISK_FULL, at, (uint64_t)at);
}

// ---- the district

static void count_part(void *context, const char *name, const void *data, size_t length)
{
    (void)name, (void)data;
    *(size_t *)context += length;
}

static enum err put(const struct district_store *store, struct district_put *out)
{
    static const char bytes[] = "sealed";
    struct district_submission submission = {.instance = "uuid:1",
                                             .form_id = "f",
                                             .receipt = "1",
                                             .counter = "001",
                                             .device_id = "d",
                                             .manifest = {"<data/>", 7}};
    struct district_part parts[] = {{.name = "a.enc", .size = sizeof bytes, .data = bytes},
                                    {.name = "b.enc", .size = sizeof bytes, .data = bytes}};
    return store->ops->submission_put(store->self, &submission, parts, 2, out, NULL);
}

static void register_device(const struct district_store *store)
{
    uint8_t code[CRYPTO_HASH] = {1};
    struct district_device device = {
        .id = "d", .counter = "001", .key_id = "k", .fingerprint = "f"};
    assert_int_equal(store->ops->code_put(store->self, code, "001", 1, NULL), ERR_OK);
    assert_int_equal(store->ops->device_add(store->self, code, &device, NULL), ERR_OK);
}

static void a_submission_is_filed_whole_or_not_at_all(void **state)
{
    (void)state;
    for (long at = 1; at <= CHANGES; at++) {
        struct sim_disk *disk = NULL;
        struct district_store store = {0};
        struct district_put result;
        struct strbuf manifest;
        size_t length = 0;
        assert_int_equal(sim_disk_open(disk_name, (uint64_t)at, DISK_BYTES, &disk, NULL), ERR_OK);
        assert_int_equal(sqlite_district_open_on(disk_name, "district.db", &store, NULL), ERR_OK);
        register_device(&store);
        sim_disk_plan(disk, SIM_DISK_ERROR_ONCE, at);
        bool first = put(&store, &result) == ERR_OK;
        assert_true(!first || result.missing == 0);
        sim_disk_plan(disk, SIM_DISK_NO_FAULT, 0);
        assert_int_equal(put(&store, &result), ERR_OK); // the kiosk sends it again
        assert_int_equal(result.missing, 0);
        assert_true(result.is_new || first);
        strbuf_init(&manifest, 100);
        assert_int_equal(
            store.ops->sealed_read(store.self, "uuid:1", &manifest, count_part, &length, NULL),
            ERR_OK);
        assert_int_equal(length, 2 * sizeof "sealed");
        strbuf_free(&manifest);
        sqlite_district_close(&store);
        sim_disk_close(disk);
    }
}

// ---- chance

static void draw(const struct crypto *crypto, const struct bytes *key, struct strbuf *out)
{
    uint8_t bytes[40];
    assert_int_equal(crypto_seed(7, NULL), ERR_OK);
    crypto->ops->random(crypto->self, bytes, sizeof bytes);
    strbuf_init(out, 4096);
    strbuf_add(out, bytes, sizeof bytes);
    assert_int_equal(
        crypto->ops->rsa_encrypt(crypto->self, key->data, key->length, "secret", 6, out, NULL),
        ERR_OK);
}

static void one_seed_gives_one_sequence_in_both_libraries(void **state)
{
    struct crypto crypto;
    struct strbuf private_key, public_key, first, second;
    (void)state;
    assert_int_equal(sodium_crypto_open(&crypto, NULL), ERR_OK);
    strbuf_init(&private_key, 8192);
    strbuf_init(&public_key, 8192);
    assert_int_equal(certificate_make_sealing_key(2048, &private_key, &public_key, NULL), ERR_OK);
    struct bytes key = {public_key.data, public_key.length};
    draw(&crypto, &key, &first);
    draw(&crypto, &key, &second);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    strbuf_free(&first);
    strbuf_free(&second);
    strbuf_free(&private_key);
    strbuf_free(&public_key);
}

// A soft commit may be forgotten with the power, but never one without all behind it, and never
// once an ordinary one has followed.
static void what_is_soft_is_kept_in_order_and_with_the_next_flush(void **state)
{
    int forgotten = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct rig rig;
        begin(&rig, seed);
        for (int number = 0; number < 12; number++)
            assert_true(write_so(&rig, number, number, number != 4));
        sim_disk_cut(rig.disk);
        sqlite_kiosk_store_close(&rig.store);
        sim_disk_power_on(rig.disk);
        open_store(&rig);
        int kept = 0;
        while (kept < 12 && is_there(&rig, kept))
            kept++;
        assert_in_range(kept, 5, 12); // 0 to 3 went with 4
        for (int number = kept; number < 12; number++)
            assert_false(is_there(&rig, number));
        forgotten += 12 - kept;
        end(&rig);
    }
    assert_true(forgotten > 0); // else nothing was tried
}

// One key, written over and over: the database grows no more, its log does. `asked_every`: so often
// somebody asks how the disk is, as each visit does. Gives back how often it was full.
static int overwrite(struct rig *rig, int asked_every)
{
    enum { SMALL_DISK = 19 << 19, OVERWRITES = 2000 };
    int full = 0;
    assert_int_equal(sodium_crypto_open(&rig->crypto, NULL), ERR_OK);
    assert_int_equal(sim_disk_open(disk_name, 1, SMALL_DISK, &rig->disk, NULL), ERR_OK);
    open_store(rig);
    const struct kiosk_store *store = &rig->store;
    for (int i = 0; i < OVERWRITES; i++) {
        struct store_health health;
        if (i % asked_every == 0)
            assert_int_equal(store->ops->health(store->self, &health, NULL), ERR_OK);
        if (write_key(rig, 7, i))
            continue;
        full++;
        assert_int_equal(store->ops->make_room(store->self, NULL), ERR_OK);
        assert_true(write_key(rig, 7, i));
    }
    return full;
}

static void a_log_is_folded_before_it_fills_the_disk(void **state)
{
    struct rig rig;
    (void)state;
    assert_int_equal(overwrite(&rig, 10), 0);
    end(&rig);
    int full = overwrite(&rig, 1000000);
    assert_int_equal(full, 1); // and never again
    end(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_acknowledged_outlives_a_power_cut_at_any_change),
        cmocka_unit_test(what_is_acknowledged_after_a_failed_sync_outlives_a_power_cut),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(a_log_is_folded_before_it_fills_the_disk),
        cmocka_unit_test(what_is_soft_is_kept_in_order_and_with_the_next_flush),
        cmocka_unit_test(a_submission_is_filed_whole_or_not_at_all),
        cmocka_unit_test(one_seed_gives_one_sequence_in_both_libraries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
