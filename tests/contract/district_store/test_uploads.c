// SPDX-License-Identifier: GPL-3.0-or-later
// The district_store port: parts that come in pieces, and cases that are put together from them.
#include "stores.h"

#include <sched.h>
#include <sys/stat.h>

enum { QUOTA = 100000 };

static const uint8_t digest_a[CRYPTO_HASH] = {1}, digest_b[CRYPTO_HASH] = {2};

static int open_stores(void **state)
{
    int code = stores_open(state);
    stores_enrol(*state, "device-1");
    stores_enrol(*state, "device-2");
    return code;
}

struct sent {
    const char *device;
    const uint8_t *digest;
    int64_t size, offset;
    const char *bytes;
    int64_t now;
};

static struct district_piece piece_of(const struct sent *sent)
{
    return (struct district_piece){.device_id = sent->device,
                                   .digest = sent->digest,
                                   .size = sent->size,
                                   .offset = sent->offset,
                                   .data = sent->bytes,
                                   .length = strlen(sent->bytes),
                                   .now_utc_ms = sent->now,
                                   .quota = QUOTA};
}

static enum err add(struct district_store *store, struct sent sent, struct district_upload *out)
{
    struct district_piece piece = piece_of(&sent);
    struct fail why;
    return store->ops->upload_add(store->self, &piece, out, &why);
}

static void take_text(void *context, const void *data, size_t length)
{
    strbuf_add(context, data, length);
}

static void expect_bytes(struct district_store *store, const uint8_t *digest, const char *expected)
{
    struct strbuf bytes;
    strbuf_init(&bytes, 1000);
    assert_int_equal(CALL(*store, upload_read, "device-1", digest, take_text, &bytes), ERR_OK);
    assert_string_equal(strbuf_text(&bytes), expected);
    strbuf_free(&bytes);
}

static void pieces_are_added_at_the_end_only(void **state)
{
    struct stores *stores = *state;
    struct district_upload now;
    struct fail why;
    assert_int_equal(
        stores->one.ops->upload_get(stores->one.self, "device-1", digest_a, &now, &why),
        ERR_NOT_FOUND);
    assert_int_equal(add(&stores->one, (struct sent){"device-1", digest_a, 9, 0, "abc", 1}, &now),
                     ERR_OK);
    assert_int_equal(now.there, 3);
    assert_int_equal(add(&stores->two, (struct sent){"device-1", digest_a, 9, 0, "abc", 1}, &now),
                     ERR_CONFLICT); // sent twice: told where to go on
    assert_int_equal(now.there, 3);
    assert_int_equal(add(&stores->two, (struct sent){"device-1", digest_a, 9, 5, "fgh", 1}, &now),
                     ERR_CONFLICT);
    assert_int_equal(add(&stores->two, (struct sent){"device-1", digest_a, 8, 3, "def", 1}, &now),
                     ERR_CONFLICT);
    assert_int_equal(
        add(&stores->two, (struct sent){"device-1", digest_a, 9, 3, "defghijkl", 1}, &now),
        ERR_CONFLICT); // more than it is to have
    assert_int_equal(
        add(&stores->two, (struct sent){"device-1", digest_a, 9, 3, "defghi", 1}, &now), ERR_OK);
    assert_int_equal(CALL(stores->one, upload_get, "device-1", digest_a, &now), ERR_OK);
    assert_int_equal(now.there, 9);
    assert_false(now.complete);
    expect_bytes(&stores->one, digest_a, "abcdefghi");
    assert_int_equal(add(&stores->one, (struct sent){"device-2", digest_a, 5, 0, "other", 1}, &now),
                     ERR_OK); // another device's part of the same name is another part
    expect_bytes(&stores->one, digest_a, "abcdefghi");
}

static void what_is_not_its_digest_is_thrown_away(void **state)
{
    struct stores *stores = *state;
    struct district_upload now;
    struct fail why;
    assert_int_equal(add(&stores->one, (struct sent){"device-1", digest_a, 3, 0, "abc", 1}, &now),
                     ERR_OK);
    assert_int_equal(CALL(stores->one, upload_finish, "device-1", digest_a, false), ERR_OK);
    assert_int_equal(
        stores->one.ops->upload_get(stores->one.self, "device-1", digest_a, &now, &why),
        ERR_NOT_FOUND);
    assert_int_equal(add(&stores->one, (struct sent){"device-1", digest_a, 3, 0, "abc", 1}, &now),
                     ERR_OK);
    assert_int_equal(CALL(stores->one, upload_finish, "device-1", digest_a, true), ERR_OK);
    assert_int_equal(CALL(stores->one, upload_finish, "device-1", digest_a, false), ERR_OK);
    assert_int_equal(CALL(stores->two, upload_get, "device-1", digest_a, &now), ERR_OK);
    assert_true(now.complete); // what was found good once stays
}

static void a_device_has_a_quota_and_what_nobody_claims_goes(void **state)
{
    struct stores *stores = *state;
    struct district_upload now;
    assert_int_equal(
        add(&stores->one, (struct sent){"device-1", digest_a, 60000, 0, "abc", 100}, &now), ERR_OK);
    assert_int_equal(
        add(&stores->one, (struct sent){"device-1", digest_b, 60000, 0, "abc", 100}, &now),
        ERR_FULL);
    assert_int_equal(
        add(&stores->one, (struct sent){"device-2", digest_b, 60000, 0, "abc", 100}, &now), ERR_OK);
    assert_int_equal(
        add(&stores->one, (struct sent){"device-1", digest_a, 60000, 3, "def", 200}, &now), ERR_OK);
    assert_int_equal(CALL(stores->one, uploads_expire, 150), ERR_OK); // device 2's alone is older
    assert_int_equal(CALL(stores->one, upload_get, "device-1", digest_a, &now), ERR_OK);
    assert_int_equal(CALL(stores->one, uploads_expire, 201), ERR_OK);
    assert_int_equal(
        add(&stores->one, (struct sent){"device-1", digest_b, 60000, 0, "abc", 300}, &now), ERR_OK);
}

static void count_missing(void *context, const uint8_t digest[CRYPTO_HASH])
{
    strbuf_addf(context, "%d ", digest[0]);
}

static void expect_missing(struct stores *stores, const char *expected)
{
    struct strbuf list;
    strbuf_init(&list, 100);
    assert_int_equal(CALL(stores->two, parts_missing, "uuid:1", "device-1", count_missing, &list),
                     ERR_OK);
    assert_string_equal(strbuf_text(&list), expected);
    strbuf_free(&list);
}

static struct district_put put(struct stores *stores, const struct district_part *parts)
{
    struct district_submission submission = {.instance = "uuid:1",
                                             .receipt = "r1",
                                             .device_id = "device-1",
                                             .counter = "001",
                                             .manifest = {"<data/>", 7}};
    struct district_put out;
    assert_int_equal(CALL(stores->one, submission_put, &submission, parts, 3, &out), ERR_OK);
    return out;
}

static void give_part(void *context, const char *name, const void *data, size_t length)
{
    strbuf_addf(context, "%s=%.*s ", name, (int)length, (const char *)data);
}

static void a_case_is_complete_when_its_last_part_was_uploaded(void **state)
{
    struct stores *stores = *state;
    struct district_upload now;
    struct strbuf all, manifest;
    const struct district_part parts[] = {
        {.name = "a", .size = 6, .digest = {1}},
        {.name = "b", .size = 3, .digest = {2}},
        {.name = "r", .size = 4, .digest = {3}, .data = "wxyz"},
    };
    assert_int_equal(put(stores, parts).missing, 2);
    expect_missing(stores, "1 2 ");
    (void)add(&stores->one, (struct sent){"device-1", digest_a, 6, 0, "abc", 1}, &now);
    (void)add(&stores->one, (struct sent){"device-1", digest_a, 6, 3, "def", 1}, &now);
    assert_int_equal(put(stores, parts).missing, 2); // not yet found good
    assert_int_equal(CALL(stores->one, upload_finish, "device-1", digest_a, true), ERR_OK);
    expect_missing(stores, "2 ");
    (void)add(&stores->one, (struct sent){"device-2", digest_b, 3, 0, "xxx", 1}, &now);
    assert_int_equal(CALL(stores->one, upload_finish, "device-2", digest_b, true), ERR_OK);
    expect_missing(stores, "2 "); // another device's part is not this one's
    (void)add(&stores->one, (struct sent){"device-1", digest_b, 3, 0, "ghi", 1}, &now);
    assert_int_equal(CALL(stores->one, upload_finish, "device-1", digest_b, true), ERR_OK);
    struct district_put out = put(stores, parts);
    assert_int_equal(out.missing, 0);
    assert_true(out.became_complete);
    assert_false(put(stores, parts).became_complete);
    assert_int_equal(CALL(stores->one, uploads_expire, 1000), ERR_OK); // they are the case's
    strbuf_init(&all, 1000);
    strbuf_init(&manifest, 100);
    assert_int_equal(CALL(stores->two, sealed_read, "uuid:1", &manifest, give_part, &all), ERR_OK);
    assert_string_equal(strbuf_text(&all), "a=abcdef b=ghi r=wxyz ");
    assert_int_equal(CALL(stores->two, upload_get, "device-1", digest_a, &now), ERR_OK);
    assert_true(now.complete); // asked again after a lost answer: it need not come again
    strbuf_free(&all);
    strbuf_free(&manifest);
}

static int64_t size_of(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 ? (int64_t)file.st_size : 0;
}

// Only a checkpoint makes the database itself longer.
static void what_is_committed_comes_into_the_database_without_its_writer(void **state)
{
    enum { PIECES = 12, PIECE = 1 << 20 };
    struct stores *stores = *state;
    struct district_upload now;
    char *bytes = malloc(PIECE + 1);
    memset(bytes, 'x', PIECE);
    bytes[PIECE] = '\0';
    assert_int_equal(sqlite_district_relieve(&stores->one, NULL), ERR_OK);
    for (int i = 0; i < PIECES; i++) {
        const struct sent sent = {"device-1",         digest_a, PIECES * PIECE,
                                  (int64_t)i * PIECE, bytes,    1};
        struct district_piece piece = piece_of(&sent);
        piece.quota = 2 * PIECES * PIECE;
        assert_int_equal(CALL(stores->one, upload_add, &piece, &now), ERR_OK);
    }
    while (size_of(stores->path) < (PIECES - 4) * PIECE)
        sched_yield();
    sqlite_district_close(&stores->one); // in the middle of it, perhaps
    assert_int_equal(sqlite_district_open(stores->path, &stores->one, NULL), ERR_OK);
    assert_int_equal(CALL(stores->one, upload_get, "device-1", digest_a, &now), ERR_OK);
    assert_int_equal(now.there, PIECES * PIECE);
    free(bytes);
}

static void a_part_that_an_urgent_case_lacks_is_known_as_one(void **state)
{
    struct stores *stores = *state;
    struct district_put put;
    bool urgent = true;
    struct district_submission row = {
        .instance = "uuid:1", .device_id = "device-1", .manifest = {"m", 1}};
    const struct district_part part = {.name = "a", .size = 3, .digest = {1}};
    assert_int_equal(CALL(stores->one, submission_put, &row, &part, 1, &put), ERR_OK);
    assert_int_equal(CALL(stores->one, upload_is_urgent, "device-1", digest_a, &urgent), ERR_OK);
    assert_false(urgent);
    text_copy(row.instance, sizeof row.instance, "uuid:2");
    row.urgent = true;
    assert_int_equal(CALL(stores->one, submission_put, &row, &part, 1, &put), ERR_OK);
    assert_int_equal(CALL(stores->one, upload_is_urgent, "device-1", digest_a, &urgent), ERR_OK);
    assert_true(urgent);
    assert_int_equal(CALL(stores->one, upload_is_urgent, "device-1", digest_b, &urgent), ERR_OK);
    assert_false(urgent);
    assert_int_equal(CALL(stores->one, upload_is_urgent, "device-2", digest_a, &urgent), ERR_OK);
    assert_false(urgent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pieces_are_added_at_the_end_only, open_stores,
                                        stores_close),
        cmocka_unit_test_setup_teardown(what_is_not_its_digest_is_thrown_away, open_stores,
                                        stores_close),
        cmocka_unit_test_setup_teardown(a_device_has_a_quota_and_what_nobody_claims_goes,
                                        open_stores, stores_close),
        cmocka_unit_test_setup_teardown(a_case_is_complete_when_its_last_part_was_uploaded,
                                        open_stores, stores_close),
        cmocka_unit_test_setup_teardown(
            what_is_committed_comes_into_the_database_without_its_writer, open_stores,
            stores_close),
        cmocka_unit_test_setup_teardown(a_part_that_an_urgent_case_lacks_is_known_as_one,
                                        open_stores, stores_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
