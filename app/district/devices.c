// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosks as staff see them.
#include "audit_proof.h"

#include "yimen/base/when.h"
#include "yimen/case/receipt_number.h"

#include <stdlib.h>

static json_t *time_or_empty(int64_t utc_ms)
{
    char text[32] = "";
    if (utc_ms)
        when_format_utc(utc_ms, text);
    return json_string(text);
}

static void add_device(void *context, const struct district_device *device,
                       const struct district_stored *stored)
{
    json_array_append_new(
        context,
        json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:I, s:I, s:o, s:b, s:b, s:I, s:b}", "device",
                  device->id, "counter", device->counter, "incarnation", device->incarnation,
                  "enrolled", time_or_empty(device->enrolled_utc_ms), "heard",
                  time_or_empty(device->seen_utc_ms), "revoked",
                  time_or_empty(device->revoked_utc_ms), "saves", (json_int_t)device->saves,
                  "audit_sequence", (json_int_t)device->audit_sequence, "audit_forked",
                  time_or_empty(device->forked_utc_ms), "audit_still",
                  device->audit_still >= AUDIT_STANDS_STILL, "frozen", device->frozen,
                  "bytes_today", (json_int_t)stored->bytes, "over_share", stored->refused));
}

enum err district_devices(struct district *district, struct strbuf *out, struct fail *why)
{
    const struct district_store *store = district->options.store;
    json_t *list = json_array();
    int day = receipt_day(clock_now(district->options.clock).utc_ms);
    enum err err = store->ops->device_each(store->self, day, add_device, list, why);
    if (!err)
        return json_tell(list, out, why);
    json_decref(list);
    return err;
}
