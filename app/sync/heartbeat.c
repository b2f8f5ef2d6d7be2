// SPDX-License-Identifier: GPL-3.0-or-later
// What the kiosk tells of itself every few minutes: how much it has saved, where its audit chain
// stands, and which receipts the district does not have yet (the call list if it is lost).
#include "sync_internal.h"

#include "yimen/base/text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BEAT_TIMEOUT_MS = 15000 };

static bool is_unsent(const struct outbox_row *row)
{
    return !text_equal(row->state, "received") && !text_equal(row->state, "pruned") &&
           !text_equal(row->state, "unverified"); // a stand-in server has it
}

static bool content_ended(const struct sync *sync)
{
    struct when now = clock_now(sync->options.clock);
    int64_t ends_ms = sync->options.content_ends_utc_ms;
    return ends_ms && now.quality != TIME_UNKNOWN && now.utc_ms >= ends_ms;
}

// What shows that the head continues the one which the district has. In hex: a line is bytes.
static bool add_entries(json_t *beat, const struct outbox_reply *listed)
{
    size_t length = listed->audit_entries ? strlen(listed->audit_entries) : 0;
    char *hex = malloc(2 * length + 1);
    if (!hex)
        return false;
    audit_hex((const unsigned char *)(length ? listed->audit_entries : ""), length, hex);
    int failed = json_object_set_new(beat, "audit_after", json_integer(listed->audit_after)) |
                 json_object_set_new(beat, "audit_entries", json_string(hex));
    free(hex);
    return !failed;
}

static bool add_head(json_t *beat, const struct outbox_reply *listed)
{
    const struct audit_head *head = &listed->audit_head;
    char signature[2 * CRYPTO_SIGNATURE + 1];
    if (head->sequence <= 0)
        return true;
    audit_hex(head->signature, CRYPTO_SIGNATURE, signature);
    return !json_object_set_new(beat, "audit_sequence", json_integer(head->sequence)) &&
           !json_object_set_new(beat, "audit_signature", json_string(signature)) &&
           add_entries(beat, listed);
}

// What is told only where it is known.
static bool add_kiosk(json_t *beat, const struct sync *sync, const char *ratings)
{
    const struct sync_options *with = &sync->options;
    int failed = 0;
    if (with->counter)
        failed |= json_object_set_new(beat, "counter", json_string(with->counter)) |
                  json_object_set_new(beat, "incarnation", json_integer(with->incarnation));
    if (with->content_version)
        failed |= json_object_set_new(beat, "content", json_string(with->content_version)) |
                  json_object_set_new(beat, "content_ended", json_boolean(content_ended(sync)));
    if (ratings)
        failed |= json_object_set_new(beat, "ratings", json_string(ratings));
    return !failed;
}

// NULL: no memory. Half of what is to be told would be a lie.
static char *compose(const struct sync *sync, const struct outbox_reply *listed)
{
    int failed = 0;
    char hash[2 * AUDIT_HASH + 1];
    json_t *unsent = json_array();
    for (size_t i = 0; i < listed->row_count; i++)
        if (is_unsent(&listed->rows[i]))
            failed |= json_array_append_new(unsent, json_string(listed->rows[i].number));
    audit_hex(listed->audit_head.hash, AUDIT_HASH, hash);
    json_t *beat = json_pack("{s:I, s:s, s:o}", "saves", (json_int_t)listed->saves, "audit_head",
                             hash, "unsent", unsent);
    bool good = beat && !failed && add_head(beat, listed) && add_kiosk(beat, sync, listed->ratings);
    char *text = good ? json_dumps(beat, JSON_COMPACT) : NULL;
    json_decref(beat);
    return text;
}

static enum err read_answer(struct sync *sync, bool *answered, struct fail *why)
{
    int status = sync->response.status;
    if (status != 200)
        return fail_set(why, status == 403 ? ERR_DENIED : ERR_RETRY, "heartbeat answered %d",
                        status);
    const struct strbuf *body = &sync->response.body;
    json_t *answer = json_loadb(strbuf_text(body), body->length, JSON_REJECT_DUPLICATES, NULL);
    bool is_answer = json_is_boolean(json_object_get(answer, "frozen"));
    bool frozen = json_is_true(json_object_get(answer, "frozen"));
    int64_t backup_utc_ms = json_integer_value(json_object_get(answer, "backup_utc_ms"));
    const json_t *audit = json_object_get(answer, "audit_sequence");
    int64_t audit_after = json_is_integer(audit) ? json_integer_value(audit) : -1;
    json_decref(answer);
    if (!is_answer)
        return fail_set(why, ERR_RETRY, "heartbeat: not an answer of ours");
    *answered = true;
    sync->wants_enrolment = frozen;
    sync->backup_utc_ms = backup_utc_ms;
    sync->audit_after = audit_after;
    if (frozen)
        return fail_set(why, ERR_DENIED, "this kiosk's store went back: enroll it again");
    return ERR_OK;
}

enum err heartbeat_send(struct sync *sync, const struct outbox_reply *listed, bool *answered,
                        struct fail *why)
{
    *answered = false;
    char *body = compose(sync, listed);
    if (!body)
        return fail_set(why, ERR_RETRY, "out of memory");
    char url[600];
    snprintf(url, sizeof url, "%s/v1/heartbeat", sync->options.server);
    struct http_request request = {.method = "POST",
                                   .url = url,
                                   .body = body,
                                   .length = strlen(body),
                                   .type = "application/json",
                                   .timeout_ms = BEAT_TIMEOUT_MS};
    enum err err = upload_perform(sync, &request, why);
    free(body);
    return err ? err : read_answer(sync, answered, why);
}
