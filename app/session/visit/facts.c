// SPDX-License-Identifier: GPL-3.0-or-later
// What a visit is about: what it is called, whose papers it lists, whether it is a secret.
#include "../session_internal.h"
#include "yimen/base/text.h"

const struct service *visit_shown(const struct visit *visit)
{
    return visit->shown ? visit->shown : visit->service;
}

bool visit_is_restricted(const struct visit *visit)
{
    const char *said = visit->record ? record_value(visit->record, "/data/restricted") : NULL;
    return visit->service->restricted || (said && text_equal(said, "yes"));
}

void visit_problem(struct problem *problem, const char *kind, const char *code, bool retry)
{
    static const struct {
        const char *kind, *what, *safe, *next;
    } texts[] = {
        {"disk-full", "problem.disk-full.what", "problem.disk-full.safe", "problem.disk-full.next"},
        {"save-failed", "problem.save-failed.what", "problem.save-failed.safe",
         "problem.save-failed.next"},
        {"correction-bad", "problem.correction-bad.what", "problem.correction-bad.safe",
         "problem.correction-bad.next"},
        {"correction-over", "problem.correction-over.what", "problem.correction-over.safe",
         "problem.correction-over.next"},
        {"form-broken", "problem.form-broken.what", "problem.form-broken.safe",
         "problem.form-broken.next"},
        {"closed", "problem.closed.what", "problem.closed.safe", "problem.closed.next"},
        {"clock", "problem.clock.what", "problem.clock.safe", "problem.clock.next"},
        {"preview", "problem.preview.what", "problem.preview.safe", "problem.preview.next"},
        {"busy", "problem.busy.what", "problem.busy.safe", "problem.busy.next"},
        {"ticket-spent", "problem.ticket-spent.what", "problem.ticket-spent.safe",
         "problem.ticket-spent.next"},
        {"ticket-expired", "problem.ticket-expired.what", "problem.ticket-expired.safe",
         "problem.ticket-expired.next"},
        {"ticket-locked", "problem.ticket-locked.what", "problem.ticket-locked.safe",
         "problem.ticket-locked.next"},
        {"ticket-offline", "problem.ticket-offline.what", "problem.ticket-offline.safe",
         "problem.ticket-offline.next"},
        {"ticket-unknown", "problem.ticket-unknown.what", "problem.ticket-unknown.safe",
         "problem.ticket-unknown.next"},
        {"ticket-gone", "problem.ticket-gone.what", "problem.ticket-gone.safe",
         "problem.ticket-gone.next"},
        {"parked-gone", "problem.parked-gone.what", "problem.parked-gone.safe",
         "problem.parked-gone.next"},
        {"store-damaged", "problem.store-damaged.what", "problem.store-damaged.safe",
         "problem.store-damaged.next"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!text_equal(texts[i].kind, kind))
            continue;
        problem->what_key = texts[i].what;
        problem->safe_key = texts[i].safe;
        problem->next_key = texts[i].next;
    }
    problem->open = true;
    problem->retry = retry;
    text_copy(problem->code, sizeof problem->code, code);
}

const struct service *visit_papers_service(const struct visit *visit)
{
    bool adds = visit->of_service && text_equal(visit->service->id, "add-paper");
    return adds ? visit->of_service : visit->service;
}

bool correction_is_service(const struct service *service)
{
    return text_equal(service->id, "correction");
}
