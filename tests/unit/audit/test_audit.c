// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/audit/audit.h"
#include "yimen/driver/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ENTRIES = 6 };

struct chain {
    struct crypto crypto;
    char lines[ENTRIES][LIMIT_AUDIT_LINE];
    size_t lengths[ENTRIES];
    unsigned char hashes[ENTRIES][AUDIT_HASH];
};

static int build(void **state)
{
    struct chain *chain = calloc(1, sizeof *chain);
    unsigned char previous[AUDIT_HASH] = {0};
    assert_int_equal(sodium_crypto_open(&chain->crypto, NULL), ERR_OK);
    for (int at = 0; at < ENTRIES; at++) {
        struct audit_entry entry = {.sequence = at + 1, .when = {.utc_ms = 1000 * at}};
        snprintf(entry.event, sizeof entry.event, "test.event%d", at);
        snprintf(entry.actor, sizeof entry.actor, "kiosk");
        chain->lengths[at] = audit_format(&entry, chain->lines[at]);
        audit_hash(&chain->crypto, previous, chain->lines[at], chain->lengths[at],
                   chain->hashes[at]);
        memcpy(previous, chain->hashes[at], AUDIT_HASH);
    }
    *state = chain;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

// Walks entries named by index; answers how many were accepted before the first refusal.
static int walk(struct chain *chain, const int *order, int count)
{
    struct audit_check check;
    audit_check_begin(&check, &chain->crypto);
    for (int at = 0; at < count; at++) {
        int entry = order[at];
        if (audit_check_line(&check, entry + 1, chain->lines[entry], chain->lengths[entry],
                             chain->hashes[entry], NULL))
            return at;
    }
    return count;
}

static void an_untouched_chain_verifies(void **state)
{
    assert_int_equal(walk(*state, (int[]){0, 1, 2, 3, 4, 5}, 6), 6);
}

static void a_removed_entry_is_found(void **state)
{
    assert_int_equal(walk(*state, (int[]){0, 1, 3, 4, 5}, 5), 2);
    assert_int_equal(walk(*state, (int[]){1, 2}, 2), 0);
}

static void swapped_entries_are_found(void **state)
{
    assert_int_equal(walk(*state, (int[]){0, 2, 1, 3}, 4), 1);
}

static void an_edited_line_is_found(void **state)
{
    struct chain *chain = *state;
    chain->lines[3][chain->lengths[3] - 1] ^= 1;
    assert_int_equal(walk(chain, (int[]){0, 1, 2, 3, 4, 5}, 6), 3);
}

static void a_renumbered_row_is_found(void **state)
{
    struct chain *chain = *state;
    struct audit_check check;
    struct fail why;
    audit_check_begin(&check, &chain->crypto);
    assert_int_equal(
        audit_check_line(&check, 1, chain->lines[1], chain->lengths[1], chain->hashes[1], &why),
        ERR_CORRUPT);
    assert_non_null(strstr(why.text, "entry 1"));
}

static void tabs_and_newlines_cannot_forge_a_field_or_a_line(void **state)
{
    (void)state;
    struct audit_entry entry = {.sequence = 7};
    char line[LIMIT_AUDIT_LINE];
    snprintf(entry.detail, sizeof entry.detail, "a\tb\nc\rd");
    size_t length = audit_format(&entry, line);
    assert_int_equal(length, strlen(line));
    assert_null(strchr(line, '\n'));
    assert_string_equal(strrchr(line, '\t'), "\ta b c d");
}

static void the_longest_entry_fits_its_line(void **state)
{
    (void)state;
    struct audit_entry entry = {.sequence = INT64_MAX, .when = {.utc_ms = INT64_MIN}};
    char line[LIMIT_AUDIT_LINE];
    memset(entry.event, 'e', sizeof entry.event - 1);
    memset(entry.subject, 's', sizeof entry.subject - 1);
    memset(entry.actor, 'a', sizeof entry.actor - 1);
    memset(entry.detail, 'd', sizeof entry.detail - 1);
    assert_true(audit_format(&entry, line) < LIMIT_AUDIT_LINE - 1);
}

static void whoever_acted_is_named_to_the_end(void **state)
{
    static const char device[] = "kiosk-001-7-0123456789abcdef0123456789abcdef0123456789abcdef01";
    struct audit_entry entry = {.sequence = 1, .event = "receipt.reprinted"};
    char line[LIMIT_AUDIT_LINE];
    (void)state;
    snprintf(entry.actor, sizeof entry.actor, "%s", device);
    audit_format(&entry, line);
    assert_non_null(strstr(line, device));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_acted_is_named_to_the_end),
        cmocka_unit_test_setup_teardown(an_untouched_chain_verifies, build, tear_down),
        cmocka_unit_test_setup_teardown(a_removed_entry_is_found, build, tear_down),
        cmocka_unit_test_setup_teardown(swapped_entries_are_found, build, tear_down),
        cmocka_unit_test_setup_teardown(an_edited_line_is_found, build, tear_down),
        cmocka_unit_test_setup_teardown(a_renumbered_row_is_found, build, tear_down),
        cmocka_unit_test(tabs_and_newlines_cannot_forge_a_field_or_a_line),
        cmocka_unit_test(the_longest_entry_fits_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
