// SPDX-License-Identifier: GPL-3.0-or-later
// Which sentence a state of a case has. The plain one holds for every service; one with a figure
// stands in its place where the service's limits give the figure.
#include "yimen/content/follow.h"
#include "yimen/base/text.h"
#include <stdio.h>

static void variant(char *key, size_t room, const char *part, const char *state, const char *with)
{
    snprintf(key, room, "follow.%s.%s.%s", part, state, with);
}

void follow_words(const struct service_limit *limit, const char *state, struct follow_words *out)
{
    *out = (struct follow_words){.days = 0};
    snprintf(out->now_key, sizeof out->now_key, "follow.now.%s", state);
    snprintf(out->next_key, sizeof out->next_key, "follow.next.%s", state);
    if (!limit)
        return;
    bool before_publicity = text_equal(state, "30") || text_equal(state, "40");
    if (limit->publicity_days && before_publicity) {
        variant(out->next_key, sizeof out->next_key, "next", state, "public");
        out->days = limit->publicity_days;
    } else if (limit->publicity_days && text_equal(state, "50")) {
        variant(out->now_key, sizeof out->now_key, "now", state, "days");
        out->days = limit->publicity_days;
    } else if (limit->decision_days && text_equal(state, "60")) {
        variant(out->next_key, sizeof out->next_key, "next", state, "days");
        out->days = limit->decision_days;
    } else if (limit->paid_from[0] && text_equal(state, "70")) {
        variant(out->next_key, sizeof out->next_key, "next", state, limit->paid_from);
    }
}

const char *follow_promise(const struct service_limit *limit)
{
    if (!limit || !limit->promised_days)
        return NULL;
    return limit->publicity_days ? "follow.by-days.public" : "follow.by-days";
}
