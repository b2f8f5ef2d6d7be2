// SPDX-License-Identifier: GPL-3.0-or-later
// Sealed drafts of resume tickets.
#include "statements.h"

#include "yimen/base/text.h"

#include <string.h>

static const int64_t remembered_ms = 30LL * 24 * 3600 * 1000;

// False: there is none. `sealed` may be NULL.
static bool look(struct district_db *db, const char *id, struct district_draft *out,
                 struct strbuf *sealed)
{
    bool found = false;
    *out = (struct district_draft){0};
    sqlite3_stmt *statement = sql_bind(db, SQL_DRAFT_GET, "s", id);
    while (sql_next(db, statement)) {
        found = true;
        text_copy(out->id, sizeof out->id, id);
        sql_text(statement, 0, out->device_id, sizeof out->device_id);
        out->revision = sqlite3_column_int64(statement, 1);
        out->expires_utc_ms = sqlite3_column_int64(statement, 3);
        out->spent = sqlite3_column_int(statement, 4) != 0;
        out->releases = sqlite3_column_int(statement, 5);
        out->locked_until_utc_ms = sqlite3_column_int64(statement, 6);
        if (sealed)
            column_append(statement, 2, sealed);
    }
    return found;
}

static bool is_same(struct district_db *db, const struct district_draft *draft,
                    const struct bytes *sealed)
{
    struct district_draft there;
    struct strbuf bytes;
    strbuf_init(&bytes, sealed->length + 1);
    (void)look(db, draft->id, &there, &bytes);
    bool same = there.revision == draft->revision && there.spent == draft->spent &&
                bytes.length == sealed->length &&
                memcmp(strbuf_text(&bytes), sealed->length ? sealed->data : "", bytes.length) == 0;
    strbuf_free(&bytes);
    return same;
}

static enum err within_quota(struct district_db *db, const struct district_draft *draft, int quota,
                             struct fail *why)
{
    int64_t held = 0;
    sqlite3_stmt *statement = sql_bind(db, SQL_DRAFT_HELD, "s", draft->device_id);
    while (sql_next(db, statement))
        held = sqlite3_column_int64(statement, 0);
    return held >= quota ? fail_set(why, ERR_FULL, "%lld drafts of this device", (long long)held)
                         : ERR_OK;
}

static enum err put(struct district_db *db, const struct district_draft *draft,
                    const struct bytes *sealed, const struct district_draft_rules *rules,
                    struct fail *why)
{
    struct district_draft there;
    int64_t now = rules->now_utc_ms, spent = draft->spent;
    bool known = look(db, draft->id, &there, NULL);
    int64_t expires = known ? there.expires_utc_ms : draft->expires_utc_ms; // never prolonged
    if (known && is_same(db, draft, sealed))
        return ERR_OK; // the answer was lost
    if (expires < now || (known && there.spent))
        return fail_set(why, ERR_DENIED, "this draft is spent, or has expired");
    if (known && draft->revision <= there.revision)
        return fail_set(why, ERR_CONFLICT, "revision %lld is here", (long long)there.revision);
    enum err err = known || draft->spent ? ERR_OK : within_quota(db, draft, rules->quota, why);
    if (err)
        return err;
    if (expires > now + rules->lifetime_ms)
        expires = now + rules->lifetime_ms;
    sql_run(db, sql_bind(db, SQL_DRAFT_PUT, "ssibii", draft->id, draft->device_id, draft->revision,
                         sealed->length ? sealed->data : "", sealed->length, expires, spent));
    return ERR_OK;
}

enum err district_drafts_put(void *self, const struct district_draft *draft,
                             const struct bytes *sealed, const struct district_draft_rules *rules,
                             struct fail *why)
{
    struct district_db *db = self;
    int64_t now = rules->now_utc_ms, forgotten = rules->now_utc_ms - remembered_ms;
    sql_begin(db);
    sql_run(db, sql_bind(db, SQL_DRAFTS_EXPIRE, "i", now));
    sql_run(db, sql_bind(db, SQL_DRAFTS_FORGET, "i", forgotten));
    return sql_finish(db, put(db, draft, sealed, rules, why), why);
}

// Counted before it is handed out.
static enum err take(struct district_db *db, const char *id, int64_t have,
                     const struct district_draft_rules *rules, struct district_draft *out,
                     struct strbuf *sealed, struct fail *why)
{
    int64_t now = rules->now_utc_ms;
    if (!look(db, id, out, sealed))
        return fail_set(why, ERR_NOT_FOUND, "no such draft");
    out->expired = out->expires_utc_ms < now;
    out->wait_ms = out->locked_until_utc_ms > now ? out->locked_until_utc_ms - now : 0;
    out->is_newer = !out->spent && !out->expired && !out->wait_ms && out->revision > have;
    if (!out->is_newer) {
        strbuf_clear(sealed);
        return ERR_OK;
    }
    int64_t releases = out->releases >= rules->releases ? 1 : out->releases + 1;
    int64_t locked = releases >= rules->releases ? now + rules->lock_ms : 0;
    sql_run(db, sql_bind(db, SQL_DRAFT_RELEASE, "iis", releases, locked, id));
    return ERR_OK;
}

enum err district_drafts_take(void *self, const char *id, int64_t have,
                              const struct district_draft_rules *rules, struct district_draft *out,
                              struct strbuf *sealed, struct fail *why)
{
    struct district_db *db = self;
    sql_begin(db);
    return sql_finish(db, take(db, id, have, rules, out, sealed, why), why);
}
