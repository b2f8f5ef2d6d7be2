// SPDX-License-Identifier: GPL-3.0-or-later
// Where a room wants to be next. It says so and returns; whoever called it from above goes there
// (../goes.c), so that no room knows its neighbours.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <assert.h>

void go_to(struct session *session, const struct go *go)
{
    assert(session->go_count < GOES);
    session->goes[session->go_count++] = *go;
}

void go_to_step(struct session *session, enum visit_step step)
{
    go_to(session, &(struct go){.kind = GO_STEP, .step = step});
}

void go_forward(struct session *session)
{
    go_to(session, &(struct go){.kind = GO_FORWARD});
}

void go_home(struct session *session, const char *reason)
{
    go_to(session, &(struct go){.kind = GO_HOME, .reason = reason});
}

bool go_is_wanted(const struct session *session)
{
    return session->go_count > 0;
}

bool go_take(struct session *session, struct go *out)
{
    if (!session->go_count)
        return false;
    *out = session->goes[0];
    session->go_count--;
    for (size_t i = 0; i < session->go_count; i++)
        session->goes[i] = session->goes[i + 1];
    memory_wipe(&session->goes[session->go_count], sizeof session->goes[0]);
    return true;
}
