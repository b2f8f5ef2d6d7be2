// SPDX-License-Identifier: GPL-3.0-or-later
// The invariants. A fault may delay and annoy; it may never make one of these untrue.
#include "simulate.h"
#include "yimen/audit/audit.h"
#include "yimen/base/text.h"

#include <string.h>

void sim_check_step(struct sim_kiosk *kiosk)
{
    struct store_counts counts;
    enum err err = kiosk->store.ops->counts(kiosk->store.self, &counts, NULL);
    kiosk->sim->steps++;
    if (err == ERR_OK && counts.unsent + counts.received < kiosk->known)
        sim_violate(kiosk->sim, "kiosk %d holds %d cases of %d", kiosk->index + 1,
                    (int)(counts.unsent + counts.received), (int)kiosk->known);
    if (err == ERR_OK && counts.open_calls < kiosk->open_calls)
        sim_violate(kiosk->sim, "kiosk %d forgot an urgent call", kiosk->index + 1);
}

struct walk {
    struct sim_kiosk *kiosk;
    int64_t rows, promised;
    struct audit_check audit;
};

static void check_row(void *context, const struct store_submission *row, int print_state)
{
    struct walk *walk = context;
    struct sim *sim = walk->kiosk->sim;
    struct sim_case *known = sim_ledger_find(&sim->ledger, row->instance);
    (void)print_state;
    walk->rows++;
    if (!known || known->kiosk != walk->kiosk->index)
        sim_violate(sim, "kiosk %d holds a case nobody handed in", walk->kiosk->index + 1);
    else if (!sim_ledger_saved(&sim->ledger, known, row->number))
        sim_violate(sim, "receipt number %s is given to two cases", row->number);
    else if ((row->state == STORE_RECEIVED || row->state == STORE_PRUNED) && !known->is_received &&
             sim->district.restores == 0)
        sim_violate(sim, "case %s counts as received and the district never said so", row->number);
    walk->promised += known && known->is_promised;
}

static enum err check_audit(void *context, int64_t sequence, const char *line, size_t length,
                            const uint8_t hash[STORE_HASH], struct fail *why)
{
    struct walk *walk = context;
    return audit_check_line(&walk->audit, sequence, line, length, hash, why);
}

static int64_t promised_by(const struct sim *sim, int kiosk)
{
    int64_t count = 0;
    for (size_t i = 0; i < sim->ledger.count; i++)
        count += sim->ledger.cases[i].kiosk == kiosk && sim->ledger.cases[i].is_promised;
    return count;
}

void sim_check_kiosk(struct sim_kiosk *kiosk)
{
    struct sim *sim = kiosk->sim;
    const struct kiosk_store *store = &kiosk->store;
    struct walk walk = {.kiosk = kiosk};
    struct fail why = {0};
    audit_check_begin(&walk.audit, sim->kit->crypto);
    enum err err =
        store->ops->submission_list(store->self, LIMIT_QUEUE_ROWS, check_row, &walk, &why);
    if (!err)
        err = store->ops->audit_walk(store->self, check_audit, &walk, &why);
    if (!err)
        err = store->ops->integrity(store->self, &why);
    if (err == ERR_CORRUPT)
        sim_violate(sim, "kiosk %d: %s", kiosk->index + 1, why.text);
    if (err)
        return; // the disk failed just now: the next check will tell
    if (walk.promised != promised_by(sim, kiosk->index))
        sim_violate(sim, "kiosk %d lost %d saved cases", kiosk->index + 1,
                    (int)(promised_by(sim, kiosk->index) - walk.promised));
    if (walk.rows < kiosk->known)
        sim_violate(sim, "kiosk %d holds %d cases, and held %d", kiosk->index + 1, (int)walk.rows,
                    (int)kiosk->known);
    kiosk->known = walk.rows;
    sim_check_step(kiosk);
}

void sim_check_district(struct sim *sim)
{
    const struct district_store *store = &sim->district.store;
    struct district_case row;
    struct fail why = {0};
    int64_t entries = 0;
    for (size_t i = 0; i < sim->ledger.count; i++) {
        struct sim_case *known = &sim->ledger.cases[i];
        if (!known->has_digest)
            continue;
        enum err err = store->ops->case_get(store->self, known->instance, &row, &why);
        if (err && err != ERR_NOT_FOUND)
            return; // the disk failed just now: the next check will tell
        if (err && known->is_received)
            sim_violate(sim, "the district lost %s after it said 201", known->number);
        if (err)
            continue;
        known->is_received = true;
        if (!text_equal(row.submission.receipt, known->number) ||
            memcmp(row.submission.manifest_digest, known->digest, CRYPTO_HASH) != 0)
            sim_violate(sim, "the district holds other bytes of %s than it was sent",
                        known->number);
    }
    if (district_audit_verify(sim->district.district, &entries, &why) == ERR_CORRUPT)
        sim_violate(sim, "the district: %s", why.text);
}

bool sim_check_drained(struct sim *sim)
{
    for (int i = 0; i < sim->plan.kiosks; i++) {
        struct sim_kiosk *kiosk = &sim->kiosks[i];
        struct store_counts counts;
        if (!kiosk->is_on || sim_network_late(&kiosk->network) > 0 ||
            kiosk->store.ops->counts(kiosk->store.self, &counts, NULL) != ERR_OK ||
            counts.unsent > 0)
            return false;
    }
    for (size_t i = 0; i < sim->ledger.count; i++)
        if (sim->ledger.cases[i].is_durable && !sim->ledger.cases[i].is_received)
            return false;
    return sim->district.is_on;
}

struct tally {
    struct sim *sim;
    struct sim_result *out;
};

static void count_row(void *context, const struct district_case *row)
{
    struct tally *tally = context;
    struct sim *sim = tally->sim;
    const struct sim_case *known = sim_ledger_find(&sim->ledger, row->submission.instance);
    tally->out->received++;
    // A receipt number is one case's: two rows with one number would be one visit twice.
    if (!known || known != sim_ledger_by_number(&sim->ledger, row->submission.receipt)) {
        tally->out->doubled++;
        sim_violate(sim, "the district holds %s twice", row->submission.receipt);
    }
    if (row->opened == DISTRICT_QUARANTINED)
        sim_violate(sim, "the district cannot open %s: %s", row->submission.receipt, row->reason);
}

void sim_check_end(struct sim *sim, struct sim_result *out)
{
    struct tally tally = {sim, out};
    const struct district_store *store = &sim->district.store;
    struct store_submission row;
    for (int i = 0; i < sim->plan.kiosks; i++)
        if (sim->kiosks[i].is_on)
            sim_check_kiosk(&sim->kiosks[i]);
    if (sim->district.is_on) {
        sim_check_district(sim);
        if (store->ops->case_each(store->self, count_row, &tally, NULL) != ERR_OK)
            sim_violate(sim, "the district's cases cannot be read");
    }
    for (size_t i = 0; i < sim->ledger.count; i++) {
        const struct sim_case *known = &sim->ledger.cases[i];
        const struct sim_kiosk *kiosk = &sim->kiosks[known->kiosk];
        out->submitted += known->is_durable;
        if (!known->is_durable || known->is_received)
            continue;
        bool is_there =
            kiosk->is_on && kiosk->store.ops->submission_get(kiosk->store.self, known->instance,
                                                             false, &row, NULL) == ERR_OK;
        out->lost += !is_there;
    }
    if (out->lost > 0)
        sim_violate(sim, "%ld cases are lost", out->lost);
    if (out->received != out->submitted)
        sim_violate(sim, "%ld cases were saved, %ld are at the district", out->submitted,
                    out->received);
}
