// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakes/failing_store.h"

#include <stdbool.h>

static bool fails(struct failing_store *failing)
{
    return ++failing->calls == failing->fail_at;
}

// Counted, perhaps failed, else handed on.
#define FORWARD(name, parameters, ...)                                                             \
    static enum err name parameters                                                                \
    {                                                                                              \
        struct failing_store *failing = self;                                                      \
        if (fails(failing))                                                                        \
            return fail_set(why, failing->fail_err, "made to fail: " #name);                       \
        return failing->inner->ops->name(failing->inner->self, __VA_ARGS__);                       \
    }

static void rollback(void *self)
{
    struct failing_store *failing = self;
    failing->inner->ops->rollback(failing->inner->self);
}

FORWARD(begin, (void *self, struct fail *why), why)
FORWARD(begin_soft, (void *self, struct fail *why), why)
FORWARD(commit, (void *self, struct fail *why), why)
FORWARD(meta_get, (void *self, const char *key, struct strbuf *out, struct fail *why), key, out,
        why)
FORWARD(meta_set, (void *self, const char *key, const void *data, size_t length, struct fail *why),
        key, data, length, why)
FORWARD(serials_used, (void *self, int day, bool used[STORE_SERIALS], struct fail *why), day, used,
        why)
FORWARD(serial_take, (void *self, int day, int serial, struct fail *why), day, serial, why)
FORWARD(submission_insert,
        (void *self, const struct store_submission *row, const struct strbuf *manifest,
         const struct strbuf *receipt, const struct store_part *parts, size_t part_count,
         struct fail *why),
        row, manifest, receipt, parts, part_count, why)
FORWARD(submission_update, (void *self, const struct store_submission *row, struct fail *why), row,
        why)
FORWARD(submission_get,
        (void *self, const char *key, bool by_number, struct store_submission *out,
         struct fail *why),
        key, by_number, out, why)
FORWARD(submission_next,
        (void *self, const struct when *now, struct store_submission *out, int64_t *next_ms,
         struct fail *why),
        now, out, next_ms, why)
FORWARD(submission_list,
        (void *self, size_t limit,
         void (*each)(void *context, const struct store_submission *row, int print_state),
         void *context, struct fail *why),
        limit, each, context, why)
FORWARD(submission_recover, (void *self, struct fail *why), why)
FORWARD(submission_last, (void *self, struct store_submission *out, struct fail *why), out, why)
FORWARD(manifest_get, (void *self, const char *instance, struct strbuf *out, struct fail *why),
        instance, out, why)
FORWARD(receipt_get, (void *self, const char *instance, struct strbuf *out, struct fail *why),
        instance, out, why)
FORWARD(part_get,
        (void *self, const char *instance, size_t index, struct store_part *about,
         struct strbuf *out, struct fail *why),
        instance, index, about, out, why)
FORWARD(part_about,
        (void *self, const char *instance, size_t index, struct store_part *about,
         struct fail *why),
        instance, index, about, why)
FORWARD(part_read,
        (void *self, const char *instance, size_t index, const struct store_range *range,
         struct strbuf *out, struct fail *why),
        instance, index, range, out, why)
FORWARD(part_check, (void *self, const char *instance, size_t index, struct fail *why), instance,
        index, why)
FORWARD(page_put,
        (void *self, const char *instance, int number, const struct bytes *sealed,
         struct fail *why),
        instance, number, sealed, why)
FORWARD(page_get,
        (void *self, const char *instance, int number, struct strbuf *out, struct fail *why),
        instance, number, out, why)
FORWARD(pages_drop, (void *self, const char *instance, int from, struct fail *why), instance, from,
        why)
FORWARD(print_job_insert, (void *self, const struct store_print_job *job, struct fail *why), job,
        why)
FORWARD(print_job_update, (void *self, const struct store_print_job *job, struct fail *why), job,
        why)
FORWARD(print_job_get,
        (void *self, const char *name, struct store_print_job *out, struct fail *why), name, out,
        why)
FORWARD(print_jobs_move,
        (void *self, const char *instance, unsigned from, int to, int64_t utc_ms, struct fail *why),
        instance, from, to, utc_ms, why)
FORWARD(audit_append,
        (void *self, int64_t sequence, const char *line, size_t length,
         const uint8_t hash[STORE_HASH], struct fail *why),
        sequence, line, length, hash, why)
FORWARD(audit_head, (void *self, int64_t *sequence, uint8_t hash[STORE_HASH], struct fail *why),
        sequence, hash, why)
FORWARD(audit_after,
        (void *self, int64_t after, int limit,
         enum err (*each)(void *context, int64_t sequence, const char *line, size_t length,
                          const uint8_t hash[STORE_HASH], struct fail *why),
         void *context, struct fail *why),
        after, limit, each, context, why)
FORWARD(audit_walk,
        (void *self,
         enum err (*each)(void *context, int64_t sequence, const char *line, size_t length,
                          const uint8_t hash[STORE_HASH], struct fail *why),
         void *context, struct fail *why),
        each, context, why)
FORWARD(staff_get, (void *self, const char *number, struct store_staff *out, struct fail *why),
        number, out, why)
FORWARD(staff_put, (void *self, const struct store_staff *account, struct fail *why), account, why)
FORWARD(call_open, (void *self, struct store_call *call, struct fail *why), call, why)
FORWARD(call_close, (void *self, const struct store_call *call, struct fail *why), call, why)
FORWARD(status_set,
        (void *self, const char *instance, const char *status, int64_t utc_ms, struct fail *why),
        instance, status, utc_ms, why)
FORWARD(received_each,
        (void *self, int64_t saved_from_utc_ms,
         void (*each)(void *context, const struct store_submission *row), void *context,
         struct fail *why),
        saved_from_utc_ms, each, context, why)
FORWARD(submission_prunable,
        (void *self, int64_t received_before_utc_ms, struct store_submission *out,
         struct fail *why),
        received_before_utc_ms, out, why)
FORWARD(submission_prune, (void *self, const char *instance, struct fail *why), instance, why)
FORWARD(tidy, (void *self, struct fail *why), why)
FORWARD(held_release, (void *self, struct fail *why), why)
FORWARD(owner_put, (void *self, const struct store_owner *owner, struct fail *why), owner, why)
FORWARD(owner_get, (void *self, const char *instance, struct store_owner *out, struct fail *why),
        instance, out, why)
FORWARD(linked_each,
        (void *self, const char *of_instance,
         void (*each)(void *context, const struct store_submission *row), void *context,
         struct fail *why),
        of_instance, each, context, why)
FORWARD(try_get, (void *self, const char *number, struct store_try *out, struct fail *why), number,
        out, why)
FORWARD(try_put, (void *self, const struct store_try *tries, struct fail *why), tries, why)
FORWARD(receipt_set,
        (void *self, const char *instance, const struct strbuf *sealed, struct fail *why), instance,
        sealed, why)
FORWARD(token_put, (void *self, const char *instance, const char *message, struct fail *why),
        instance, message, why)
FORWARD(token_next, (void *self, int64_t *id, struct strbuf *message, struct fail *why), id,
        message, why)
FORWARD(token_done, (void *self, int64_t id, struct fail *why), id, why)
FORWARD(draft_put,
        (void *self, const struct store_draft *row, const struct bytes *sealed, struct fail *why),
        row, sealed, why)
FORWARD(draft_get,
        (void *self, const char *id, struct store_draft *out, struct strbuf *sealed,
         struct fail *why),
        id, out, sealed, why)
FORWARD(draft_unsent,
        (void *self, struct store_draft *out, struct strbuf *sealed, struct fail *why), out, sealed,
        why)
FORWARD(drafts_spend, (void *self, const char *id, const char *instance, struct fail *why), id,
        instance, why)
FORWARD(drafts_expire, (void *self, int64_t utc_ms, struct fail *why), utc_ms, why)
FORWARD(counts, (void *self, struct store_counts *out, struct fail *why), out, why)
FORWARD(health, (void *self, struct store_health *out, struct fail *why), out, why)
FORWARD(integrity, (void *self, struct fail *why), why)
FORWARD(make_room, (void *self, struct fail *why), why)

static const struct kiosk_store_ops ops = {
    .begin = begin,
    .begin_soft = begin_soft,
    .commit = commit,
    .rollback = rollback,
    .meta_get = meta_get,
    .meta_set = meta_set,
    .serials_used = serials_used,
    .serial_take = serial_take,
    .submission_insert = submission_insert,
    .submission_update = submission_update,
    .submission_get = submission_get,
    .submission_next = submission_next,
    .submission_list = submission_list,
    .submission_recover = submission_recover,
    .submission_last = submission_last,
    .manifest_get = manifest_get,
    .receipt_get = receipt_get,
    .part_get = part_get,
    .part_about = part_about,
    .part_read = part_read,
    .part_check = part_check,
    .page_put = page_put,
    .page_get = page_get,
    .pages_drop = pages_drop,
    .print_job_insert = print_job_insert,
    .print_job_update = print_job_update,
    .print_job_get = print_job_get,
    .print_jobs_move = print_jobs_move,
    .audit_append = audit_append,
    .audit_head = audit_head,
    .audit_after = audit_after,
    .audit_walk = audit_walk,
    .staff_get = staff_get,
    .staff_put = staff_put,
    .call_open = call_open,
    .call_close = call_close,
    .status_set = status_set,
    .received_each = received_each,
    .submission_prunable = submission_prunable,
    .submission_prune = submission_prune,
    .tidy = tidy,
    .held_release = held_release,
    .owner_put = owner_put,
    .owner_get = owner_get,
    .linked_each = linked_each,
    .try_get = try_get,
    .try_put = try_put,
    .receipt_set = receipt_set,
    .token_put = token_put,
    .token_next = token_next,
    .token_done = token_done,
    .draft_put = draft_put,
    .draft_get = draft_get,
    .draft_unsent = draft_unsent,
    .drafts_spend = drafts_spend,
    .drafts_expire = drafts_expire,
    .counts = counts,
    .health = health,
    .integrity = integrity,
    .make_room = make_room,
};

void failing_store_begin(struct failing_store *failing, struct kiosk_store *inner)
{
    *failing = (struct failing_store){
        .store = {.ops = &ops, .self = failing}, .inner = inner, .fail_err = ERR_TECHNICIAN};
}
