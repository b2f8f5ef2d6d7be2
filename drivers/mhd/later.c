// SPDX-License-Identifier: GPL-3.0-or-later
// Answers that wait. What is filed is told when the turn's one commit is done. And whoever asks
// faster than it may is not told so at once, for it would only ask again: its connection rests, and
// nothing of it costs anything until the answer is due.
#include "mhd_internal.h"

#include "yimen/base/text.h"

#include <string.h>

static void push(struct request **list, struct request *request)
{
    request->next_waiting = *list;
    *list = request;
}

static void let_wait(struct request *request)
{
    request->due_ms = monotonic_ms() + request->exchange.answer_after_ms;
    push(&request->server->waiting, request);
}

enum MHD_Result later_send(struct request *request)
{
    if (request->exchange.after_turn)
        push(&request->server->of_turn, request);
    else
        let_wait(request);
    body_end(&request->body); // it has been heard
    MHD_suspend_connection(request->connection);
    return MHD_YES;
}

// Nothing of it has happened: it is to be asked again.
static void take_back(struct http_exchange *exchange)
{
    strbuf_clear(&exchange->reply);
    memset(exchange->reply_headers, 0, sizeof exchange->reply_headers);
    text_copy(exchange->reply_headers[0], sizeof exchange->reply_headers[0], "Retry-After: 5");
    exchange->status = MHD_HTTP_SERVICE_UNAVAILABLE;
}

void later_end_turn(struct mhd_server *server)
{
    const struct http_server_config *config = &server->config;
    bool good = !config->end_turn || config->end_turn(config->context);
    while (server->of_turn) {
        struct request *request = server->of_turn;
        server->of_turn = request->next_waiting;
        if (!good)
            take_back(&request->exchange);
        let_wait(request);
    }
}

int later_wait_ms(const struct mhd_server *server)
{
    int64_t now_ms = monotonic_ms(), least = -1;
    for (const struct request *request = server->waiting; request;
         request = request->next_waiting) {
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
