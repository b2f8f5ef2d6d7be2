// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/staff/staff.h"

#include "yimen/audit/log.h"
#include "yimen/base/text.h"

#include <string.h>

enum {
    OPERATIONS = 2,
    MEMORY_BYTES = 64 << 20, // about 0.15 s on the kiosk
    FREE_TRIES = 4,          // the fifth wrong one costs
    LOCKING_TRY = 10,
    FIRST_WAIT_MS = 15000,
};

static const char *const roles[] = {"clerk", "supervisor", "technician"};

void staff_begin(struct staff *staff, struct kiosk_store *store, const struct crypto *crypto,
                 const struct clock *clock, const uint8_t root_secret[CRYPTO_KEY])
{
    *staff = (struct staff){.store = store, .crypto = crypto, .clock = clock};
    crypto->ops->derive(crypto->self, root_secret, "pinpeppr", 1, staff->pepper);
}

static bool role_is_known(const char *role)
{
    for (size_t at = 0; at < sizeof roles / sizeof roles[0]; at++)
        if (text_equal(role, roles[at]))
            return true;
    return false;
}

static bool number_is_plain(const char *number)
{
    size_t length = strlen(number);
    return length > 0 && length < sizeof(((struct store_staff *)0)->number) &&
           strspn(number, "0123456789") == length;
}

// Argon2id over HMAC(pepper, PIN). ERR_RETRY means no memory, and never a wrong PIN.
static enum err hash_pin(const struct staff *staff, const struct store_staff *account,
                         const char *pin, uint8_t out[STORE_HASH], struct fail *why)
{
    const struct crypto *crypto = staff->crypto;
    uint8_t peppered[CRYPTO_HASH];
    crypto->ops->hmac_sha256(crypto->self, staff->pepper, pin, strlen(pin), peppered);
    enum err err = crypto->ops->password_key(crypto->self, peppered, sizeof peppered, account->salt,
                                             (uint64_t)account->operations,
                                             (size_t)account->memory_bytes, out);
    memory_wipe(peppered, sizeof peppered);
    return err ? fail_set(why, err, "no memory for checking a PIN") : ERR_OK;
}

// `event`: also written into the audit, NULL for none.
static enum err put_durably(const struct staff *staff, const struct store_staff *account,
                            const char *event, struct fail *why)
{
    const struct kiosk_store *store = staff->store;
    const struct audit_log log = {.store = store, .crypto = staff->crypto, .clock = staff->clock};
    enum err err = store->ops->begin(store->self, why);
    if (!err)
        err = store->ops->staff_put(store->self, account, why);
    if (!err && event)
        err = audit_log_append(&log, event, account->number, "", account->role, why);
    if (!err)
        err = store->ops->commit(store->self, why);
    if (err)
        store->ops->rollback(store->self);
    return err;
}

static enum err is_free(const struct staff *staff, const char *number, bool replace,
                        struct fail *why)
{
    struct store_staff found;
    enum err err = staff->store->ops->staff_get(staff->store->self, number, &found, why);
    if (err == ERR_NOT_FOUND)
        return ERR_OK;
    if (!err && !replace)
        return fail_set(why, ERR_CONFLICT, "there is an account %s already", number);
    return err;
}

static void new_account(const struct staff *staff, struct store_staff *account)
{
    *account = (struct store_staff){.operations = OPERATIONS, .memory_bytes = MEMORY_BYTES};
    staff->crypto->ops->random(staff->crypto->self, account->salt, sizeof account->salt);
}

enum err staff_add(struct staff *staff, const char *number, const char *role, const char *pin,
                   bool replace, struct fail *why)
{
    if (!number_is_plain(number))
        return fail_set(why, ERR_INPUT, "a staff number has 1 to 15 digits");
    if (!role_is_known(role))
        return fail_set(why, ERR_INPUT, "role must be clerk, supervisor or technician");
    if (!staff_pin_is_strong(pin, number))
        return fail_set(why, ERR_INPUT, "the PIN must have six digits that are not easy to guess");
    enum err err = is_free(staff, number, replace, why);
    if (err)
        return err;
    struct store_staff account;
    new_account(staff, &account);
    text_copy(account.number, sizeof account.number, number);
    text_copy(account.role, sizeof account.role, role);
    err = hash_pin(staff, &account, pin, account.hash, why);
    return err ? err : put_durably(staff, &account, "staff.account", why);
}

static void count_wrong(struct store_staff *account, const struct when *now,
                        struct staff_login *out)
{
    account->wrong++;
    int64_t wait_ms = 0;
    if (account->wrong > FREE_TRIES)
        wait_ms = (int64_t)FIRST_WAIT_MS << (account->wrong - FREE_TRIES - 1);
    if (account->wrong >= LOCKING_TRY) {
        account->locked = true;
        out->just_locked = true;
        wait_ms = 0;
    }
    powered_wait_set(&account->wait, now, wait_ms);
    out->result = account->locked ? STAFF_LOCKED : STAFF_WRONG;
    out->wait_s = powered_wait_seconds(wait_ms);
}

static enum err try_known(struct staff *staff, struct store_staff *account, const char *pin,
                          struct staff_login *out, struct fail *why)
{
    struct when now = clock_now(staff->clock);
    out->known = true;
    if (account->locked) {
        out->result = STAFF_LOCKED;
        return ERR_OK;
    }
    int64_t wait_ms = powered_wait_left(&account->wait, &now);
    if (wait_ms > 0) {
        out->result = STAFF_WAIT;
        out->wait_s = powered_wait_seconds(wait_ms);
        powered_wait_set(&account->wait, &now,
                         wait_ms); // what has passed counts also after a restart
        return put_durably(staff, account, NULL, why);
    }
    uint8_t hash[STORE_HASH];
    enum err err = hash_pin(staff, account, pin, hash, why);
    if (err)
        return err;
    if (memory_equal(hash, account->hash, sizeof hash)) {
        account->wrong = 0;
        powered_wait_set(&account->wait, &now, 0);
        out->result = STAFF_RIGHT;
        text_copy(out->role, sizeof out->role, account->role);
    } else {
        count_wrong(account, &now, out);
    }
    memory_wipe(hash, sizeof hash);
    return put_durably(staff, account, NULL, why);
}

// Takes as long as a known number does.
static enum err try_unknown(struct staff *staff, const char *pin, struct staff_login *out,
                            struct fail *why)
{
    struct store_staff nobody;
    uint8_t hash[STORE_HASH];
    new_account(staff, &nobody);
    out->result = STAFF_WRONG;
    return hash_pin(staff, &nobody, pin, hash, why);
}

enum err staff_try(struct staff *staff, const char *number, const char *pin,
                   struct staff_login *out, struct fail *why)
{
    struct store_staff account;
    *out = (struct staff_login){.result = STAFF_WRONG};
    enum err err = staff->store->ops->staff_get(staff->store->self, number, &account, why);
    if (err == ERR_NOT_FOUND)
        err = try_unknown(staff, pin, out, why);
    else if (!err)
        err = try_known(staff, &account, pin, out, why);
    if (err)
        *out = (struct staff_login){.result = STAFF_WRONG};
    return err;
}
