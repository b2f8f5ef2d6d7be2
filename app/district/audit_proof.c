// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk's audit may only grow. It shows that by the entries between the head that we have and the
// one it tells: from our hash they must lead to the new one. So whoever checks a kiosk against its
// last head checks it against all that came before, and who has the kiosk's key cannot put another
// history in place of what was told once.
#include "audit_proof.h"

#include "yimen/audit/head.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 86400000 };

bool told_head_read(const struct district *district, const struct district_device *device,
                    const json_t *beat, struct told_head *out)
{
    const json_t *sequence = json_object_get(beat, "audit_sequence");
    const json_t *after = json_object_get(beat, "audit_after");
    struct audit_head head = {.sequence = json_integer_value(sequence)};
    *out =
        (struct told_head){.hash = json_string_value(json_object_get(beat, "audit_head")),
                           .signature = json_string_value(json_object_get(beat, "audit_signature")),
                           .sequence = head.sequence,
                           .after = json_is_integer(after) ? json_integer_value(after) : -1,
                           .entries = json_string_value(json_object_get(beat, "audit_entries"))};
    if (!out->hash || strlen(out->hash) > 2 * (size_t)AUDIT_HASH)
        return false;
    if (!out->signature)
        return true;
    return json_is_integer(sequence) && audit_unhex(out->hash, head.hash, AUDIT_HASH) &&
           audit_unhex(out->signature, head.signature, CRYPTO_SIGNATURE) &&
           audit_head_check(district->options.crypto, device->public_key, &head, NULL) == ERR_OK;
}

// Do the entries lead from the head that we have to the one that was told?
static bool leads_there(const struct district *district, const struct district_device *device,
                        const struct told_head *told)
{
    size_t length = told->entries ? strlen(told->entries) / 2 : 0;
    unsigned char hash[AUDIT_HASH] = {0};
    char *lines = malloc(length + 1), reached[2 * AUDIT_HASH + 1];
    int64_t sequence = device->audit_sequence;
    bool good =
        lines && length > 0 && audit_unhex(told->entries, (unsigned char *)lines, length) &&
        audit_unhex(device->audit_head, hash, AUDIT_HASH) &&
        audit_follow(district->options.crypto, &sequence, hash, lines, length, NULL) == ERR_OK;
    free(lines);
    audit_hex(hash, AUDIT_HASH, reached);
    return good && sequence == told->sequence && text_equal(reached, told->hash);
}

enum audit_step audit_step(const struct district *district, const struct district_device *device,
                           const struct told_head *told)
{
    if (!told->signature || device->forked_utc_ms || told->sequence < device->audit_sequence)
        return AUDIT_STAYS;
    if (device->audit_sequence == 0)
        return AUDIT_MOVES;
    if (told->sequence == device->audit_sequence)
        return text_equal(told->hash, device->audit_head) ? AUDIT_MOVES : AUDIT_FORKED;
    if (told->after != device->audit_sequence) // it hears from which entry on we want them
        return AUDIT_STAYS;
    return leads_there(district, device, told) ? AUDIT_MOVES : AUDIT_FORKED;
}

// One beat may tell of a head that we cannot follow yet, and hears from where on: a true kiosk's
// next one moves.
int audit_still(const struct district *district, const struct district_device *device,
                enum audit_step step, const struct told_head *told)
{
    const struct district_store *store = district->options.store;
    int64_t since_ms = 0, now_ms = clock_now(district->options.clock).utc_ms;
    if (step == AUDIT_MOVES && told->sequence > device->audit_sequence)
        return 0;
    if (store->ops->device_unaudited(store->self, device->id, &since_ms, NULL) != ERR_OK)
        return -1;
    bool is_overdue = since_ms > 0 && now_ms - since_ms >= DAY_MS && !device->forked_utc_ms;
    return device->audit_still + (is_overdue && device->audit_still < AUDIT_STANDS_STILL + 1);
}

enum err audit_still_alarm(struct district *district, const struct district_device *device,
                           struct fail *why)
{
    char detail[64];
    snprintf(detail, sizeof detail, "at %" PRId64 " while cases came", device->audit_sequence);
    log_event(LOG_ERROR, "district", "device-audit-stands-still", "device=%s counter=%s %s",
              device->id, device->counter, detail);
    return chain_add(district, "device.audit-still", device->id, "district", detail, why);
}

enum err audit_alarm(struct district *district, const struct district_device *device,
                     const struct told_head *told, struct fail *why)
{
    char detail[200];
    snprintf(detail, sizeof detail, "kept %" PRId64 " %.64s, told %" PRId64 " %.64s",
             device->audit_sequence, device->audit_head, told->sequence, told->hash);
    log_event(LOG_ERROR, "district", "device-forked", "device=%s counter=%s %s", device->id,
              device->counter, detail);
    return chain_add(district, "device.forked", device->id, "district", detail, why);
}

enum err district_accept_audit(struct district *district, const char *device_id, const char *actor,
                               const char *reason, struct fail *why)
{
    const struct district_store *store = district->options.store;
    if (text_is_blank(reason))
        return fail_set(why, ERR_INPUT, "why may a new history begin? A reason is wanted");
    enum err err = store->ops->device_accept_audit(store->self, device_id, why);
    return err ? err : chain_add(district, "device.audit-accepted", device_id, actor, reason, why);
}
