// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores.h"

#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void open_file(struct stores *stores)
{
    struct sqlite_kiosk_store_options options = {.path = stores->path, .crypto = &stores->crypto};
    struct fail why = {0};
    if (sqlite_kiosk_store_open(&options, &stores->real, &why))
        fail_msg("%s", why.text);
}

int stores_open_real(void **state)
{
    struct stores *stores = calloc(1, sizeof *stores);
    // A name with characters that mean something in a URI.
    snprintf(stores->folder, sizeof stores->folder, "/tmp/yimen store?%%41#-XXXXXX");
    assert_non_null(mkdtemp(stores->folder));
    snprintf(stores->path, sizeof stores->path, "%s/kiosk.db", stores->folder);
    assert_int_equal(sodium_crypto_open(&stores->crypto, NULL), ERR_OK);
    open_file(stores);
    stores->store = &stores->real;
    *state = stores;
    return 0;
}

int stores_open_wrapped(void **state)
{
    stores_open_real(state);
    struct stores *stores = *state;
    failing_store_begin(&stores->wrapped, &stores->real);
    stores->store = &stores->wrapped.store;
    return 0;
}

int stores_close(void **state)
{
    struct stores *stores = *state;
    static const char *const suffixes[] = {"", "-wal", "-shm", "-reserve"};
    sqlite_kiosk_store_close(&stores->real);
    for (size_t at = 0; at < sizeof suffixes / sizeof suffixes[0]; at++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", stores->path, suffixes[at]);
        unlink(path);
    }
    assert_int_equal(rmdir(stores->folder), 0);
    free(stores);
    return 0;
}

void stores_reopen(struct stores *stores)
{
    sqlite_kiosk_store_close(&stores->real);
    open_file(stores);
}

struct store_submission stores_row(const char *instance, const char *number, bool urgent)
{
    struct store_submission row = {
        .service = "s",
        .form_id = "f",
        .sealing_key_id = "k",
        .urgent = urgent,
        .saved = {.utc_ms = 1, .monotonic_ms = 2, .boot_id = "boot", .quality = TIME_RTC},
        .print_count = 1,
        .not_asked = 2,
    };
    text_copy(row.instance, sizeof row.instance, instance);
    text_copy(row.number, sizeof row.number, number);
    return row;
}

void stores_insert(struct stores *stores, const char *instance, const char *number, bool urgent)
{
    struct kiosk_store *store = stores->store;
    struct store_submission row = stores_row(instance, number, urgent);
    struct store_part parts[] = {{.name = "a.enc", .type = "x/y", .data = "part a", .length = 6},
                                 {.name = "b.enc", .type = "x/y", .data = "", .length = 0}};
    struct strbuf manifest, receipt;
    strbuf_init(&manifest, 100);
    strbuf_init(&receipt, 100);
    strbuf_addf(&manifest, "<manifest of %s/>", instance);
    strbuf_adds(&receipt, "sealed facts");
    assert_int_equal(store->ops->begin(store->self, NULL), ERR_OK);
    assert_int_equal(
        store->ops->submission_insert(store->self, &row, &manifest, &receipt, parts, 2, NULL),
        ERR_OK);
    assert_int_equal(store->ops->commit(store->self, NULL), ERR_OK);
    strbuf_free(&manifest);
    strbuf_free(&receipt);
}
