// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the record inside a sealed case: whoever has a device's key can seal what they like.
// First byte: of which service. What the opener reads of it, files for its owner and shows to a
// clerk never falls over it, and never shows what the owner proves themselves with.
#include "app/district/lookup_internal.h"
#include "golden/views.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/sqlite_district.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static char path[64];

static struct when fuzz_now(void *self)
{
    (void)self;
    return (struct when){.utc_ms = 1795398000000, .monotonic_ms = 1};
}

static void remove_database(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char name[80];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static struct district *open_district(struct district_store *store)
{
    static const struct clock_ops clock_ops = {fuzz_now};
    static const struct clock clock = {&clock_ops, NULL};
    static const uint8_t lookup_key[CRYPTO_KEY] = {1}, record_secret[CRYPTO_KEY] = {2};
    static struct crypto crypto;
    static struct files assets;
    static struct texts *texts;
    static struct catalogue *catalogue;
    struct district *district = NULL;
    assets = sample_assets();
    snprintf(path, sizeof path, "/tmp/yimen-fuzz-opened-%d.db", (int)getpid());
    log_set_level(LOG_NONE);
    if (sodium_crypto_open(&crypto, NULL) || sqlite_district_open(path, store, NULL) ||
        texts_load(&assets, &texts, NULL) || catalogue_load(&assets, &catalogue, NULL) ||
        district_open(&(struct district_options){.store = store,
                                                 .crypto = &crypto,
                                                 .clock = &clock,
                                                 .texts = texts,
                                                 .catalogue = catalogue,
                                                 .record_secret = record_secret,
                                                 .lookup_key = lookup_key},
                      &district, NULL))
        abort();
    atexit(remove_database);
    return district;
}

// As the desk's page has it: what opens the case stands in no answer.
static void show(struct district *district, const struct manifest *manifest,
                 const struct opened *opened)
{
    struct district_case at = {.status = "10", .opened = DISTRICT_OPENED};
    text_copy(at.submission.instance, sizeof at.submission.instance, manifest->instance_id);
    text_copy(at.submission.service, sizeof at.submission.service, manifest->seal.service);
    json_t *body = case_describe(district, &at, opened);
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    if (text && strstr(text, "<of_proof>AAAA"))
        abort();
    free(text);
    json_decref(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const services[] = {"urgent-relief", "minimum-living", "withdraw",
                                           "expenditure-relief", "nothing"};
    static const char *const paths[] = {"/data/visit/of",
                                        "/data/visit/of_proof",
                                        "/data/a[2]/b",
                                        "/data/applicant/id_number",
                                        "/x",
                                        ""};
    static struct district_store store;
    static struct district *district;
    static struct manifest manifest;
    char value[512], factor[TRACK_FACTOR];
    struct lookup_row row;
    if (!district)
        district = open_district(&store);
    if (length == 0)
        return 0;
    text_copy(manifest.instance_id, sizeof manifest.instance_id, "uuid:1");
    text_copy(manifest.form_id, sizeof manifest.form_id, "urgent-relief");
    text_copy(manifest.seal.service, sizeof manifest.seal.service, services[bytes[0] % 5]);
    struct attachment record = {.length = length - 1, .data = malloc(length)};
    if (!record.data)
        abort();
    memcpy(record.data, bytes + 1, length - 1);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (opened_value(&record, paths[i], value, sizeof value, NULL) == ERR_OK &&
            strlen(value) >= sizeof value)
            abort();
    lookup_factor_of(district, manifest.seal.service, &record, factor);
    if (factor[0] && !track_factor_is_whole(factor))
        abort();
    struct opened *opened = calloc(1, sizeof *opened);
    if (!opened)
        abort();
    opened->files[opened->count++] = record;
    (void)!lookup_file(district, &manifest, opened, &row, NULL);
    strbuf_free(&row.facts);
    show(district, &manifest, opened);
    free(opened); // its record is the input's
    free(record.data);
    return 0;
}
