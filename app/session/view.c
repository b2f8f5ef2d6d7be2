// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of the moment, built anew after each step that changed something: every room draws
// its part, the one that takes the touch first last.
#include "session_internal.h"
#include <string.h>

void view_build(struct session *session)
{
    struct view *view = &session->view;
    uint64_t change = view->change + 1;
    memset(view, 0, sizeof *view);
    view->change = change;
    view->catalogue = session->options.catalogue;
    view->counter_name = session->counter_name;
    view->who = view->name = view->id_number = view->name_problem = view->id_problem = "";
    view->pack_version = session->options.pack_version;
    view->stuck_contacts = session->stuck_contacts;
    view->preview = session->options.preview;
    view->visit_open =
        session->visit != NULL || session->track != NULL || session->place != PLACE_ATTRACT;
    for (int i = ROOM_COUNT - 1; i > ROOM_NONE; i--)
        if (session_rooms[i].view)
            session_rooms[i].view(session, view);
}
