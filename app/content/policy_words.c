// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/content/policy_words.h"
#include "yimen/base/text.h"
#include <stdio.h>

struct saying {
    const struct texts *texts;
    const char *language;
};

static void say(const struct saying *in, char *out, size_t room, const char *key,
                const char *const *pairs)
{
    texts_fill(out, room, texts_get(in->texts, in->language, key), pairs);
}

// Papers that the district can look up, or those that it cannot.
static size_t list_papers(const struct saying *in, const struct service *service, bool looked_up,
                          char *out, size_t room)
{
    size_t count = 0;
    struct strbuf names;
    strbuf_init(&names, room);
    for (size_t i = 0; i < service->paper_count; i++) {
        char key[64];
        if (service->papers[i].checked_by_data != looked_up)
            continue;
        snprintf(key, sizeof key, "paper.%s.name", service->papers[i].id);
        if (count++)
            strbuf_adds(&names, texts_get(in->texts, in->language, "common.and-comma"));
        strbuf_adds(&names, texts_get(in->texts, in->language, key));
    }
    text_copy(out, room, strbuf_text(&names));
    strbuf_free(&names);
    return count;
}

static void say_papers(const struct saying *in, const struct service *service, char *out,
                       size_t room)
{
    char names[800], part[800];
    struct strbuf all;
    strbuf_init(&all, room);
    if (list_papers(in, service, false, names, sizeof names)) {
        say(in, part, sizeof part, "policy.bring.papers", (const char *[]){"papers", names, NULL});
        strbuf_adds(&all, part);
    }
    if (list_papers(in, service, true, names, sizeof names)) {
        say(in, part, sizeof part, "policy.bring.checked", (const char *[]){"papers", names, NULL});
        strbuf_adds(&all, part);
    }
    text_copy(out, room, strbuf_text(&all));
    strbuf_free(&all);
}

static void say_time(const struct saying *in, const char *owner, const struct service *service,
                     const struct service_limit *limit, char *out, size_t room)
{
    char legal[16], promised[16], hours[16];
    snprintf(legal, sizeof legal, "%d", limit ? limit->legal_days : 0);
    snprintf(promised, sizeof promised, "%d", limit ? limit->promised_days : 0);
    snprintf(hours, sizeof hours, "%d", service ? service->limit_hours : 0);
    const char *const pairs[] = {"legal", legal,   "promised", promised, "hours",
                                 hours,   "owner", owner,      NULL};
    const char *key = service && service->limit_hours ? "urgent.promise"
                      : !limit || !limit->legal_days  ? "policy.time.ask"
                      : limit->promised_days          ? "policy.time.promised"
                                                      : "policy.time.legal";
    say(in, out, room, key, pairs);
}

void policy_words(const struct policies *policies, const struct policy *policy,
                  const struct service *service, const struct service_limit *limit,
                  const struct texts *texts, const char *language, struct policy_words *out)
{
    const struct saying in = {texts, language};
    const struct policy_owner *owner = policies_owner(policies, policy);
    const char *name = policy_title_in(&owner->name, language);
    const char *const pairs[] = {"owner", name, NULL};
    if (policy->bring.zh[0])
        text_copy(out->bring, sizeof out->bring, policy_line_in(&policy->bring, language));
    else if (service && service->paper_count)
        say_papers(&in, service, out->bring, sizeof out->bring);
    else
        say(&in, out->bring, sizeof out->bring, service ? "policy.bring.none" : "policy.bring.ask",
            pairs);
    if (policy->where.zh[0])
        text_copy(out->where, sizeof out->where, policy_line_in(&policy->where, language));
    else
        say(&in, out->where, sizeof out->where,
            service ? "policy.where.here" : "policy.where.owner", pairs);
    say_time(&in, name, service, limit, out->time, sizeof out->time);
    if (owner->phone[0])
        text_copy(out->phone, sizeof out->phone, owner->phone);
    else
        say(&in, out->phone, sizeof out->phone, "policy.phone.hotline", pairs);
}
