// SPDX-License-Identifier: GPL-3.0-or-later
// A device's share of the disk: so many bytes on a day of the district. What is over it stays in
// the kiosk, which loses nothing by waiting; urgent cases have a tenth more, so that a kiosk which
// has used up its day with scans still gets a call for help through.
#include "district_internal.h"

#include "yimen/base/log.h"
#include "yimen/case/receipt_number.h"

#include <stdio.h>

enum { DAY_S = 86400, MEGABYTE = 1 << 20, URGENT_PART = 10, KEPT_DAYS = 31 };

struct district_share quota_share(const struct district *district, bool urgent)
{
    int64_t bytes = district->options.device_bytes_a_day;
    int64_t now_ms = clock_now(district->options.clock).utc_ms;
    return (struct district_share){
        .day = receipt_day(now_ms),
        .kept_from = receipt_day(now_ms - (int64_t)KEPT_DAYS * DAY_S * 1000),
        .bytes_a_day = urgent ? bytes + bytes / URGENT_PART : bytes,
    };
}

void quota_answer(const struct district *district, const struct district_device *device,
                  struct http_exchange *exchange)
{
    int64_t now_ms = clock_now(district->options.clock).utc_ms;
    int64_t left_s = (district_midnight(district_day(now_ms) + 1) - now_ms + 999) / 1000;
    long long megabytes = (long long)(district->options.device_bytes_a_day / MEGABYTE);
    char line[64], message[160];
    log_event(LOG_WARNING, "district", "share-of-day-used-up",
              "device=%s counter=%s megabytes=%lld", device->id, device->counter, megabytes);
    snprintf(message, sizeof message,
             "this kiosk has stored its %lld MB of today; the case is safe in the kiosk and will "
             "be taken tomorrow",
             megabytes);
    snprintf(line, sizeof line, "Retry-After: %lld", (long long)left_s);
    openrosa_answer(exchange, 429, "submit_failure", message);
    answer_header(exchange, line);
}
