// SPDX-License-Identifier: GPL-3.0-or-later
// New tokens of receipts that were printed again: told one by one until the district has answered.
#include "sync_internal.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_TIMEOUT_MS = 15000 };

void token_tell(struct sync *sync, const struct outbox_reply *reply,
                const struct sync_output *output)
{
    struct outbox_request told = {
        .kind = OUTBOX_TOKEN_TOLD, .from = OUTBOX_FROM_SYNC, .number = reply->number};
    struct fail why = {0};
    char url[700];
    snprintf(url, sizeof url, "%s/v1/token", sync->options.server);
    struct http_request request = {.method = "POST",
                                   .url = url,
                                   .body = reply->message,
                                   .length = strlen(reply->message),
                                   .type = "application/json",
                                   .timeout_ms = TOKEN_TIMEOUT_MS};
    enum err err = upload_perform(sync, &request, &why);
    int status = sync->response.status;
    if (!err && status != 200 && status != 400 && status != 409)
        err = fail_set(&why, ERR_RETRY, "the district answered %d", status);
    chores_note(sync, CHORE_TOKENS, err, &why);
    if (err)
        return;        // again when there is nothing else to do
    if (status != 200) // it will never be taken: said in the audit, and not asked for ever
        snprintf(told.detail, sizeof told.detail, "the district answered %d", status);
    sync->asked = true;
    output->request(output->context, &told);
}
