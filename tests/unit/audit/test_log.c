// SPDX-License-Identifier: GPL-3.0-or-later
// Whoever has the kiosk's disk against the chain in its store: without the device key nothing can
// be changed, with it nothing up to a head that has left the kiosk.
#include "fakes/fake_clock.h"
#include "yimen/audit/log.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ENTRIES = 10, EXPORTED = 6 };

struct disk {
    char folder[64], path[96];
    struct crypto crypto;
    struct fake_clock clock;
    struct kiosk_store store;
    struct audit_log log;
    uint8_t public_key[CRYPTO_PUBLIC], secret[CRYPTO_SECRET];
    struct audit_head exported;
};

static void append(struct disk *disk, const char *event)
{
    const struct kiosk_store *store = &disk->store;
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    if (strcmp(event, "checkpoint") == 0)
        assert_int_equal(audit_log_checkpoint(&disk->log, "pruned=1", NULL), ERR_OK);
    else
        assert_int_equal(audit_log_append(&disk->log, event, "s", "", "d", NULL), ERR_OK);
    assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
}

static int setup(void **state)
{
    struct disk *disk = calloc(1, sizeof *disk);
    snprintf(disk->folder, sizeof disk->folder, "/tmp/yimen-audit-XXXXXX");
    assert_non_null(mkdtemp(disk->folder));
    snprintf(disk->path, sizeof disk->path, "%s/kiosk.db", disk->folder);
    assert_int_equal(sodium_crypto_open(&disk->crypto, NULL), ERR_OK);
    fake_clock_begin(&disk->clock, 1795449600000);
    struct sqlite_kiosk_store_options options = {.path = disk->path, .crypto = &disk->crypto};
    assert_int_equal(sqlite_kiosk_store_open(&options, &disk->store, NULL), ERR_OK);
    disk->crypto.ops->sign_keypair(disk->crypto.self, disk->public_key, disk->secret);
    disk->log = (struct audit_log){&disk->store, &disk->crypto, &disk->clock.clock, disk->secret};
    for (int i = 1; i <= ENTRIES; i++) {
        fake_clock_pass(&disk->clock, 1000);
        append(disk, i == 4 ? "checkpoint" : "test.event");
        if (i == EXPORTED)
            assert_int_equal(audit_log_head(&disk->log, &disk->exported, NULL), ERR_OK);
    }
    *state = disk;
    return 0;
}

static int teardown(void **state)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-reserve"};
    struct disk *disk = *state;
    char path[128];
    sqlite_kiosk_store_close(&disk->store);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        snprintf(path, sizeof path, "%s%s", disk->path, suffixes[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(disk->folder), 0);
    free(disk);
    return 0;
}

// ---- the attacker

static void sql(struct disk *disk, const char *text)
{
    sqlite3 *handle;
    char *wrong = NULL;
    assert_int_equal(sqlite3_open(disk->path, &handle), SQLITE_OK);
    if (sqlite3_exec(handle, text, NULL, NULL, &wrong) != SQLITE_OK)
        fail_msg("%s: %s", text, wrong);
    sqlite3_close(handle);
}

struct rewrite {
    struct disk *disk;
    unsigned char head[AUDIT_HASH];
    int64_t last;
    char statements[1 << 14];
};

static enum err rehash(void *context, int64_t sequence, const char *line, size_t length,
                       const uint8_t hash[STORE_HASH], struct fail *why)
{
    struct rewrite *rewrite = context;
    char hex[2 * AUDIT_HASH + 1];
    size_t used = strlen(rewrite->statements);
    (void)hash, (void)why;
    audit_hash(&rewrite->disk->crypto, rewrite->head, line, length, rewrite->head);
    audit_hex(rewrite->head, AUDIT_HASH, hex);
    rewrite->last = sequence;
    snprintf(rewrite->statements + used, sizeof rewrite->statements - used,
             "UPDATE audit SET hash = x'%s' WHERE sequence = %lld;", hex, (long long)sequence);
    return ERR_OK;
}

// Makes every hash fit again, and signs the new head with `secret`.
static void make_it_fit(struct disk *disk, const uint8_t *secret)
{
    struct rewrite *rewrite = calloc(1, sizeof *rewrite);
    struct audit_head head = {0};
    char text[AUDIT_HEAD_TEXT], statement[512];
    rewrite->disk = disk;
    const struct kiosk_store *store = &disk->store;
    assert_int_equal(store->ops->audit_walk(store->self, rehash, rewrite, NULL), ERR_OK);
    sql(disk, rewrite->statements);
    head.sequence = rewrite->last;
    memcpy(head.hash, rewrite->head, AUDIT_HASH);
    assert_int_equal(audit_head_sign(&disk->crypto, secret, &head, NULL), ERR_OK);
    audit_head_format(&head, text);
    snprintf(statement, sizeof statement,
             "UPDATE meta SET value = CAST('%s' AS BLOB) WHERE key = 'audit-head'", text);
    sql(disk, statement);
    free(rewrite);
}

static const struct {
    const char *what, *statements;
    bool is_found_with_key; // it touches something up to the exported head
} attacks[] = {
    {"an edit",
     "UPDATE audit SET line = replace(line, 'test.event', 'test.other') "
     "WHERE sequence = 2",
     true},
    {"an edit of the newest",
     "UPDATE audit SET line = replace(line, 'test.event', 'test.other') "
     "WHERE sequence = 10",
     false},
    {"a removal",
     "DELETE FROM audit WHERE sequence = 5;"
     "UPDATE audit SET sequence = sequence - 1, line = (sequence - 1) || "
     "substr(line, instr(line, char(9))) WHERE sequence > 5",
     true},
    {"a reordering",
     "UPDATE audit SET sequence = -2 WHERE sequence = 2;"
     "UPDATE audit SET sequence = 2, line = '2' || substr(line, 2) "
     "WHERE sequence = 3;"
     "UPDATE audit SET sequence = 3, line = '3' || substr(line, 2) "
     "WHERE sequence = -2",
     true},
    {"a truncation before the exported head", "DELETE FROM audit WHERE sequence > 5", true},
    {"a truncation after it", "DELETE FROM audit WHERE sequence > 8", false},
    {"everything gone", "DELETE FROM audit", true},
    {"the signed head gone, and some entries",
     "DELETE FROM audit WHERE sequence > 8; DELETE FROM meta WHERE key = 'audit-head'", true},
};
enum { ATTACKS = sizeof attacks / sizeof attacks[0] };

static enum err verified(struct disk *disk, bool against_exported)
{
    struct audit_check check;
    return against_exported ? audit_log_verify_from(&disk->log, &disk->exported, &check, NULL)
                            : audit_log_verify(&disk->log, &check, NULL);
}

static void an_untouched_chain_leads_through_what_left_the_kiosk(void **state)
{
    struct disk *disk = *state;
    struct audit_check check;
    assert_int_equal(audit_log_verify_from(&disk->log, &disk->exported, &check, NULL), ERR_OK);
    assert_int_equal(check.next_sequence - 1, ENTRIES);
    assert_int_equal(audit_head_check(&disk->crypto, disk->public_key, &disk->exported, NULL),
                     ERR_OK);
}

static void without_the_key_nothing_can_be_changed(void **state)
{
    for (size_t i = 0; i < ATTACKS; i++)
        for (int refits = 0; refits < 2; refits++) {
            struct disk *disk = *state;
            uint8_t stranger[CRYPTO_SECRET], public_key[CRYPTO_PUBLIC];
            disk->crypto.ops->sign_keypair(disk->crypto.self, public_key, stranger);
            sql(disk, attacks[i].statements);
            if (refits)
                make_it_fit(disk, stranger);
            if (verified(disk, false) != ERR_CORRUPT)
                fail_msg("%s%s is not found", attacks[i].what,
                         refits ? ", hashes made to fit," : "");
            teardown(state);
            setup(state);
        }
}

static void with_the_key_nothing_up_to_the_exported_head(void **state)
{
    for (size_t i = 0; i < ATTACKS; i++) {
        struct disk *disk = *state;
        sql(disk, attacks[i].statements);
        make_it_fit(disk, disk->secret);
        enum err expected = attacks[i].is_found_with_key ? ERR_CORRUPT : ERR_OK;
        if (verified(disk, true) != expected)
            fail_msg("%s, by whoever has the device key: %s", attacks[i].what,
                     err_name(verified(disk, true)));
        teardown(state);
        setup(state);
    }
}

static void a_checkpoint_without_its_signature_is_found(void **state)
{
    struct disk *disk = *state;
    sql(disk, "UPDATE audit SET line = replace(line, 'signed=', 'signed=00') WHERE sequence = 4");
    make_it_fit(disk, disk->secret);
    assert_int_equal(verified(disk, false), ERR_CORRUPT);
}

static void the_exported_head_is_remembered(void **state)
{
    struct disk *disk = *state;
    struct audit_head read;
    assert_int_equal(audit_log_last_exported(&disk->log, &read, NULL), ERR_NOT_FOUND);
    assert_int_equal(disk->store.ops->begin(disk->store.self, NULL), ERR_OK);
    assert_int_equal(audit_log_exported(&disk->log, &disk->exported, NULL), ERR_OK);
    assert_int_equal(disk->store.ops->commit(disk->store.self, NULL), ERR_OK);
    assert_int_equal(audit_log_last_exported(&disk->log, &read, NULL), ERR_OK);
    assert_memory_equal(&read, &disk->exported, sizeof read);
}

static void a_head_as_text_is_read_back_or_refused(void **state)
{
    struct disk *disk = *state;
    struct audit_head read;
    char text[AUDIT_HEAD_TEXT], page[AUDIT_HEAD_TEXT + 64], wrong[AUDIT_HEAD_TEXT];
    audit_head_format(&disk->exported, text);
    snprintf(page, sizeof page, "counter 001, 11-24\n%s\nanother line\n", text);
    assert_int_equal(audit_head_parse(page, &read, NULL), ERR_OK);
    assert_memory_equal(&read, &disk->exported, sizeof read);
    assert_int_equal(audit_head_parse(strchr(text, ' ') + 1, &read, NULL), ERR_OK); // a QR code's
    assert_memory_equal(&read, &disk->exported, sizeof read);
    for (size_t cut = 0; cut < strlen(text); cut++) {
        snprintf(wrong, sizeof wrong, "%.*s", (int)cut, text);
        assert_int_equal(audit_head_parse(wrong, &read, NULL), ERR_INPUT);
    }
    text[strlen("YIMEN-AUDIT/1 ")] = '7'; // another entry: parsed, not signed
    assert_int_equal(audit_head_parse(text, &read, NULL), ERR_OK);
    assert_int_equal(audit_head_check(&disk->crypto, disk->public_key, &read, NULL), ERR_DENIED);
}

int main(void)
{
#define ON(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        ON(an_untouched_chain_leads_through_what_left_the_kiosk),
        ON(without_the_key_nothing_can_be_changed),
        ON(with_the_key_nothing_up_to_the_exported_head),
        ON(a_checkpoint_without_its_signature_is_found),
        ON(the_exported_head_is_remembered),
        ON(a_head_as_text_is_read_back_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
