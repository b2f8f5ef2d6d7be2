// SPDX-License-Identifier: GPL-3.0-or-later
// The moments of a record at which actions run: it begins, it is about to be sent. Each action sees
// what the one before it brought about.
#include "record_internal.h"

static void run_all(struct record *record, unsigned wanted)
{
    for (const struct form_action *at = record->form->actions; at != NULL; at = at->next) {
        if ((at->events & wanted) == 0)
            continue;
        event_run(record, at);
        recompute_run(record);
    }
}

void moment_load(struct record *record, bool first)
{
    run_all(record, EVENT_LOAD | (first ? (unsigned)EVENT_FIRST_LOAD : 0U));
}

void moment_finish(struct record *record)
{
    preload_finish(record);
    recompute_run(record);
    run_all(record, EVENT_REVALIDATE);
}
