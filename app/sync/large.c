// SPDX-License-Identifier: GPL-3.0-or-later
// A case too large for one request. To the district: its manifest first, which is answered with the
// parts that are missing; each of them in pieces from the byte where it ended; then the manifest
// again. To a stand-in server: several POSTs, each with the manifest and a few parts. The bytes
// come from the outbox as they are wanted, so that never more than one request's are in memory;
// between two requests an urgent case goes first, and after a minute any other. How far a case is
// stands with the district, or in the queue (sent_bytes): it goes on there, whatever went between,
// and each turn gets it further, so that no number of large cases keeps any of them away.
#include "sync_internal.h"

#include "yimen/base/text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PART_TIMEOUT_MS = 15000,
    TURN_MS = 60000, ///< so long before others go first
    ROUNDS = 3,      ///< the district names the same parts again
    STUCK = 5,
    DAMAGED = 3,
    SMALL_PIECE = LIMIT_PIECE_BYTES / 16,
    GROUP_BYTES = LIMIT_WHOLE_CASE, ///< of one POST to a stand-in server, or one part
};

void large_clear(struct sync *sync)
{
    outbox_item_free(sync->large.item);
    sync->large = (struct large){0};
}

// The parts that a stand-in server has said to have taken. Never all: that was an answer by itself.
static size_t taken_parts(const struct outbox_item *item)
{
    int64_t rest = item->sent_bytes;
    size_t taken = 0;
    while (taken < item->part_count && rest >= (int64_t)item->parts[taken].length)
        rest -= (int64_t)item->parts[taken++].length;
    return taken < item->part_count ? taken : 0;
}

void large_begin(struct sync *sync, struct outbox_item *item)
{
    large_clear(sync);
    sync->large.item = item;
    sync->large.began_ms = clock_now(sync->options.clock).monotonic_ms;
    sync->large.part = item->part_count;
    if (sync->options.openrosa_only)
        sync->large.first = taken_parts(item);
}

int64_t large_there(const struct sync *sync)
{
    const struct large *large = &sync->large;
    int64_t there = 0;
    if (!large->item || (!sync->options.openrosa_only && !large->known))
        return -1;
    for (size_t at = 0; at < large->item->part_count; at++) {
        bool is_there = sync->options.openrosa_only ? at < large->first : !large->missing[at];
        if (is_there)
            there += (int64_t)large->item->parts[at].length;
        else if (at == large->part)
            there += large->offset;
    }
    return there;
}

static struct verdict retry(const char *detail)
{
    struct verdict verdict = {.outcome = SEND_RETRY};
    text_copy(verdict.detail, sizeof verdict.detail, detail);
    return verdict;
}

// ---- the district

// False: no such list, or it names nothing of ours.
static bool read_missing(struct sync *sync)
{
    struct large *large = &sync->large;
    const struct strbuf *body = &sync->response.body;
    json_t *answer = json_loadb(strbuf_text(body), body->length, JSON_REJECT_DUPLICATES, NULL);
    const json_t *list = json_object_get(answer, "missing");
    bool any = false;
    memset(large->missing, 0, sizeof large->missing);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *digest = json_string_value(json_array_get(list, i));
        for (size_t at = 0; digest && at < large->item->part_count; at++)
            if (text_equal(large->item->parts[at].sha256, digest))
                any = large->missing[at] = true;
    }
    json_decref(answer);
    large->known = any;
    return any;
}

// True: go on with the parts that the district lacks.
static bool post_manifest(struct sync *sync, struct verdict *verdict)
{
    struct large *large = &sync->large;
    if (large->rounds++ == ROUNDS) {
        *verdict = retry("the district asks for the same parts again and again");
        return false;
    }
    *verdict = upload_post(sync, large->item, 0, 0, true);
    if (verdict->offline || sync->response.status != 202)
        return false;
    if (read_missing(sync))
        return true;
    *verdict = retry("202, and not which parts are missing");
    return false;
}

static void part_url(const struct sync *sync, char out[900])
{
    const struct outbox_part *part = &sync->large.item->parts[sync->large.part];
    snprintf(out, 900, "%s/v1/parts/%s?size=%zu", sync->options.server, part->sha256, part->length);
}

static int64_t part_length(const struct large *large)
{
    return (int64_t)large->item->parts[large->part].length;
}

// Where the district says that this part goes on. False: it said something else.
static bool take_offset(struct sync *sync, int64_t offset)
{
    struct large *large = &sync->large;
    if (offset < 0 || offset > part_length(large))
        return false;
    large->offset = offset;
    if (offset == part_length(large))
        large->missing[large->part] = false;
    return true;
}

// How much of the next missing part is there. False: `verdict`.
static bool ask_offset(struct sync *sync, struct verdict *verdict)
{
    char url[900];
    struct fail why = {0};
    part_url(sync, url);
    struct http_request request = {.method = "HEAD", .url = url, .timeout_ms = PART_TIMEOUT_MS};
    enum err err = upload_perform(sync, &request, &why);
    int status = sync->response.status;
    if (!err && status == 404)
        return take_offset(sync, 0);
    if (!err && status == 200 && take_offset(sync, sync->response.upload_offset))
        return true;
    *verdict = answer_by_status(sync, err, &why);
    if (verdict->outcome == SEND_QUARANTINED || (!err && status < 400))
        *verdict = retry("a part was asked for, and not answered by a district");
    return false;
}

// The part that is missing next, and from where on. False: `verdict`, or (`*done`) none is missing.
static bool next_part(struct sync *sync, bool *done, struct verdict *verdict)
{
    struct large *large = &sync->large;
    size_t before = large->part;
    *done = false;
    for (size_t at = 0; at < large->item->part_count; at++) {
        if (!large->missing[at])
            continue;
        large->part = at;
        if (at == before)
            return true; // goes on
        large->offset = 0;
        large->stuck = large->damaged = 0;
        if (!ask_offset(sync, verdict))
            return false;
        if (large->missing[at])
            return true;
    }
    large->part = large->item->part_count;
    *done = true;
    return false;
}

// The district threw this part away: not what it should be.
static bool begin_part_anew(struct sync *sync, struct verdict *verdict)
{
    struct large *large = &sync->large;
    large->offset = 0;
    if (++large->damaged < DAMAGED)
        return true;
    *verdict = (struct verdict){.outcome = SEND_QUARANTINED, .alarm = true};
    snprintf(verdict->detail, sizeof verdict->detail, "part %zu arrives damaged, %d times",
             large->part + 1, large->damaged);
    return false;
}

static bool put_answered(struct sync *sync, enum err err, struct verdict *verdict,
                         const struct fail *why)
{
    struct large *large = &sync->large;
    int status = sync->response.status;
    int64_t before = large->offset, told = sync->response.upload_offset;
    if (!err && status == 422)
        return begin_part_anew(sync, verdict);
    if (!err && (status == 200 || status == 409) && take_offset(sync, told)) {
        large->stuck = large->offset > before ? 0 : large->stuck + 1;
        large->moved |= large->offset > before;
        if (large->stuck < STUCK)
            return true;
        *verdict = retry("a part does not get on");
        return false;
    }
    *verdict = answer_by_status(sync, err, why);
    if (!err && status < 400)
        *verdict = retry("a part was sent, and not answered by a district");
    if (!err && status == 409)
        *verdict = retry("a part was refused, and not said where it goes on");
    return false;
}

static bool put_piece(struct sync *sync, const struct outbox_reply *piece, struct verdict *verdict)
{
    char url[900], offset[48];
    struct fail why = {0};
    part_url(sync, url);
    snprintf(offset, sizeof offset, "Upload-Offset: %lld", (long long)sync->large.offset);
    const char *const headers[] = {offset, NULL};
    struct http_request request = {.method = "PUT",
                                   .url = url,
                                   .headers = headers,
                                   .body = piece->data,
                                   .length = piece->length,
                                   .type = "application/offset+octet-stream",
                                   .timeout_ms = upload_timeout_ms(piece->length)};
    enum err err = upload_perform(sync, &request, &why);
    size_t size = err ? sync->piece_bytes / 2 : sync->piece_bytes * 2;
    size = size < SMALL_PIECE ? SMALL_PIECE : size; // a line that always breaks lets these through
    sync->piece_bytes = size > LIMIT_PIECE_BYTES ? LIMIT_PIECE_BYTES : size;
    return put_answered(sync, err, verdict, &why);
}

static bool district_step(struct sync *sync, const struct outbox_reply *piece,
                          struct outbox_request *wanted, struct verdict *verdict)
{
    struct large *large = &sync->large;
    bool done = false;
    if (piece ? !put_piece(sync, piece, verdict) : !post_manifest(sync, verdict))
        return false;
    while (!next_part(sync, &done, verdict)) {
        if (!done || !post_manifest(sync, verdict))
            return false;
    }
    int64_t rest = part_length(large) - large->offset;
    size_t length = (size_t)rest < sync->piece_bytes ? (size_t)rest : sync->piece_bytes;
    wanted->range = (struct outbox_range){large->part, large->offset, length};
    return true;
}

// ---- a stand-in server

static void release(struct outbox_part *part)
{
    free(part->data);
    part->data = NULL;
}

// Posts the parts whose bytes are here. True: more follow.
static bool post_group(struct sync *sync, struct verdict *verdict)
{
    struct large *large = &sync->large;
    size_t end = large->first + large->wanted;
    bool is_last = end == large->item->part_count;
    *verdict = upload_post(sync, large->item, large->first, large->wanted, is_last);
    for (size_t at = large->first; at < end; at++)
        release(&large->item->parts[at]);
    bool taken = verdict->outcome == SEND_UNVERIFIED;
    if (taken) {
        large->first = end;
        large->moved = true;
    }
    large->wanted = 0;
    return taken && !is_last;
}

static bool stand_in_step(struct sync *sync, struct outbox_reply *bytes,
                          struct outbox_request *wanted, struct verdict *verdict)
{
    struct large *large = &sync->large;
    size_t room = upload_room(sync) < GROUP_BYTES ? upload_room(sync) : GROUP_BYTES;
    if (bytes) {
        large->item->parts[large->part].data = bytes->data;
        bytes->data = NULL;
        large->part++;
        if (large->part == large->first + large->wanted && !post_group(sync, verdict))
            return false;
    }
    if (large->wanted == 0) {
        large->wanted = upload_fit(large->item, large->first, room);
        large->part = large->first;
    }
    wanted->range = (struct outbox_range){.part = large->part,
                                          .length = large->item->parts[large->part].length};
    return true;
}

// ---- both

static bool gives_way(struct sync *sync, const struct outbox_reply *reply)
{
    int64_t now = clock_now(sync->options.clock).monotonic_ms;
    bool is_urgent = sync->large.item->urgent;
    bool had_turn = now - sync->large.began_ms >= TURN_MS && sync->large.moved;
    bool beat_first = !sync->options.openrosa_only && now >= sync->next_beat_ms && had_turn;
    return !is_urgent && (reply->urgent_waits || (had_turn && reply->others_wait) || beat_first);
}

bool large_step(struct sync *sync, struct outbox_reply *reply, struct outbox_request *wanted,
                struct verdict *verdict)
{
    struct large *large = &sync->large;
    *wanted = (struct outbox_request){.kind = OUTBOX_PART, .from = OUTBOX_FROM_SYNC};
    text_copy(wanted->instance, sizeof wanted->instance, large->item->instance);
    if (reply && (reply->kind != OUTBOX_PART_READY || !reply->data || reply->length == 0)) {
        *verdict = retry(reply->why[0] ? reply->why : "the bytes of a part cannot be read");
        return false;
    }
    if (reply && gives_way(sync, reply)) {
        *verdict = (struct verdict){.outcome = SEND_PAUSED, .detail = "others first"};
        return false;
    }
    if (!reply) {
        *verdict = upload_check(sync);
        if (verdict->outcome != SEND_RECEIVED)
            return false;
    }
    bool more = sync->options.openrosa_only ? stand_in_step(sync, reply, wanted, verdict)
                                            : district_step(sync, reply, wanted, verdict);
    wanted->number = large_there(sync);
    return more;
}
