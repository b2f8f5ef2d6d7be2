// SPDX-License-Identifier: GPL-3.0-or-later
// Answers that wait. Whoever asks faster than it may is not told so at once, for it would only ask
// again: its connection rests, and nothing of it costs anything until the answer is due.
#include "mhd_internal.h"

enum MHD_Result later_send(struct request *request)
{
    struct mhd_server *server = request->server;
    request->due_ms = monotonic_ms() + request->exchange.answer_after_ms;
    request->next_waiting = server->waiting;
    server->waiting = request;
    body_end(&request->body); // it has been heard
    MHD_suspend_connection(request->connection);
    return MHD_YES;
}

int later_wait_ms(const struct mhd_server *server)
{
    int64_t now_ms = monotonic_ms(), least = -1;
    for (const struct request *request = server->waiting; request; request = request->next_waiting) {
        int64_t rest = request->due_ms > now_ms ? request->due_ms - now_ms : 0;
        if (least < 0 || rest < least)
            least = rest;
    }
    return (int)least;
}

void later_resume(struct mhd_server *server, bool all)
{
    int64_t now_ms = monotonic_ms();
    struct request **link = &server->waiting;
    while (*link) {
        struct request *request = *link;
        if (!all && request->due_ms > now_ms) {
            link = &request->next_waiting;
            continue;
        }
        *link = request->next_waiting;
        MHD_resume_connection(request->connection); // request_step is asked again
    }
}
