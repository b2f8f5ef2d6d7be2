// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody has taken the kiosk's disk, with every key that lies on it, and tries what can be tried
// with a copy of its files.
#include "kiosk.h"

#include "yimen/base/text.h"
#include "yimen/case/tracking.h"
#include "yimen/driver/sqlite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

enum { CODES = 10000, FILES = 16, PATH = 512 };
static const char factor[] = "0021";

// ---- the copy

struct loot {
    char folder[64];
    size_t count;
    char names[FILES][64];
    char *bytes[FILES];
    size_t lengths[FILES];
};

static void read_file(const char *path, char **bytes, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    *bytes = malloc(*length + 1);
    assert_int_equal(fread(*bytes, 1, *length, file), *length);
    fclose(file);
}

// All that the kiosk keeps, taken while it runs: as when the plug is pulled.
static struct loot steal(const struct kiosk *kiosk)
{
    struct loot loot = {.folder = "/tmp/yimen-stolen-XXXXXX"};
    assert_non_null(mkdtemp(loot.folder));
    DIR *folder = opendir(kiosk->folder);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char from[PATH], to[PATH];
        if (entry->d_name[0] == '.' || strstr(entry->d_name, "reserve"))
            continue; // the reserve for a full disk is empty
        assert_true(loot.count < FILES);
        size_t at = loot.count++;
        snprintf(loot.names[at], sizeof loot.names[at], "%.60s", entry->d_name);
        snprintf(from, sizeof from, "%s/%.60s", kiosk->folder, entry->d_name);
        snprintf(to, sizeof to, "%s/%.60s", loot.folder, entry->d_name);
        read_file(from, &loot.bytes[at], &loot.lengths[at]);
        FILE *copy = fopen(to, "wb");
        assert_int_equal(fwrite(loot.bytes[at], 1, loot.lengths[at], copy), loot.lengths[at]);
        fclose(copy);
    }
    closedir(folder);
    assert_true(loot.count > 0);
    return loot;
}

static void drop(struct loot *loot)
{
    char path[PATH];
    for (size_t at = 0; at < loot->count; at++) {
        snprintf(path, sizeof path, "%s/%s", loot->folder, loot->names[at]);
        unlink(path);
        free(loot->bytes[at]);
    }
    rmdir(loot->folder);
}

static bool holds(const struct loot *loot, const void *what, size_t length)
{
    for (size_t at = 0; at < loot->count; at++)
        if (memmem(loot->bytes[at], loot->lengths[at], what, length))
            return true;
    return false;
}

// ---- tries

// The receipt as it lies there, sealed under a key that lies beside it.
static void stolen_facts(struct kiosk *kiosk, const struct kiosk_owned *owned,
                         struct strbuf *sealed, struct receipt_facts *facts)
{
    uint8_t key[CRYPTO_KEY];
    char place[96];
    struct strbuf json;
    strbuf_init(sealed, 1 << 16);
    strbuf_init(&json, 1 << 16);
    assert_int_equal(
        kiosk->store.ops->receipt_get(kiosk->store.self, owned->instance, sealed, NULL), ERR_OK);
    kiosk->crypto.ops->derive(kiosk->crypto.self, kiosk->root, "receipts", 1, key);
    snprintf(place, sizeof place, "yimen/receipt-facts/1 %s", owned->instance);
    assert_int_equal(kiosk->crypto.ops->open(kiosk->crypto.self, key, place, sealed->data,
                                             sealed->length, &json),
                     ERR_OK);
    assert_int_equal(receipt_facts_read(strbuf_text(&json), json.length, facts, NULL), ERR_OK);
    strbuf_free(&json);
}

// What confirmed a guess before: a keyed MAC of instance and digits, with the key from the same
// disk.
static bool a_mac_confirms(struct kiosk *kiosk, const struct loot *loot,
                           const struct kiosk_owned *owned)
{
    uint8_t key[CRYPTO_KEY], mac[CRYPTO_HASH];
    kiosk->crypto.ops->derive(kiosk->crypto.self, kiosk->root, "owners--", 1, key);
    for (int code = 0; code < CODES; code++) {
        char text[LIMIT_INSTANCE_ID + 8];
        int length = snprintf(text, sizeof text, "%s\n%04d", owned->instance, code);
        kiosk->crypto.ops->hmac_sha256(kiosk->crypto.self, key, text, (size_t)length, mac);
        if (holds(loot, mac, sizeof mac))
            return true;
    }
    return false;
}

// The box with every key and every text of 22 characters that could be a token.
static bool a_box_opens(struct kiosk *kiosk, const struct kiosk_owned *owned,
                        const struct receipt_facts *facts)
{
    struct store_owner row;
    uint8_t key[CRYPTO_KEY];
    char token[LIMIT_TOKEN_TEXT];
    assert_int_equal(kiosk->store.ops->owner_get(kiosk->store.self, owned->instance, &row, NULL),
                     ERR_OK);
    const struct bytes box = {row.box, row.box_length};
    assert_true(box.length > CRYPTO_KEY);
    for (const char *at = facts->qr_text; strlen(at) >= LIMIT_TOKEN_TEXT - 1; at++) {
        snprintf(token, sizeof token, "%.22s", at);
        if (!owner_lock_open(&kiosk->crypto, token, owned->instance, &box, key, NULL))
            return true;
    }
    return false;
}

static enum track_result try_track(struct kiosk *kiosk, const char *token, const char *code)
{
    struct outbox_request request = {.kind = OUTBOX_TRACK};
    text_copy(request.question.number, sizeof request.question.number, kiosk->owned.number);
    text_copy(request.question.token, sizeof request.question.token, token);
    text_copy(request.question.factor, sizeof request.question.factor, code);
    kiosk_ask(kiosk, &request);
    assert_int_equal(kiosk->reply.kind, OUTBOX_TRACKED);
    return kiosk->reply.track->result;
}

static void print(struct kiosk *kiosk)
{
    struct outbox_request printed = {.kind = OUTBOX_PRINT_STATE, .print_state = PRINT_PRINTED};
    text_copy(printed.job, sizeof printed.job, kiosk->owned.job);
    kiosk_ask(kiosk, &printed);
    assert_int_equal(kiosk->reply.kind, OUTBOX_DONE);
}

static void of_a_printed_receipt_no_guess_is_confirmed_and_its_owner_is_known(void **state)
{
    struct kiosk *kiosk = *state;
    struct strbuf before, after;
    struct receipt_facts facts;
    kiosk_save_owned(kiosk, 1, factor, "");
    stolen_facts(kiosk, &kiosk->owned, &before, &facts);
    struct loot loot = steal(kiosk);
    assert_true(holds(&loot, before.data, before.length)); // else the next finds prove nothing
    drop(&loot);
    print(kiosk);
    stolen_facts(kiosk, &kiosk->owned, &after, &facts);
    loot = steal(kiosk);
    assert_true(holds(&loot, after.data, after.length));
    assert_false(
        holds(&loot, before.data, 64)); // sealed with the token in it: not in the log either
    assert_false(holds(&loot, kiosk->owned.token, strlen(kiosk->owned.token)));
    assert_string_equal(facts.qr_text, "");
    assert_string_equal(facts.number, kiosk->owned.number); // what a stolen disk does tell
    assert_false(a_mac_confirms(kiosk, &loot, &kiosk->owned));
    assert_false(a_box_opens(kiosk, &kiosk->owned, &facts));
    drop(&loot);
    for (int code = 0; code < 30; code++) { // the program itself, on the copy, says nothing either
        char text[TRACK_FACTOR];
        snprintf(text, sizeof text, "%04d", code);
        assert_int_equal(try_track(kiosk, "", text), TRACK_NEEDS_RECEIPT);
    }
    assert_int_equal(try_track(kiosk, "", factor), TRACK_NEEDS_RECEIPT);
    assert_int_equal(try_track(kiosk, kiosk->owned.token, factor), TRACK_FOUND);
    assert_true(kiosk->reply.track->owner && kiosk->reply.track->may_withdraw);
    strbuf_free(&before);
    strbuf_free(&after);
}

static void of_a_receipt_that_waits_each_guess_costs_what_the_header_says(void **state)
{
    struct kiosk *kiosk = *state;
    struct strbuf sealed;
    struct receipt_facts facts;
    struct store_owner row;
    struct owner_lock guess = {0};
    uint8_t key[CRYPTO_KEY];
    kiosk_save_owned(kiosk, 1, factor, "");
    stolen_facts(kiosk, &kiosk->owned, &sealed, &facts);
    struct loot loot = steal(kiosk);
    assert_false(a_mac_confirms(kiosk, &loot, &kiosk->owned)); // nothing that is quick
    assert_int_equal(
        kiosk->store.ops->owner_get(kiosk->store.self, kiosk->owned.instance, &row, NULL), ERR_OK);
    const struct bytes box = {row.box, row.box_length};
    assert_int_equal(
        owner_lock_open(&kiosk->crypto, kiosk->owned.token, kiosk->owned.instance, &box, key, NULL),
        ERR_OK);
    assert_false(holds(&loot, key, sizeof key)); // only inside the box
    text_copy(guess.salt, sizeof guess.salt, row.salt);
    assert_int_equal(owner_lock_key(&kiosk->crypto, factor, &guess, NULL), ERR_OK);
    assert_memory_equal(guess.key, key, sizeof key); // Argon2id is the only way from the digits
    text_copy(guess.salt, sizeof guess.salt, "00000000000000000000000000000000");
    assert_int_equal(owner_lock_key(&kiosk->crypto, factor, &guess, NULL), ERR_OK);
    assert_memory_not_equal(guess.key, key, sizeof key); // and the salt is the case's own
    drop(&loot);
    strbuf_free(&sealed);
}

static void another_case_or_another_receipt_opens_no_box(void **state)
{
    struct kiosk *kiosk = *state;
    struct store_owner row;
    uint8_t key[CRYPTO_KEY];
    kiosk_save_owned(kiosk, 1, factor, "");
    struct kiosk_owned first = kiosk->owned;
    kiosk_save_owned(kiosk, 2, factor, "");
    assert_int_equal(kiosk->store.ops->owner_get(kiosk->store.self, first.instance, &row, NULL),
                     ERR_OK);
    const struct bytes box = {row.box, row.box_length};
    struct fail why;
    assert_int_equal(
        owner_lock_open(&kiosk->crypto, kiosk->owned.token, first.instance, &box, key, &why),
        ERR_DENIED);
    assert_int_equal(
        owner_lock_open(&kiosk->crypto, first.token, kiosk->owned.instance, &box, key, &why),
        ERR_DENIED);
    assert_int_equal(owner_lock_open(&kiosk->crypto, "short", first.instance, &box, key, &why),
                     ERR_INPUT);
}

// ---- a store from before

static void run_sql(const char *path, const char *text)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    char *why = NULL;
    if (sqlite3_exec(database, text, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    sqlite3_close(database);
}

// As a version before left it: a MAC in the row, the token with its receipt, nothing swept.
static void turn_back(struct kiosk *kiosk, const struct kiosk_owned *owned,
                      uint8_t mac[CRYPTO_HASH])
{
    char text[512], hex[2 * CRYPTO_HASH + 1];
    uint8_t key[CRYPTO_KEY];
    kiosk->crypto.ops->derive(kiosk->crypto.self, kiosk->root, "owners--", 1, key);
    int length = snprintf(text, sizeof text, "%s\n%s", owned->instance, factor);
    kiosk->crypto.ops->hmac_sha256(kiosk->crypto.self, key, text, (size_t)length, mac);
    for (size_t i = 0; i < CRYPTO_HASH; i++)
        snprintf(hex + 2 * i, 3, "%02x", mac[i]);
    snprintf(text, sizeof text,
             "ALTER TABLE owner DROP COLUMN salt; ALTER TABLE owner DROP COLUMN box;"
             "ALTER TABLE owner ADD COLUMN mac BLOB NOT NULL DEFAULT x'';"
             "UPDATE owner SET mac = x'%s'; DELETE FROM meta WHERE key = 'tokens.swept';",
             hex);
    run_sql(kiosk->path, text);
}

// What opening such a store does first. Later migrations stay as they are.
static void carry_over(const struct kiosk *kiosk)
{
    static const char settings[] = "PRAGMA secure_delete = ON;";
    char *text, *all;
    size_t length;
    read_file("assets/sql/kiosk_006.sql", &text, &length);
    all = malloc(sizeof settings + length);
    assert_non_null(all);
    memcpy(all, settings, sizeof settings - 1);
    memcpy(all + sizeof settings - 1, text, length);
    all[sizeof settings - 1 + length] = '\0';
    run_sql(kiosk->path, all);
    free(text);
    free(all);
}

static void what_a_version_before_left_is_removed_and_a_waiting_receipt_keeps_its_code(void **state)
{
    struct kiosk *kiosk = *state;
    struct receipt_facts facts;
    struct strbuf sealed, old;
    uint8_t mac[CRYPTO_HASH];
    kiosk_save_owned(kiosk, 1, factor, "");
    struct kiosk_owned printed = kiosk->owned;
    stolen_facts(kiosk, &printed, &old, &facts);
    print(kiosk);
    assert_int_equal(kiosk->store.ops->begin(kiosk->store.self, NULL), ERR_OK);
    assert_int_equal(kiosk->store.ops->receipt_set(kiosk->store.self, printed.instance, &old, NULL),
                     ERR_OK);
    assert_int_equal(kiosk->store.ops->commit(kiosk->store.self, NULL), ERR_OK);
    kiosk_save_owned(kiosk, 2, factor, "");
    struct kiosk_owned waiting = kiosk->owned;
    kiosk_close(kiosk);
    turn_back(kiosk, &printed, mac);
    struct loot loot = steal(kiosk);
    assert_true(holds(&loot, mac, sizeof mac) && holds(&loot, old.data, 64));
    drop(&loot);
    carry_over(kiosk);
    kiosk_reopen(kiosk);
    loot = steal(kiosk);
    assert_false(holds(&loot, mac, sizeof mac));
    assert_false(holds(&loot, old.data, 64));
    drop(&loot);
    stolen_facts(kiosk, &printed, &sealed, &facts);
    assert_string_equal(facts.qr_text, "");
    strbuf_free(&sealed);
    stolen_facts(kiosk, &waiting, &sealed, &facts);
    assert_string_equal(facts.qr_text, waiting.qr_text);
    kiosk->owned = waiting; // nobody can be told apart by the four any more: a clerk releases it
    assert_int_equal(try_track(kiosk, waiting.token, factor), TRACK_NEEDS_RECEIPT);
    struct outbox_request again = {.kind = OUTBOX_RECEIPT, .staff = "1001"};
    text_copy(again.receipt, sizeof again.receipt, waiting.number);
    kiosk_ask(kiosk, &again);
    assert_int_equal(kiosk->reply.kind, OUTBOX_RECEIPT_READY);
    assert_string_equal(kiosk->reply.facts->qr_text, waiting.qr_text);
    strbuf_free(&sealed);
    strbuf_free(&old);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kiosk_set_up, kiosk_tear_down)

int main(void)
{
    kiosk_keys_are_slow = true;
    const struct CMUnitTest tests[] = {
        TEST(of_a_printed_receipt_no_guess_is_confirmed_and_its_owner_is_known),
        TEST(of_a_receipt_that_waits_each_guess_costs_what_the_header_says),
        TEST(another_case_or_another_receipt_opens_no_box),
        TEST(what_a_version_before_left_is_removed_and_a_waiting_receipt_keeps_its_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
