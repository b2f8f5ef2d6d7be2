// SPDX-License-Identifier: GPL-3.0-or-later
// The worker that asks the district while a resident waits: a connection of its own, so that no
// upload is in the way.
#include "kiosk_workers_internal.h"
#include "wipe.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/curl.h"
#include "yimen/sync/lookup.h"

static enum err open_http(const struct kiosk_config *config, const struct clock *clock,
                          struct http_client *http, struct fail *why)
{
    struct curl_client_options client = {
        .certificate_file = config->certificate_file,
        .key_file = config->key_file,
        .ca_file = config->ca_file,
        .plain_http = config->openrosa_only,
        .user = config->server_user[0] ? config->server_user : NULL,
        .password = config->server_user[0] ? config->server_password : NULL,
        .clock = clock,
        .judge_by = certificates_judge_by,
    };
    return curl_client_open(&client, http, why);
}

void ask_run(struct workers *workers)
{
    struct worker *worker = &workers->worker[WORKER_ASK];
    const struct kiosk_config *config = workers->with.config;
    struct http_client http = {0};
    struct session_request request;
    struct fail why = {0};
    enum err err = open_http(config, workers->with.clock, &http, &why);
    worker_is_ready(workers, err, &why);
    if (err)
        return;
    struct lookup_options options = {
        .http = &http,
        .crypto = workers->with.crypto,
        .clock = workers->with.clock,
        .server = config->server,
        .public_host = config->public_host,
        .device_key_id = config->device_key_id,
        .signing_secret = config->signing_secret,
        .openrosa_only = config->openrosa_only,
    };
    while (worker_take(workers, WORKER_ASK, &request, -1)) {
        struct session_input answer = {.kind = SESSION_TRACKED, .id = request.id};
        if (!atomic_load(&worker->is_stopping))
            answer.tracked = lookup_ask(&options, &request.question);
        memory_wipe(&request, sizeof request);
        worker_answer(workers, &answer);
        wipe_stack();
    }
    curl_client_close(&http);
}
