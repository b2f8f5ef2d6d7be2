// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "fakes/failing_store.h"
#include "yimen/port/crypto.h"
#include "yimen/port/kiosk_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/// The stores that the contract is checked on: the driver itself, and the wrapper other tests let
/// fail (with no fault set it must be a store like any other).
struct stores {
    char folder[64], path[96];
    struct crypto crypto;
    struct kiosk_store real;
    struct failing_store wrapped;
    struct kiosk_store *store;
};

int stores_open_real(void **state);
int stores_open_wrapped(void **state);
int stores_close(void **state);
/// Closes and opens the file again.
void stores_reopen(struct stores *stores);
/// A whole case in a transaction of its own; must succeed.
void stores_insert(struct stores *stores, const char *instance, const char *number, bool urgent);
/// The row that stores_insert writes.
struct store_submission stores_row(const char *instance, const char *number, bool urgent);

/// Tests of test_drafts.c.
void a_draft_is_read_back_and_replaced(void **state);
void drafts_are_sent_oldest_first_until_the_district_has_them(void **state);
void a_spent_draft_is_overwritten_and_says_so(void **state);
/// Tests of test_audit_and_staff.c.
void audit_entries_are_walked_in_order_until_told_to_stop(void **state);
void an_account_is_read_back_as_it_was_put(void **state);
void calls_get_ids_and_are_closed_once(void **state);
void print_jobs_move_by_state_and_instance(void **state);
