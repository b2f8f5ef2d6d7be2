// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk's store in which one bit is turned, anywhere in the file. Either nobody notices and all
// that is told is true, or it is noticed; never does the program fall, and never is a case told
// otherwise than it was saved.
//   flips [BITS]
#include "unit/outbox/kiosk.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/sqlite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CASES = 6, PATH = 128 };
static long bits = 300;
static uint64_t state = 11;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

struct copy {
    char *bytes;
    size_t length;
    struct strbuf manifests[CASES], parts[CASES];
    char instances[CASES][LIMIT_INSTANCE_ID];
};

static void read_case(const struct kiosk_store *store, const char *instance,
                      struct strbuf *manifest, struct strbuf *part, enum err err[2])
{
    struct store_part about;
    strbuf_init(manifest, 1 << 20);
    strbuf_init(part, 1 << 20);
    err[0] = store->ops->manifest_get(store->self, instance, manifest, NULL);
    err[1] = store->ops->part_get(store->self, instance, 0, &about, part, NULL);
}

static void take_copy(struct kiosk *kiosk, struct copy *copy)
{
    enum err err[2];
    for (int i = 0; i < CASES; i++) {
        char receipt[LIMIT_RECEIPT_NUMBER];
        struct store_submission row;
        kiosk_save(kiosk, i + 1, i == 0, receipt);
        assert_int_equal(
            kiosk->store.ops->submission_get(kiosk->store.self, receipt, true, &row, NULL), ERR_OK);
        text_copy(copy->instances[i], LIMIT_INSTANCE_ID, row.instance);
        read_case(&kiosk->store, row.instance, &copy->manifests[i], &copy->parts[i], err);
        assert_int_equal(err[0] + err[1], ERR_OK);
    }
    assert_int_equal(kiosk->store.ops->tidy(kiosk->store.self, NULL), ERR_OK);
    FILE *file = fopen(kiosk->path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    copy->length = (size_t)ftell(file);
    rewind(file);
    copy->bytes = malloc(copy->length);
    assert_int_equal(fread(copy->bytes, 1, copy->length, file), copy->length);
    fclose(file);
}

static bool is_as_saved(enum err err, const struct strbuf *now, const struct strbuf *then)
{
    return err || (now->length == then->length && memcmp(now->data, then->data, then->length) == 0);
}

// True: it was noticed.
static bool look_at(const struct kiosk *kiosk, const char *path, const struct copy *copy,
                    size_t bit)
{
    const struct sqlite_kiosk_store_options options = {.path = path, .crypto = &kiosk->crypto};
    struct kiosk_store store;
    bool noticed = false;
    if (sqlite_kiosk_store_open(&options, &store, NULL) != ERR_OK)
        return true;
    for (int i = 0; i < CASES; i++) {
        struct strbuf manifest, part;
        enum err err[2];
        read_case(&store, copy->instances[i], &manifest, &part, err);
        if (!is_as_saved(err[0], &manifest, &copy->manifests[i]) ||
            !is_as_saved(err[1], &part, &copy->parts[i]))
            fail_msg("bit %zu: a case is told otherwise than it was saved", bit);
        noticed |= err[0] || err[1];
        strbuf_free(&manifest);
        strbuf_free(&part);
    }
    noticed |= store.ops->integrity(store.self, NULL) != ERR_OK;
    sqlite_kiosk_store_close(&store);
    return noticed;
}

static void remove_all(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal", "-reserve"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[PATH + 16];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static void one_turned_bit_is_noticed_or_changes_nothing_that_is_told(void **held)
{
    struct kiosk *kiosk = *held;
    struct copy copy = {0};
    char path[PATH];
    long noticed = 0;
    take_copy(kiosk, &copy);
    snprintf(path, sizeof path, "%.90s-turned", kiosk->path);
    for (long i = 0; i < bits; i++) {
        size_t bit = (size_t)(draw() % (copy.length * 8));
        copy.bytes[bit / 8] = (char)(copy.bytes[bit / 8] ^ (1 << bit % 8));
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(copy.bytes, 1, copy.length, file), copy.length);
        fclose(file);
        noticed += look_at(kiosk, path, &copy, bit);
        copy.bytes[bit / 8] = (char)(copy.bytes[bit / 8] ^ (1 << bit % 8));
        remove_all(path);
    }
    print_message("%ld bits, %ld of them noticed\n", bits, noticed);
    assert_true(noticed > 0);
    for (int i = 0; i < CASES; i++) {
        strbuf_free(&copy.manifests[i]);
        strbuf_free(&copy.parts[i]);
    }
    free(copy.bytes);
}

int main(int argc, char **argv)
{
    int64_t number;
    log_set_level(LOG_ERROR);
    if (argc > 1 && text_to_int64(argv[1], &number))
        bits = (long)number;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_turned_bit_is_noticed_or_changes_nothing_that_is_told,
                                        kiosk_set_up, kiosk_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
