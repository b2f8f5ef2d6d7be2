// SPDX-License-Identifier: GPL-3.0-or-later
// What is held up to the code reader, and what the screen says to it.
#include "scene.h"
#include "yimen/case/receipt_number.h"
#include "yimen/case/tracking.h"

static int setup(void **state)
{
    *state = scene_new();
    scene_work(*state);
    return 0;
}

static int teardown(void **state)
{
    scene_free(*state);
    return 0;
}

static void a_foreign_code_is_answered_calmly_and_leaves_the_screen(void **state)
{
    struct scene *scene = *state;
    scan(scene, "just a text");
    assert_int_equal(look(scene)->overlay, OVERLAY_CODE);
    touch(scene, INTENT_CLOSE_OVERLAY);
    scan(scene, "https://shop.example/t-shirt"); // the rest of it may still come
    ON(scene, SCREEN_ATTRACT);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    scene_wait(scene, 2000);
    assert_int_equal(look(scene)->overlay, OVERLAY_CODE);
    assert_string_equal(look(scene)->code_message_key, "code.not-ours");
    touch(scene, INTENT_CLOSE_OVERLAY);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
    scan(scene, NULL);
    assert_string_equal(look(scene)->code_message_key, "code.unreadable");
    scene_wait(scene, 200000);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void a_code_during_a_visit_leaves_the_visit_as_it_is(void **state)
{
    struct scene *scene = *state;
    begin_expenditure(scene);
    scan(scene, "anything");
    ON(scene, SCREEN_QUESTION);
    assert_string_equal(look(scene)->code_message_key, "code.in-visit");
    touch(scene, INTENT_CLOSE_OVERLAY);
    ON(scene, SCREEN_QUESTION);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

static void make_codes(struct scene *scene, char ticket[TICKET_TEXT], char receipt[LIMIT_QR_TEXT])
{
    struct ticket made;
    struct tracking code;
    uint8_t public_key[CRYPTO_PUBLIC], secret[CRYPTO_SECRET];
    ticket_make(&scene->crypto, TICKET_CHOSEN, &made);
    ticket_text(&scene->crypto, &made, ticket);
    scene->crypto.ops->sign_keypair(scene->crypto.self, public_key, secret);
    struct receipt_number parts = {"001", 261123, 2, 1, 234};
    char number[LIMIT_RECEIPT_NUMBER];
    assert_int_equal(receipt_number_format(&parts, number, NULL), ERR_OK);
    assert_int_equal(tracking_make(&scene->crypto, secret, "district.example", number, &code, NULL),
                     ERR_OK);
    memcpy(receipt, code.qr_text, LIMIT_QR_TEXT);
}

static void a_code_that_comes_in_parts_is_joined(void **state)
{
    struct scene *scene = *state;
    char ticket[TICKET_TEXT], receipt[LIMIT_QR_TEXT], part[LIMIT_QR_TEXT];
    make_codes(scene, ticket, receipt);
    for (size_t cut = 5; cut < strlen(ticket); cut += 13) {
        memcpy(part, ticket, cut);
        part[cut] = '\0';
        scan(scene, part);
        scene_wait(scene, 1500);
        ON(scene, SCREEN_ATTRACT);
        scan(scene, ticket + cut);
        ON(scene, SCREEN_CODE);
        touch(scene, INTENT_BACK);
    }
    memcpy(part, receipt, 40);
    part[40] = '\0';
    scan(scene, part);
    scene_wait(scene, 1500);
    scan(scene, receipt + 40);
    ON(scene, SCREEN_TRACK_FACTOR);
}

static void parts_that_come_too_late_or_belong_to_nothing_are_told(void **state)
{
    struct scene *scene = *state;
    char ticket[TICKET_TEXT], receipt[LIMIT_QR_TEXT];
    make_codes(scene, ticket, receipt);
    scan(scene, "YT1:half");
    scene_wait(scene, 2100);
    assert_string_equal(look(scene)->code_message_key, "code.not-ours");
    touch(scene, INTENT_CLOSE_OVERLAY);
    scan(scene, "YT1:half");
    scan(scene, ticket); // a whole one after a half one is a whole one
    ON(scene, SCREEN_CODE);
}

static void scheme_and_host_have_no_case(void **state)
{
    struct scene *scene = *state;
    char ticket[TICKET_TEXT], receipt[LIMIT_QR_TEXT];
    make_codes(scene, ticket, receipt);
    memcpy(receipt, "HTTPS://DISTRICT.EXAMPLE", 24);
    scan(scene, receipt);
    ON(scene, SCREEN_TRACK_FACTOR);
}

static void staff_at_work_are_not_disturbed_by_codes(void **state)
{
    struct scene *scene = *state;
    touch(scene, INTENT_STAFF);
    scan(scene, "anything");
    ON(scene, SCREEN_STAFF_PIN);
    assert_int_equal(look(scene)->overlay, OVERLAY_NONE);
}

// What somebody may print to see what a kiosk does with it.
static const struct {
    const char *what, *text;
} hostile[] = {
    {"nothing", ""},
    {"a space", " "},
    {"control bytes", "\x01\x02\x1b[2J\x7f"},
    {"no UTF-8", "\xff\xfe\xc0\x80"},
    {"right to left", "\xe2\x80\xae"
                      "YT1:AAAA"},
    {"a command", "$(reboot); `reboot`; | reboot"},
    {"a statement", "'; DROP TABLE submission; --"},
    {"a format", "%s%s%s%n%n"},
    {"a path", "../../../../etc/shadow"},
    {"an address of another scheme", "file:///etc/shadow"},
    {"a script", "javascript:alert(1)"},
    {"a printer's language", "\x1b%-12345X@PJL EXIT\r\n"},
    {"a ticket of rubbish", "YT1:AAAA####"},
    {"a ticket of a kind that is none",
     "YT1:"
     "_wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    {"a receipt of another number",
     "https://district.example/t/AAAAAAAAAAAAAAAAAAAAAA?n=370212001261123210010&s="
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    {"a receipt with more behind it",
     "https://district.example/t/AAAAAAAAAAAAAAAAAAAAAA?n=370212001261123210018&s="
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&x=1"},
};
enum { HOSTILE = sizeof hostile / sizeof hostile[0] };

// Said to be none of ours, or nothing at all; the screen underneath stays, and nothing is asked of
// the district, stored or printed for it.
static void stays_calm(struct scene *scene, const char *what, const char *text, enum screen screen)
{
    int questions = scene->questions, saves = scene->saves;
    scan(scene, text);
    scene_wait(scene, 2100); // the rest of it may still come
    const struct view *view = look(scene);
    if (view->screen != screen ||
        (view->overlay != OVERLAY_CODE && view->overlay != OVERLAY_NONE) ||
        scene->questions != questions || scene->saves != saves)
        fail_msg("%s: screen %d, overlay %d", what, (int)view->screen, (int)view->overlay);
    touch(scene, INTENT_CLOSE_OVERLAY);
    scene_wait(scene, 200000 / HOSTILE / 4);
}

static void hostile_codes_do_nothing_on_any_screen(void **state)
{
    struct scene *scene = *state;
    static char huge[8192];
    memset(huge, 'A', sizeof huge - 1);
    for (size_t i = 0; i < HOSTILE; i++)
        stays_calm(scene, hostile[i].what, hostile[i].text, SCREEN_ATTRACT);
    stays_calm(scene, "a very long one", huge, SCREEN_ATTRACT);
    begin_expenditure(scene);
    for (size_t i = 0; i < HOSTILE; i++)
        stays_calm(scene, hostile[i].what, hostile[i].text, SCREEN_QUESTION);
    stays_calm(scene, "a very long one", huge, SCREEN_QUESTION);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_foreign_code_is_answered_calmly_and_leaves_the_screen),
        TEST(a_code_during_a_visit_leaves_the_visit_as_it_is),
        TEST(a_code_that_comes_in_parts_is_joined),
        TEST(parts_that_come_too_late_or_belong_to_nothing_are_told),
        TEST(scheme_and_host_have_no_case),
        TEST(hostile_codes_do_nothing_on_any_screen),
        TEST(staff_at_work_are_not_disturbed_by_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
