// SPDX-License-Identifier: GPL-3.0-or-later
// The telephone page: what the paper alone may say, what its owner is told after the second factor,
// and that guessing there locks nobody out at a counter. In one process and over a socket.
#include "office_bench.h"

#include "yimen/base/text.h"
#include "yimen/district/correction.h"
#include "yimen/district/owner.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/mhd.h"
#include "yimen/driver/sqlite_district.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NUMBER "370212001251123170019"
#define GOOD(call) assert_int_equal(call, ERR_OK)

struct phone {
    struct bench bench;
    struct tracking tracking;
    struct owner_desk owners;
    char path[64];
};

static int setup(void **state)
{
    struct phone *phone = calloc(1, sizeof *phone);
    bench_open(&phone->bench);
    *state = phone;
    return 0;
}

static int teardown(void **state)
{
    struct phone *phone = *state;
    bench_close(&phone->bench);
    free(phone);
    return 0;
}

static void arrive(struct phone *phone, const struct bench_record *record, bool opens)
{
    struct bench_submission *one = calloc(1, sizeof *one);
    int opened = 0;
    bench_submission(&phone->bench, record, one);
    assert_int_equal(bench_post(&phone->bench, one, 0, 2)->status, 201);
    phone->tracking = one->tracking;
    snprintf(phone->path, sizeof phone->path, "/t/%s", one->tracking.token);
    bench_submission_free(one);
    free(one);
    if (opens)
        GOOD(district_open_waiting(phone->bench.district, &opened, NULL));
}

static const char *type_in(struct phone *phone, const char *typed, const char *language)
{
    char body[64];
    snprintf(body, sizeof body, "factor=%s", typed);
    return bench_type(&phone->bench, phone->path, body, language)->body;
}

static const char *word(struct phone *phone, const char *language, const char *key)
{
    return texts_get(phone->bench.texts, language, key);
}

static bool says(struct phone *phone, const char *page, const char *language, const char *key)
{
    struct strbuf words; // as a page has them
    strbuf_init(&words, 4096);
    strbuf_add_xml(&words, word(phone, language, key));
    bool found = strstr(page, strbuf_text(&words)) != NULL;
    strbuf_free(&words);
    return found;
}

// What only the owner may read.
static const char *const owners_only[] = {"service.medical-aid.long", "paper.medical-proof.name",
                                          "paper.medical-proof.why",  "status.10",
                                          "follow.next.10",           "track.missing.list"};
static const struct bench_record medical = {.service = "medical-aid",
                                            .papers = "id-card:later medical-proof:later "
                                                      "authority:clerk"};

static void the_paper_alone_says_no_more_than_before(void **state)
{
    struct phone *phone = *state;
    arrive(phone, &medical, true);
    struct bench_answer *answer = bench_look(&phone->bench, phone->path, NULL, "zh");
    assert_int_equal(answer->status, 200);
    for (size_t i = 0; i < sizeof owners_only / sizeof owners_only[0]; i++)
        if (says(phone, answer->body, "zh", owners_only[i]) && i != 3)
            fail_msg("the paper alone says %s", owners_only[i]);
    assert_true(says(phone, answer->body, "zh", "track.known"));
    assert_non_null(strstr(answer->body, "<form method=\"post\""));
    assert_non_null(strstr(answer->body, "370212 001 251123 170019"));
    assert_null(strstr(answer->body, "<script"));
    assert_null(strstr(answer->body, "{{"));
    assert_non_null(strstr(answer->headers[1], "form-action 'self'"));
    for (size_t i = 0; i < sizeof answer->headers / sizeof answer->headers[0]; i++)
        assert_null(strstr(answer->headers[i], "Set-Cookie"));
}

static void its_owner_is_told_what_comes_and_what_is_missing(void **state)
{
    static const char *const languages[] = {"zh", "en", "ko"};
    struct phone *phone = *state;
    arrive(phone, &medical, true);
    for (size_t l = 0; l < 3; l++) {
        const char *page = type_in(phone, "0029", languages[l]);
        for (size_t i = 0; i < sizeof owners_only / sizeof owners_only[0]; i++)
            if (!says(phone, page, languages[l], owners_only[i]))
                fail_msg("%s: nothing of %s", languages[l], owners_only[i]);
        assert_true(says(phone, page, languages[l], "paper.medical-proof.instead"));
        assert_false(says(phone, page, languages[l], "paper.id-card.why"));   // looked up
        assert_false(says(phone, page, languages[l], "paper.authority.why")); // copied
        assert_true(says(phone, page, languages[l], "track.missing.text"));
        assert_false(says(phone, page, languages[l], "receipt.papers-later")); // "today" is over
        assert_null(strstr(page, "<form"));
        assert_null(strstr(page, "0029"));
        assert_null(strstr(page, "\xE5\xBC\xA0")); // her name
        assert_null(strstr(page, "370212****"));
        assert_null(strstr(page, "{"
                                 "{"));
    }
}

static void who_has_an_x_types_three_digits_and_ticks(void **state)
{
    struct phone *phone = *state;
    struct bench_record record = medical;
    record.id_number = "82000020000229003X";
    arrive(phone, &record, true);
    assert_true(says(phone, type_in(phone, "003x", "zh"), "zh", "follow.next.10"));
    assert_true(says(phone, type_in(phone, "003&x=1", "zh"), "zh", "follow.next.10"));
    assert_false(says(phone, type_in(phone, "0030", "zh"), "zh", "follow.next.10"));
}

static enum track_result at_the_counter(struct phone *phone, const char *factor)
{
    char body[256];
    snprintf(body, sizeof body, "{\"number\": \"%s\", \"factor\": \"%s\"}", NUMBER, factor);
    struct bench_answer *answer = bench_ask(&phone->bench, "POST", "/v1/lookup", body, NULL);
    return strstr(answer->body, "\"found\"")    ? TRACK_FOUND
           : strstr(answer->body, "\"locked\"") ? TRACK_LOCKED
                                                : TRACK_NO_FIT;
}

static void guessing_on_a_telephone_locks_the_telephone_page_only(void **state)
{
    struct phone *phone = *state;
    arrive(phone, &medical, true);
    for (int i = 1; i < TRACK_TRIES; i++)
        assert_non_null(strstr(type_in(phone, "1111", "zh"), "<form"));
    assert_true(says(phone, type_in(phone, "1111", "zh"), "zh", "track.locked.text"));
    const char *page = type_in(phone, "0029", "zh"); // also the right ones
    assert_true(says(phone, page, "zh", "track.locked.text"));
    assert_false(says(phone, page, "zh", "follow.next.10"));
    assert_int_equal(at_the_counter(phone, "0029"), TRACK_FOUND);
    // Nor does a counter lock the telephone.
    fake_clock_pass(&phone->bench.clock, track_lock_ms + 1);
    for (int i = 0; i <= TRACK_TRIES; i++)
        (void)at_the_counter(phone, "1111");
    assert_int_equal(at_the_counter(phone, "0029"), TRACK_LOCKED);
    assert_true(says(phone, type_in(phone, "0029", "zh"), "zh", "follow.next.10"));
}

// Who left a telephone and no document (an urgent call for help) must find their four on the page
// too.
static void the_question_names_every_kind_of_last_four(void **state)
{
    static const char *const kinds[][4] = {{"zh", "证件号码", "电话", "自己定过四位"},
                                           {"en", "ID number", "telephone", "chose four digits"},
                                           {"ko", "신분증", "전화번호", "직접 정하신"}};
    struct phone *phone = *state;
    arrive(phone, &medical, true);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const char *page = type_in(phone, "12", kinds[i][0]);
        for (size_t kind = 1; kind < 4; kind++)
            if (!strstr(page, kinds[i][kind]))
                fail_msg("the page in %s asks without a word of %s", kinds[i][0], kinds[i][kind]);
    }
}

static void what_is_not_whole_costs_no_try(void **state)
{
    static const char *const bad[] = {"", "12", "12345", "abcd", "%31%32", "1x34", "12 4"};
    struct phone *phone = *state;
    arrive(phone, &medical, true);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_true(says(phone, type_in(phone, bad[i], "zh"), "zh", "track.ask.incomplete"));
    assert_true(says(phone, type_in(phone, "0029", "zh"), "zh", "follow.next.10"));
    char *flood = calloc(1, 5000);
    memset(flood, 'f', 4999);
    bench_type(&phone->bench, phone->path, flood, "zh");
    free(flood);
}

static void before_it_is_opened_nobody_is_refused(void **state)
{
    struct phone *phone = *state;
    arrive(phone, &medical, false);
    for (int i = 0; i <= TRACK_TRIES; i++)
        assert_true(says(phone, type_in(phone, "1111", "zh"), "zh", "track.opening.text"));
}

static void an_unknown_token_has_nobody_to_ask(void **state)
{
    struct phone *phone = *state;
    arrive(phone, &medical, true);
    snprintf(phone->path, sizeof phone->path, "/t/AAAAAAAAAAAAAAAAAAAAAA");
    struct bench_answer *answer = bench_type(&phone->bench, phone->path, "factor=0029", "zh");
    assert_int_equal(answer->status, 404);
    assert_null(strstr(answer->body, "<form"));
}

// The names of the papers and the last day; the desk's own words stay inside.
static void what_the_district_wants_is_told_with_its_last_day(void **state)
{
    static const struct district_wanted wanted[] = {
        {.kind = CORRECTION_PAPER, .ref = "medical-proof", .reason = "SECRET WORDS"}};
    struct phone *phone = *state;
    char id[CORRECTION_ID];
    arrive(phone, &medical, true);
    const struct district_correction_order order = {.receipt = NUMBER,
                                                    .wanted = wanted,
                                                    .count = 1,
                                                    .days = 10,
                                                    .replaces_why = "",
                                                    .actor = "1001"};
    GOOD(district_correct(phone->bench.district, &order, id, NULL));
    const char *page = type_in(phone, "0029", "zh");
    assert_true(says(phone, page, "zh", "status.14"));
    assert_true(says(phone, page, "zh", "track.wanted.list"));
    assert_true(says(phone, page, "zh", "paper.medical-proof.why"));
    assert_non_null(strstr(page, "2025年12月03日"));
    assert_null(strstr(page, "SECRET"));
    assert_true(says(phone, page, "zh", "track.next.14"));
    assert_null(strstr(page, "在这里补")); // a telephone is no counter
    assert_false(says(phone, page, "zh", "track.missing.list"));
}

// Days and public notice as the service has them: of a child's help nothing is ever published.
static void what_comes_is_said_per_service(void **state)
{
    static const char *const way[] = {"20", "22", "30"};
    static const struct {
        const char *service, *says, *promise;
        bool published;
    } cases[] = {
        {"minimum-living", "同意给的，在社区公示 7 天", "争取 20 个工作日办完，公示", true},
        {"de-facto-unattended", "看完接着办", "争取 15 个工作日办完，上门", false}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct bench_record record = {.service = cases[i].service,
                                            .saved_after_ms = 365 * 86400000LL};
        struct phone *phone = calloc(1, sizeof *phone);
        bench_open(&phone->bench);
        arrive(phone, &record, true);
        for (size_t k = 0; k < sizeof way / sizeof way[0]; k++) {
            const struct district_decision step = {
                .receipt = NUMBER, .status = way[k], .reason = "", .actor = "1001"};
            GOOD(district_set_status(phone->bench.district, &step, NULL));
        }
        const char *page = type_in(phone, "0029", "zh");
        assert_non_null(strstr(page, cases[i].says));
        assert_non_null(strstr(page, cases[i].promise));
        assert_int_equal(strstr(page, "公示") != NULL, cases[i].published);
        assert_null(strstr(page, "{days}"));
        bench_close(&phone->bench);
        free(phone);
    }
}

#define PERSON                                                                                     \
    "<applicant><name>\xE5\xBC\xA0\xE4\xB8\x89</name><id_number>370212195406070029</id_number>"    \
    "</applicant>"

// Paper alone, wrong digits, right digits: the same pages to the byte, whatever became of it.
static void a_restricted_case_answers_as_an_enquiry(void **state)
{
    static const struct bench_record enquiry = {.service = "which-help", .answers = PERSON},
                                     restricted = {.service = "urgent-relief",
                                                   .answers = PERSON "<restricted>yes</restricted>",
                                                   .papers = "id-card:later"};
    static const char *const typed[] = {NULL, "1111", "0029"};
    struct phone *hers = *state, *other = calloc(1, sizeof *other);
    const struct district_decision relief = {
        .receipt = NUMBER, .status = "88", .reason = "relief", .actor = "1001"};
    bench_open(&other->bench);
    arrive(hers, &restricted, true);
    arrive(other, &enquiry, true);
    GOOD(district_set_status(hers->bench.district, &relief, NULL));
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        char *mine = strdup(typed[i] ? type_in(hers, typed[i], "zh")
                                     : bench_look(&hers->bench, hers->path, NULL, "zh")->body);
        const char *theirs = typed[i] ? type_in(other, typed[i], "zh")
                                      : bench_look(&other->bench, other->path, NULL, "zh")->body;
        assert_string_equal(mine, theirs);
        if (i == 2) {
            assert_true(says(hers, mine, "zh", "service.which-help.long"));
            assert_false(says(hers, mine, "zh", "status.88"));
        }
        free(mine);
    }
    bench_close(&other->bench);
    free(other);
}

static enum err not_there(void *self, const struct owner_question *question,
                          struct owner_answer *out, struct fail *why)
{
    (void)self, (void)question, (void)out;
    return fail_set(why, ERR_RETRY, "not there");
}

static void when_nobody_can_be_asked_the_page_says_so(void **state)
{
    static const struct owner_desk_ops away = {not_there};
    struct phone *phone = *state;
    arrive(phone, &medical, true);
    phone->bench.owners = (struct owner_desk){&away, NULL};
    struct bench_answer *answer = bench_type(&phone->bench, phone->path, "factor=0029", "zh");
    assert_int_equal(answer->status, 503);
    assert_true(says(phone, answer->body, "zh", "track.away.text"));
    owner_desk_here(phone->bench.district, &phone->bench.owners);
    assert_true(says(phone, type_in(phone, "0029", "zh"), "zh", "follow.next.10"));
}

// Over a socket that its owner and group alone may open, the page is the same to the byte.
static void over_a_socket_it_is_the_same(void **state)
{
    struct phone *phone = *state;
    struct district_store store;
    struct district *inside;
    struct http_server server;
    struct http_client client;
    char path[64];
    static const char *const typed[] = {"1111", "0029"};
    arrive(phone, &medical, true);
    snprintf(path, sizeof path, "/tmp/yimen-owner-%d.sock", (int)getpid());
    bench_second(&phone->bench, &store, &inside);
    struct http_server_config config = {.socket_path = path,
                                        .body_maximum = 4096,
                                        .deadline_ms = 5000,
                                        .handle = district_handle_owner,
                                        .context = inside};
    struct fail why = {0};
    if (mhd_server_open(&config, &server, &why))
        fail_msg("%s", why.text);
    struct curl_client_options options = {.plain_http = true, .socket_path = path};
    GOOD(curl_client_open(&options, &client, NULL));
    for (size_t i = 0; i < 2; i++) {
        owner_desk_far(&client, &phone->bench.owners);
        char *far = strdup(type_in(phone, typed[i], "zh"));
        owner_desk_here(phone->bench.district, &phone->bench.owners);
        const char *here = type_in(phone, typed[i], "zh");
        if (i == 1)
            assert_string_equal(far, here);
        else // each is a try of its own
            assert_non_null(strstr(far, "<form"));
        free(far);
    }
    server.ops->close(server.self);
    assert_int_equal(access(path, F_OK), -1);
    owner_desk_far(&client, &phone->bench.owners);
    assert_int_equal(bench_type(&phone->bench, phone->path, "factor=0029", "zh")->status, 503);
    owner_desk_here(phone->bench.district, &phone->bench.owners);
    curl_client_close(&client);
    district_close(inside);
    sqlite_district_close(&store);
}

#define PHONE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PHONE(the_paper_alone_says_no_more_than_before),
        PHONE(its_owner_is_told_what_comes_and_what_is_missing),
        PHONE(who_has_an_x_types_three_digits_and_ticks),
        PHONE(guessing_on_a_telephone_locks_the_telephone_page_only),
        PHONE(the_question_names_every_kind_of_last_four),
        PHONE(what_is_not_whole_costs_no_try),
        PHONE(before_it_is_opened_nobody_is_refused),
        PHONE(an_unknown_token_has_nobody_to_ask),
        PHONE(what_the_district_wants_is_told_with_its_last_day),
        PHONE(a_restricted_case_answers_as_an_enquiry),
        PHONE(what_comes_is_said_per_service),
        PHONE(when_nobody_can_be_asked_the_page_says_so),
        PHONE(over_a_socket_it_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
