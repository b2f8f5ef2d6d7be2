// SPDX-License-Identifier: GPL-3.0-or-later
// The places where visits lie that were put away.
#include "../session_internal.h"
#include "yimen/base/text.h"

void park_forget(struct parked *place)
{
    strbuf_free(&place->sealed);
    for (size_t i = 0; i < PARK_CODES; i++)
        strbuf_free(&place->keys[i]);
    memory_wipe(place, sizeof *place);
}

void park_came_back(struct session *session)
{
    for (size_t i = 0; i < PARK_PLACES; i++)
        if (session->park.places[i].is_open)
            park_forget(&session->park.places[i]);
}

void park_not_back(struct session *session)
{
    for (size_t i = 0; i < PARK_PLACES; i++)
        session->park.places[i].is_open = false;
}
