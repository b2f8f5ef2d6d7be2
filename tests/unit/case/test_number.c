// SPDX-License-Identifier: GPL-3.0-or-later
// Receipt numbers and the code printed as QR.
#include "yimen/case/receipt_number.h"
#include "yimen/case/tracking.h"
#include "yimen/driver/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct receipt_number sample = {
    .counter = "017", .day = 261123, .type = 1, .incarnation = 4, .serial = 83};

static void a_number_says_counter_day_type_and_serial_and_reads_back(void **state)
{
    (void)state;
    char text[LIMIT_RECEIPT_NUMBER];
    struct receipt_number back;
    assert_int_equal(receipt_number_format(&sample, text, NULL), ERR_OK);
    assert_int_equal(strlen(text), RECEIPT_NUMBER_DIGITS);
    assert_memory_equal(text, "37021201726112314083", 20);
    assert_int_equal(receipt_number_parse(text, &back, NULL), ERR_OK);
    assert_memory_equal(&back, &sample, sizeof sample);
}

static void a_number_is_shown_in_groups_also_while_it_is_typed(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"370212", "370212"},
        {"3702120", "370212 0"},
        {"370212001261123148216", "370212 001 261123 148216"},
        {"H-17", "H-17"},
    };
    char shown[RECEIPT_NUMBER_SHOWN], little[8];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        receipt_number_show(rows[i][0], shown, sizeof shown);
        assert_string_equal(shown, rows[i][1]);
    }
    receipt_number_show(rows[3][0], little, sizeof little); // too little room: never beyond it
    assert_true(strlen(little) < sizeof little);
}

static void the_check_digit_is_iso_7064_mod_11_10(void **state)
{
    (void)state;
    // The standard's own property: running the whole number through the hybrid system ends at 1.
    for (int serial = 0; serial < 1000; serial += 7) {
        struct receipt_number number = sample;
        char text[LIMIT_RECEIPT_NUMBER];
        number.serial = serial;
        assert_int_equal(receipt_number_format(&number, text, NULL), ERR_OK);
        int product = 10;
        for (int at = 0; at < 20; at++) {
            int sum = (text[at] - '0' + product) % 10;
            product = (sum ? sum : 10) * 2 % 11;
        }
        assert_int_equal((product + text[20] - '0') % 10, 1);
    }
}

static void every_single_wrong_digit_is_found(void **state)
{
    (void)state;
    char text[LIMIT_RECEIPT_NUMBER];
    struct receipt_number back;
    assert_int_equal(receipt_number_format(&sample, text, NULL), ERR_OK);
    for (int at = 0; at < RECEIPT_NUMBER_DIGITS; at++) {
        char right = text[at];
        for (char digit = '0'; digit <= '9'; digit++) {
            text[at] = digit;
            assert_int_equal(receipt_number_parse(text, &back, NULL),
                             digit == right ? ERR_OK : ERR_INPUT);
        }
        text[at] = right;
    }
}

static void what_is_not_a_number_of_ours_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "37021201726112314083", "3702120172611231408333",
                                      "37021201726112314083x", "110101017261123140831"};
    struct receipt_number back;
    for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++)
        assert_int_equal(receipt_number_parse(bad[at], &back, NULL), ERR_INPUT);
    struct receipt_number wrong = sample;
    char text[LIMIT_RECEIPT_NUMBER];
    wrong.serial = 1000;
    assert_int_equal(receipt_number_format(&wrong, text, NULL), ERR_BUG);
    wrong = sample;
    wrong.day = 260230;
    assert_int_equal(receipt_number_format(&wrong, text, NULL), ERR_BUG);
}

static void days_follow_the_districts_calendar(void **state)
{
    (void)state;
    assert_int_equal(receipt_day(1795449600000 - 1), 261123); // 23:59:59.999 there
    assert_int_equal(receipt_day(1795449600000), 261124);
    assert_int_equal(receipt_day_after(261231), 270101);
    assert_int_equal(receipt_day_after(280228), 280229);
    assert_int_equal(receipt_day(86400000), 101); // 1970 is not 2070
    assert_int_equal(receipt_days_between(261231, 270101), 1);
    assert_int_equal(receipt_days_between(310105, 261130), -1497);
}

struct keys {
    struct crypto crypto;
    uint8_t public_key[CRYPTO_PUBLIC], secret[CRYPTO_SECRET];
};

static struct keys make_keys(void)
{
    struct keys keys;
    assert_int_equal(sodium_crypto_open(&keys.crypto, NULL), ERR_OK);
    keys.crypto.ops->sign_keypair(keys.crypto.self, keys.public_key, keys.secret);
    return keys;
}

static void a_code_fits_its_qr_with_the_longest_host_and_verifies(void **state)
{
    (void)state;
    struct keys keys = make_keys();
    char number[LIMIT_RECEIPT_NUMBER], read[LIMIT_RECEIPT_NUMBER];
    char host[LIMIT_HOST];
    memset(host, 'h', sizeof host - 1);
    host[sizeof host - 1] = '\0';
    struct tracking made, parsed;
    assert_int_equal(receipt_number_format(&sample, number, NULL), ERR_OK);
    assert_int_equal(tracking_make(&keys.crypto, keys.secret, host, number, &made, NULL), ERR_OK);
    assert_int_equal(strlen(made.qr_text), 203);
    assert_int_equal(tracking_parse(made.qr_text, &parsed, read, NULL), ERR_OK);
    assert_string_equal(read, number);
    assert_int_equal(
        tracking_verify(&keys.crypto, keys.public_key, parsed.token, read, parsed.signature, NULL),
        ERR_OK);
    char hash[TRACKING_HASH_TEXT];
    assert_int_equal(tracking_token_hash(&keys.crypto, parsed.token, hash, NULL), ERR_OK);
    assert_string_equal(hash, made.token_hash);
    char long_host[LIMIT_HOST + 1];
    memset(long_host, 'h', sizeof long_host - 1);
    long_host[sizeof long_host - 1] = '\0';
    assert_int_equal(tracking_make(&keys.crypto, keys.secret, long_host, number, &made, NULL),
                     ERR_INPUT);
}

static void a_forged_code_does_not_verify(void **state)
{
    (void)state;
    struct keys keys = make_keys(), other = make_keys();
    struct tracking made;
    char number[LIMIT_RECEIPT_NUMBER], another[LIMIT_RECEIPT_NUMBER];
    struct receipt_number next = sample;
    next.serial++;
    assert_int_equal(receipt_number_format(&sample, number, NULL), ERR_OK);
    assert_int_equal(receipt_number_format(&next, another, NULL), ERR_OK);
    assert_int_equal(tracking_make(&keys.crypto, keys.secret, "h", number, &made, NULL), ERR_OK);
#define VERIFY(key, token, n, s) tracking_verify(&keys.crypto, key, token, n, s, NULL)
    assert_int_equal(VERIFY(other.public_key, made.token, number, made.signature), ERR_DENIED);
    assert_int_equal(VERIFY(keys.public_key, made.token, another, made.signature), ERR_DENIED);
    assert_int_equal(VERIFY(keys.public_key, "AAAAAAAAAAAAAAAAAAAAAA", number, made.signature),
                     ERR_DENIED);
    assert_int_equal(VERIFY(keys.public_key, "short", number, made.signature), ERR_INPUT);
    assert_int_equal(VERIFY(keys.public_key, made.token, "1", made.signature), ERR_INPUT);
    assert_int_equal(VERIFY(keys.public_key, made.token, number, "x"), ERR_INPUT);
}

static void a_foreign_qr_is_not_taken_for_a_receipt(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "https://bank.example/",
        "http://h/t/AAAAAAAAAAAAAAAAAAAAAA?n=370212017261123140839&s=",
        "https://h/t/AAAA?n=1&s=2",
        "WIFI:S:x;;",
    };
    struct tracking out;
    char number[LIMIT_RECEIPT_NUMBER];
    for (size_t at = 0; at < sizeof bad / sizeof bad[0]; at++)
        assert_int_equal(tracking_parse(bad[at], &out, number, NULL), ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_says_counter_day_type_and_serial_and_reads_back),
        cmocka_unit_test(a_number_is_shown_in_groups_also_while_it_is_typed),
        cmocka_unit_test(the_check_digit_is_iso_7064_mod_11_10),
        cmocka_unit_test(every_single_wrong_digit_is_found),
        cmocka_unit_test(what_is_not_a_number_of_ours_is_refused),
        cmocka_unit_test(days_follow_the_districts_calendar),
        cmocka_unit_test(a_code_fits_its_qr_with_the_longest_host_and_verifies),
        cmocka_unit_test(a_forged_code_does_not_verify),
        cmocka_unit_test(a_foreign_qr_is_not_taken_for_a_receipt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
