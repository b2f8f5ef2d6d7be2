// SPDX-License-Identifier: GPL-3.0-or-later
// The code that a ticket is typed with: what of it is noticed, and that both forms open the same.
#include "yimen/base/text.h"
#include "yimen/case/ticket.h"
#include "yimen/driver/crypto.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { SYMBOLS = TICKET_TYPED - 1, DRAWN = 40 };

static struct crypto crypto;

static int setup(void **state)
{
    (void)state;
    return sodium_crypto_open(&crypto, NULL) == ERR_OK ? 0 : -1;
}

static bool is_one(const char *typed)
{
    struct ticket ticket;
    return ticket_type(typed, &ticket, NULL) == ERR_OK;
}

static void what_is_drawn_can_be_typed_in_any_way(void **state)
{
    (void)state;
    for (int i = 0; i < DRAWN; i++) {
        enum ticket_code kind = i % 2 ? TICKET_CHOSEN : TICKET_LAST_FOUR;
        struct ticket drawn, typed;
        char grouped[TICKET_TYPED + 4], small[TICKET_TYPED + 4];
        ticket_draw(&crypto, kind, &drawn);
        assert_int_equal(strspn(drawn.typed, ticket_alphabet()), SYMBOLS);
        ticket_grouped(drawn.typed, grouped);
        assert_int_equal(strlen(grouped), SYMBOLS + 3);
        for (size_t c = 0; c < sizeof small; c++) {
            small[c] = grouped[c] == ' ' ? '-' : grouped[c];
            small[c] = (char)(small[c] >= 'A' && small[c] <= 'Z' ? small[c] + 32 : small[c]);
        }
        assert_int_equal(ticket_type(grouped, &typed, NULL), ERR_OK);
        assert_int_equal(ticket_type(small, &typed, NULL), ERR_OK);
        assert_string_equal(typed.typed, drawn.typed);
        assert_int_equal(typed.code, kind);
    }
}

static void no_character_looks_like_another(void **state)
{
    static const char *const alike[] = {"0OQD", "1IL", "2Z", "5S", "6G", "8B", "UV"};
    (void)state;
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++) {
        int found = 0;
        for (const char *at = alike[i]; *at; at++)
            found += strchr(ticket_alphabet(), *at) != NULL;
        assert_int_equal(found, 1);
    }
    // Fourteen of them hold the 63 random bits and the kind.
    double room = 1;
    for (int i = 0; i < SYMBOLS - 2; i++)
        room *= (double)strlen(ticket_alphabet());
    assert_true(room > 18446744073709551616.0);
}

static void any_one_wrong_character_is_noticed(void **state)
{
    (void)state;
    for (int i = 0; i < DRAWN; i++) {
        struct ticket drawn;
        ticket_draw(&crypto, TICKET_LAST_FOUR, &drawn);
        for (size_t at = 0; at < SYMBOLS; at++)
            for (const char *other = ticket_alphabet(); *other; other++) {
                char wrong[TICKET_TYPED];
                text_copy(wrong, sizeof wrong, drawn.typed);
                wrong[at] = *other;
                assert_int_equal(is_one(wrong), *other == drawn.typed[at]);
            }
    }
}

static void any_two_that_changed_places_are_noticed(void **state)
{
    (void)state;
    for (int i = 0; i < DRAWN; i++) {
        struct ticket drawn;
        ticket_draw(&crypto, TICKET_CHOSEN, &drawn);
        for (size_t one = 0; one < SYMBOLS; one++)
            for (size_t two = one + 1; two < SYMBOLS; two++) {
                char wrong[TICKET_TYPED];
                text_copy(wrong, sizeof wrong, drawn.typed);
                wrong[one] = drawn.typed[two];
                wrong[two] = drawn.typed[one];
                assert_int_equal(is_one(wrong), drawn.typed[one] == drawn.typed[two]);
            }
    }
}

static void what_is_no_code_is_refused(void **state)
{
    static const char *const cases[] = {"",
                                        "2",
                                        "222222222222222",
                                        "22222222222222222",
                                        "0000000000000000",
                                        "O222222222222222",
                                        "YYYYYYYYYYYYYYYY",
                                        "\xE4\xB8\xAD",
                                        "2222 2222 2222 222\n",
                                        "-- --"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ticket ticket = {.typed = "x"};
        assert_int_equal(ticket_type(cases[i], &ticket, NULL), ERR_INPUT);
        assert_string_equal(ticket.typed, "");
    }
}

static void scanned_or_typed_it_is_the_same_ticket(void **state)
{
    struct ticket drawn, typed, scanned;
    char text[TICKET_TEXT];
    uint8_t one[CRYPTO_KEY], other[CRYPTO_KEY];
    (void)state;
    ticket_draw(&crypto, TICKET_CHOSEN, &drawn);
    assert_string_equal(drawn.id, ""); // slow to make: not yet
    assert_int_equal(ticket_type(drawn.typed, &typed, NULL), ERR_OK);
    assert_int_equal(ticket_work(&crypto, &drawn, "4711", one, NULL), ERR_OK);
    assert_true(ticket_id_is_good(drawn.id));
    ticket_text(&crypto, &drawn, text);
    assert_int_equal(ticket_parse(&crypto, text, &scanned, NULL), ERR_OK);
    assert_int_equal(ticket_work(&crypto, &typed, "", other, NULL), ERR_OK);
    assert_string_equal(typed.id, scanned.id);
    assert_memory_equal(typed.key, scanned.key, CRYPTO_KEY);
    assert_int_equal(ticket_work(&crypto, &typed, "4711", other, NULL), ERR_OK);
    assert_memory_equal(one, other, CRYPTO_KEY);
}

static void two_tickets_have_nothing_in_common(void **state)
{
    struct ticket one, other;
    (void)state;
    ticket_draw(&crypto, TICKET_CHOSEN, &one);
    ticket_draw(&crypto, TICKET_CHOSEN, &other);
    assert_string_not_equal(one.typed, other.typed);
    assert_int_equal(ticket_unfold(&crypto, &one, NULL), ERR_OK);
    assert_int_equal(ticket_unfold(&crypto, &other, NULL), ERR_OK);
    assert_string_not_equal(one.id, other.id);
    assert_memory_not_equal(one.key, other.key, CRYPTO_KEY);
    assert_null(memmem(one.key, CRYPTO_KEY, one.id, 16));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_drawn_can_be_typed_in_any_way),
        cmocka_unit_test(no_character_looks_like_another),
        cmocka_unit_test(any_one_wrong_character_is_noticed),
        cmocka_unit_test(any_two_that_changed_places_are_noticed),
        cmocka_unit_test(what_is_no_code_is_refused),
        cmocka_unit_test(scanned_or_typed_it_is_the_same_ticket),
        cmocka_unit_test(two_tickets_have_nothing_in_common),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
