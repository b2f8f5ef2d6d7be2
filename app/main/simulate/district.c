// SPDX-License-Identifier: GPL-3.0-or-later
// The district: the real ingest, opener and store, on a disk that fails, too.
#include "simulate.h"
#include "yimen/base/text.h"
#include "yimen/case/status.h"
#include "yimen/driver/sqlite_district.h"

#include <stdlib.h>
#include <string.h>

enum { DISK_BYTES = 1 << 30, WORK_EVERY = 20 * SIM_MINUTE, CODE_HOURS = 24, CHANGES_AHEAD = 200 };

static const char disk_name[] = "district", database_name[] = "district.db";

static void plan(struct sim *sim, enum sim_what what, int64_t in_ms)
{
    (void)sim_events_add(
        &sim->events, (struct sim_event){.at_ms = sim->now_ms + in_ms, .what = what, .kiosk = -1});
}

static void stop(struct sim_district *district)
{
    district_close(district->district);
    sqlite_district_close(&district->store);
    district->district = NULL;
    district->is_on = false;
}

static enum err open_core(struct sim *sim, struct fail *why)
{
    struct sim_district *district = &sim->district;
    const struct sim_kit *kit = sim->kit;
    struct district_options options = {
        .store = &district->store,
        .crypto = kit->crypto,
        .clock = &district->clock.clock,
        .sealing_public = {kit->sealing_public.data, kit->sealing_public.length},
        .sealing_key_id = "simulated",
        .public_host = "simulated.example",
        .sealing_private = {kit->sealing_private.data, kit->sealing_private.length},
        .record_secret = district->record_secret,
        .catalogue = kit->catalogue,
    };
    enum err err = sqlite_district_open_on(disk_name, database_name, &district->store, why);
    return err ? err : district_open(&options, &district->district, why);
}

void sim_district_start(struct sim *sim)
{
    struct sim_district *district = &sim->district;
    struct fail why = {0};
    if (district->is_on)
        return;
    sim_disk_power_on(district->disk);
    enum err err = open_core(sim, &why);
    sim_trace(sim, -1, "started: %s", err ? why.text : "ok");
    if (err == ERR_CORRUPT)
        sim_violate(sim, "the district does not start: %s", why.text);
    if (err || sim_disk_is_off(district->disk)) {
        stop(district);
        plan(sim, SIM_DISTRICT_ON, SIM_MINUTE);
        return;
    }
    district->is_on = true;
    sim_check_district(sim);
}

enum err sim_district_begin(struct sim *sim, struct fail *why)
{
    struct sim_district *district = &sim->district;
    const struct crypto *crypto = sim->kit->crypto;
    struct district_form form = {.id = "simulation", .version = "1", .title = "Simulation"};
    district->random = sim_random_begin(sim->plan.seed, 2);
    sim_clock_begin(&district->clock, &sim->now_ms, 9999);
    crypto->ops->random(crypto->self, district->record_secret, sizeof district->record_secret);
    enum err err = sim_disk_open(disk_name, sim_random_next(&district->random), DISK_BYTES,
                                 &district->disk, why);
    if (!err)
        err = open_core(sim, why);
    if (!err)
        err = district->store.ops->form_put(district->store.self, &form, "<form/>", 7, sim->now_ms,
                                            why);
    district->is_on = !err;
    plan(sim, SIM_DISTRICT_WORK, WORK_EVERY);
    if (sim->plan.faults > 0)
        plan(sim, SIM_DISTRICT_FAULT, SIM_HOUR);
    if (sim->plan.restores)
        plan(sim, SIM_DISTRICT_BACKUP, 3 * SIM_HOUR);
    return err;
}

void sim_district_end(struct sim *sim)
{
    stop(&sim->district);
    sim_disk_image_free(sim->district.backup);
    sim_disk_close(sim->district.disk);
}

enum err sim_district_register(struct sim *sim, const struct sim_kiosk *kiosk, struct fail *why)
{
    const struct district_store *store = &sim->district.store;
    uint8_t code[CRYPTO_HASH] = {(uint8_t)kiosk->index, 1};
    struct district_device device = {.incarnation = kiosk->incarnation,
                                     .enrolled_utc_ms = sim->now_ms};
    text_copy(device.id, sizeof device.id, kiosk->device_id);
    text_copy(device.counter, sizeof device.counter, kiosk->counter);
    text_copy(device.key_id, sizeof device.key_id, kiosk->key_id);
    text_copy(device.fingerprint, sizeof device.fingerprint, kiosk->fingerprint);
    memcpy(device.public_key, kiosk->public_key, CRYPTO_PUBLIC);
    enum err err = store->ops->code_put(store->self, code, kiosk->counter,
                                        sim->now_ms + CODE_HOURS * (int64_t)SIM_HOUR, why);
    return err ? err : store->ops->device_add(store->self, code, &device, why);
}

static bool fell(struct sim *sim)
{
    struct sim_district *district = &sim->district;
    if (!district->is_on || !sim_disk_is_off(district->disk))
        return !district->is_on;
    sim_trace(sim, -1, "is off");
    sim->power_cuts++;
    stop(district);
    sim_clock_reboot(&district->clock, TIME_RTC);
    plan(sim, SIM_DISTRICT_ON, sim_random_wait(&district->random, 4 * SIM_MINUTE));
    return true;
}

// ---- requests

static const struct http_server_part *manifest_part(const struct http_exchange *exchange)
{
    for (size_t i = 0; i < exchange->part_count; i++)
        if (text_equal(exchange->parts[i].name, "xml_submission_file"))
            return &exchange->parts[i];
    return NULL;
}

// A 201 that leaves the district is a promise; and one instance has one manifest, for ever.
static void note_submission(struct sim *sim, const struct http_exchange *exchange)
{
    const struct http_server_part *part = manifest_part(exchange);
    struct manifest *manifest = calloc(1, sizeof *manifest);
    uint8_t digest[CRYPTO_DIGEST_MAX];
    struct sim_case *known = NULL;
    if (part && manifest && manifest_read(part->data, part->length, manifest, NULL) == ERR_OK)
        known = sim_ledger_find(&sim->ledger, manifest->instance_id);
    int files = known ? (int)manifest->file_count : 0;
    free(manifest);
    if (!known) {
        sim_violate(sim, "a submission of an unknown case was answered with %d", exchange->status);
        return;
    }
    if (files != known->pages + 2)
        sim_violate(sim, "case %s has %d files, and %d pages were scanned", known->instance, files,
                    known->pages);
    const struct crypto *crypto = sim->kit->crypto;
    crypto->ops->digest(crypto->self, DIGEST_SHA256, part->data, part->length, digest);
    if (known->has_digest && memcmp(known->digest, digest, CRYPTO_HASH) != 0)
        sim_violate(sim, "case %s was received with two manifests", known->instance);
    memcpy(known->digest, digest, CRYPTO_HASH);
    known->has_digest = known->is_received = true;
}

void sim_district_handle(void *context, struct http_exchange *exchange)
{
    struct sim *sim = context;
    struct sim_district *district = &sim->district;
    exchange->status = 0;
    if (!district->is_on)
        return;
    district_handle_device(district->district, exchange);
    sim_trace(sim, -1, "%s %.24s of %s: %d", exchange->method, exchange->path,
              exchange->peer_device, exchange->status);
    if (fell(sim))
        exchange->status = 0;
    else if (exchange->status == 201)
        note_submission(sim, exchange);
    else if (text_starts(exchange->path, "/v1/parts/") && exchange->status == 409)
        return; // a piece that came late or twice: told where the part goes on
    else if (exchange->status == 400 || exchange->status == 403 || exchange->status == 409)
        sim_violate(sim, "the district refused %s with %d", exchange->path, exchange->status);
}

// ---- what it does by itself

// A clerk moves any one case on, as its present state allows.
static void decide(struct sim *sim)
{
    struct sim_district *district = &sim->district;
    struct district_case row;
    struct fail why = {0};
    if (sim->ledger.count == 0)
        return;
    const struct sim_case *known =
        &sim->ledger.cases[sim_random_below(&district->random, (int64_t)sim->ledger.count)];
    if (!known->is_received ||
        district->store.ops->case_get(district->store.self, known->instance, &row, NULL) != ERR_OK)
        return;
    const struct status *status = status_find(row.status);
    if (!status || !status->next[0])
        return;
    struct district_decision decision = {
        .receipt = known->number, .status = status->next[0], .reason = "", .actor = "d-1"};
    enum err err = district_set_status(district->district, &decision, &why);
    sim_trace(sim, -1, "decides %s: %s", known->number, err ? why.text : decision.status);
}

static void work(struct sim *sim)
{
    struct sim_district *district = &sim->district;
    struct fail why = {0};
    int opened = 0;
    if (district_open_waiting(district->district, &opened, &why) != ERR_OK)
        sim_trace(sim, -1, "opener: %s", why.text);
    else if (opened > 0)
        sim_trace(sim, -1, "opened %d", opened);
    if (!sim_disk_is_off(district->disk) && !sim->is_draining)
        decide(sim);
    (void)fell(sim);
}

static void restore(struct sim *sim)
{
    struct sim_district *district = &sim->district;
    struct fail why = {0};
    if (!district->backup)
        return;
    stop(district);
    sim_disk_power_on(district->disk);
    if (sim_disk_restore(district->disk, district->backup, &why) != ERR_OK)
        sim_violate(sim, "restoring: %s", why.text);
    district->restores++;
    sim_trace(sim, -1, "is restored from its backup");
    for (size_t i = 0; i < sim->ledger.count; i++) // what it promised is gone, and known to be
        sim->ledger.cases[i].is_received = false;
    sim_district_start(sim);
}

static void fault(struct sim *sim)
{
    static const int64_t gaps[] = {0, 24 * SIM_HOUR, 8 * SIM_HOUR, 3 * SIM_HOUR};
    struct sim_district *district = &sim->district;
    if (sim->is_draining)
        return;
    long at = (long)sim_random_between(&district->random, 1, CHANGES_AHEAD);
    int64_t chance = sim_random_below(&district->random, sim->plan.restores ? 6 : 5);
    sim_trace(sim, -1, "fault %d", (int)chance);
    if (chance < 2)
        sim_disk_plan(district->disk, SIM_DISK_POWER_CUT, at);
    else if (chance == 2)
        sim_disk_plan(district->disk, SIM_DISK_ERROR_ONCE, at);
    else if (chance == 3)
        sim_disk_cut(district->disk);
    else if (chance == 4)
        sim_disk_kill(district->disk);
    else if (district->is_on)
        restore(sim);
    (void)fell(sim);
    plan(sim, SIM_DISTRICT_FAULT, sim_random_wait(&district->random, gaps[sim->plan.faults]));
}

static void back_up(struct sim *sim)
{
    struct sim_district *district = &sim->district;
    struct fail why = {0};
    if (district->is_on && !sim->is_draining) {
        sim_disk_image_free(district->backup);
        district->backup = NULL;
        if (sim_disk_save(district->disk, &district->backup, &why) != ERR_OK)
            sim_violate(sim, "backup: %s", why.text);
        enum err err = district_backup_verified(district->district, sim->now_ms, "d-1", &why);
        sim_trace(sim, -1, "backup: %s", err ? why.text : "verified");
        (void)fell(sim);
    }
    plan(sim, SIM_DISTRICT_BACKUP, SIM_DAY / 2);
}

void sim_district_step(struct sim *sim, struct sim_event *event)
{
    if (event->what == SIM_DISTRICT_ON)
        sim_district_start(sim);
    else if (event->what == SIM_DISTRICT_FAULT)
        fault(sim);
    else if (event->what == SIM_DISTRICT_BACKUP)
        back_up(sim);
    else if (event->what == SIM_DISTRICT_WORK) {
        if (sim->district.is_on)
            work(sim);
        plan(sim, SIM_DISTRICT_WORK, WORK_EVERY);
    }
}
