// SPDX-License-Identifier: GPL-3.0-or-later
// What the clock is measured by at a start.
#include "kiosk_time.h"

#include "yimen/base/log.h"
#include "yimen/driver/sqlite.h"
#include "yimen/driver/system.h"
#include "yimen/outbox/outbox.h"

void kiosk_know_time(const struct kiosk_config *config, const struct crypto *crypto,
                     struct clock *clock)
{
    struct sqlite_kiosk_store_options options = {
        .path = config->store_file, .crypto = crypto, .read_only = true};
    struct when built = {.utc_ms = YIMEN_BUILT_S * 1000LL}, known = {0};
    struct kiosk_store store = {0};
    struct fail why = {0};
    system_clock_trust(clock, &built);
    enum err err = sqlite_kiosk_store_open(&options, &store, &why);
    if (!err)
        err = outbox_known_time(&store, &known, &why);
    if (!err)
        system_clock_trust(clock, &known);
    else if (err != ERR_NOT_FOUND)
        log_fail(LOG_WARNING, "kiosk", "time-known", &why);
    sqlite_kiosk_store_close(&store);
}
