// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores.h"

int stores_open(void **state)
{
    struct stores *stores = calloc(1, sizeof *stores);
    text_copy(stores->folder, sizeof stores->folder, "/tmp/yimen-store-XXXXXX");
    assert_non_null(mkdtemp(stores->folder));
    snprintf(stores->path, sizeof stores->path, "%s/district.db", stores->folder);
    assert_int_equal(sqlite_district_open(stores->path, &stores->one, NULL), ERR_OK);
    assert_int_equal(sqlite_district_open(stores->path, &stores->two, NULL), ERR_OK);
    *state = stores;
    return 0;
}

int stores_close(void **state)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    struct stores *stores = *state;
    sqlite_district_close(&stores->one);
    sqlite_district_close(&stores->two);
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", stores->path, ends[i]);
        unlink(path);
    }
    rmdir(stores->folder);
    free(stores);
    return 0;
}

void stores_enrol(struct stores *stores, const char *id)
{
    uint8_t code[CRYPTO_HASH] = {0};
    struct district_device device = {.counter = "001", .incarnation = 1};
    memcpy(code, id, strlen(id) < sizeof code ? strlen(id) : sizeof code);
    text_copy(device.id, sizeof device.id, id);
    text_copy(device.key_id, sizeof device.key_id, id);
    text_copy(device.fingerprint, sizeof device.fingerprint, id);
    assert_int_equal(CALL(stores->one, code_put, code, "001", 5000), ERR_OK);
    assert_int_equal(CALL(stores->one, device_add, code, &device), ERR_OK);
}
