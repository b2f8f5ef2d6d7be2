// SPDX-License-Identifier: GPL-3.0-or-later
// What receipts say in three languages, and how they look. Pictures to compare with stand in
// tests/golden/receipts; YIMEN_GOLDEN=write makes them anew.
#include "app/receipt/sheet.h"
#include "contract/paper/picture.h"
#include "unit/receipt/golden.h"
#include "unit/receipt/samples.h"
#include "yimen/base/text.h"
#include "yimen/receipt/receipt.h"
#include "yimen/receipt/ticket_slip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { BUFFER = 8 << 20, TEN_POINTS = 353 };
static const char *const LANGUAGES[] = {"zh", "en", "ko"};
enum { LANGUAGE_COUNT = 3 };

static struct bench BENCH;

static int open_bench(void **state)
{
    bench_open(&BENCH);
    *state = &BENCH;
    return 0;
}

static int close_bench(void **state)
{
    bench_close(*state);
    return 0;
}

static struct paper_document compose(const struct receipt_facts *facts)
{
    struct paper_document document;
    receipt_compose(facts, BENCH.texts, BENCH.catalogue, BENCH.arena, &document);
    return document;
}

static bool says(const struct paper_document *document, const char *words)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct paper_item *item = &document->items[i];
        if (item->kind != PAPER_QR && item->text && strstr(item->text, words))
            return true;
        if (item->label && strstr(item->label, words))
            return true;
    }
    return false;
}

static size_t count_kind(const struct paper_document *document, enum paper_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < document->count; i++)
        count += document->items[i].kind == kind;
    return count;
}

static const char *word(const char *language, const char *key)
{
    return texts_get(BENCH.texts, language, key);
}

static void every_sentence_exists_in_every_language(void **state)
{
    (void)state;
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        const struct receipt_facts samples[] = {
            sample_application(LANGUAGES[l]), sample_urgent(LANGUAGES[l]),
            sample_reprint(LANGUAGES[l]), sample_several(LANGUAGES[l])};
        for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
            struct paper_document document = compose(&samples[i]);
            assert_false(says(&document, "receipt."));
            assert_false(says(&document, "service."));
            assert_false(says(&document, "paper."));
            assert_false(says(&document, "counter."));
            assert_false(says(&document, "{"));
        }
    }
}

static void no_print_is_smaller_than_ten_points(void **state)
{
    (void)state;
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        struct receipt_facts facts = sample_reprint(LANGUAGES[l]);
        struct paper_document document = compose(&facts);
        for (size_t i = 0; i < document.count; i++)
            if (document.items[i].text && document.items[i].kind != PAPER_QR)
                assert_true(document.items[i].size_mm100 >= TEN_POINTS);
    }
}

static void an_application_says_what_is_missing_and_what_is_promised(void **state)
{
    (void)state;
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        struct receipt_facts facts = sample_application(LANGUAGES[l]);
        struct paper_document document = compose(&facts);
        assert_int_equal(count_kind(&document, PAPER_TICK), 2);
        assert_true(says(&document, word(LANGUAGES[l], "paper.medical-proof.name")));
        assert_true(says(&document, word(LANGUAGES[l], "receipt.title")));
        assert_true(says(&document, word(LANGUAGES[l], "receipt.fee-none")));
        assert_true(says(&document, word(LANGUAGES[l], "receipt.limit-to-be-confirmed")));
        assert_true(says(&document, word(LANGUAGES[l], "receipt.not-accepted")));
        assert_true(says(&document, "12345"));
        assert_true(says(&document, "000511002000"));
        assert_true(says(&document, "370212************"));
        assert_int_equal(count_kind(&document, PAPER_QR), 1);
        assert_int_equal(count_kind(&document, PAPER_BOX_BEGIN), 0);
    }
}

static void an_urgent_receipt_says_by_when(void **state)
{
    (void)state;
    struct receipt_facts facts = sample_urgent("zh");
    struct paper_document document = compose(&facts);
    assert_true(says(&document, word("zh", "receipt.title-urgent")));
    assert_true(says(&document, "2026年11月24日 10:01"));
    assert_true(says(&document, "110"));
    assert_true(says(&document, "24 小时内先帮您"));
    assert_false(says(&document, word("zh", "receipt.limit-to-be-confirmed")));
}

static void who_left_no_id_number_is_not_asked_for_the_card(void **state)
{
    (void)state;
    for (size_t l = 0; l < 3; l++) {
        struct receipt_facts facts = sample_urgent(LANGUAGES[l]);
        facts.masked_id[0] = '\0';
        struct paper_document document = compose(&facts);
        assert_true(says(&document, word(LANGUAGES[l], "receipt.second-factor-slip")));
        assert_false(says(&document, word(LANGUAGES[l], "receipt.second-factor")));
        text_copy(facts.masked_id, sizeof facts.masked_id, "370212************");
        document = compose(&facts);
        assert_true(says(&document, word(LANGUAGES[l], "receipt.second-factor")));
    }
}

static void what_opens_the_case_is_said_in_words(void **state)
{
    static const char *const keys[FACTOR_KINDS] = {[FACTOR_NONE] = "receipt.second-factor-slip",
                                                   [FACTOR_NUMBER] = "receipt.second-factor",
                                                   [FACTOR_PHONE] = "receipt.second-factor-phone",
                                                   [FACTOR_CHOSEN] =
                                                       "receipt.second-factor-chosen"};
    (void)state;
    for (size_t l = 0; l < 3; l++)
        for (int kind = FACTOR_NONE; kind < FACTOR_KINDS; kind++) {
            struct receipt_facts facts = sample_application(LANGUAGES[l]);
            facts.factor_kind = kind;
            if (kind != FACTOR_NUMBER)
                facts.masked_id[0] = '\0';
            struct paper_document document = compose(&facts);
            for (int other = FACTOR_NONE; other < FACTOR_KINDS; other++)
                assert_int_equal(says(&document, word(LANGUAGES[l], keys[other])), other == kind);
        }
}

static void a_ticket_has_its_code_to_scan_and_to_type(void **state)
{
    (void)state;
    for (size_t l = 0; l < 3; l++) {
        struct ticket_slip slip = {.counter = "001", .expires_utc_ms = SAMPLE_UTC_MS};
        struct paper_document document;
        text_copy(slip.language, sizeof slip.language, LANGUAGES[l]);
        text_copy(slip.qr_text, sizeof slip.qr_text, "YT1:AAECAwQFBgcICQ");
        text_copy(slip.typed, sizeof slip.typed, "3K7F 9A2C D4HM XP6T");
        ticket_slip_compose(&slip, BENCH.texts, BENCH.catalogue, BENCH.arena, &document);
        assert_int_equal(count_kind(&document, PAPER_QR), 1);
        assert_true(says(&document, "3K7F 9A2C D4HM XP6T"));
        assert_true(says(&document, word(LANGUAGES[l], "ticket-slip.type")));
        slip.typed[0] = '\0';
        ticket_slip_compose(&slip, BENCH.texts, BENCH.catalogue, BENCH.arena, &document);
        assert_false(says(&document, word(LANGUAGES[l], "ticket-slip.type")));
    }
}

static const struct paper_item *picture_on(const struct paper_document *document)
{
    for (size_t i = 0; i < document->count; i++)
        if (document->items[i].kind == PAPER_IMAGE)
            return &document->items[i];
    return NULL;
}

// Facts with so many pictures, written and read again: no more than is kept and sent.
static void drawn_again(struct receipt_facts *facts, size_t pictures, struct receipt_facts *again)
{
    struct strbuf json;
    memset(facts->drawn, '3', pictures * 2 * DRAWN_BYTES);
    facts->drawn[pictures * 2 * DRAWN_BYTES] = '\0';
    strbuf_init(&json, 16 << 10);
    assert_int_equal(receipt_facts_write(facts, &json, NULL), ERR_OK);
    assert_int_equal(receipt_facts_read(strbuf_text(&json), json.length, again, NULL), ERR_OK);
    strbuf_free(&json);
}

static void a_character_that_was_drawn_is_on_the_paper(void **state)
{
    (void)state;
    struct receipt_facts facts = sample_application("zh"), again;
    text_copy(facts.masked_name, sizeof facts.masked_name, "张**" DRAWN_SIGN DRAWN_SIGN);
    drawn_again(&facts, 2, &again);
    struct paper_document document = compose(&again);
    assert_true(says(&document, "张**" DRAWN_SIGN DRAWN_SIGN));
    assert_true(says(&document, "手写的这个字"));
    assert_false(says(&document, "没印手写的字"));
    const struct paper_item *picture = picture_on(&document);
    assert_non_null(picture);
    assert_int_equal(picture->height, DRAWN_SIDE);
    assert_true(picture->width >= 2 * DRAWN_SIDE && picture->width < 3 * DRAWN_SIDE);
    assert_int_equal(picture->bits[0], 0xFF);                          // its frame
    assert_int_equal(picture->bits[2 * picture->width / 8 + 1], 0x33); // what was written
}

static void a_drawn_character_that_is_missing_is_said_to_be(void **state)
{
    (void)state;
    struct receipt_facts facts = sample_application("zh"), again;
    text_copy(facts.masked_name, sizeof facts.masked_name, "张**" DRAWN_SIGN DRAWN_SIGN);
    drawn_again(&facts, 1, &again);
    struct paper_document document = compose(&again);
    assert_non_null(picture_on(&document));
    assert_true(says(&document, "没印手写的字"));
    again.drawn[5] = 'x'; // not as it was written
    document = compose(&again);
    assert_null(picture_on(&document));
    assert_true(says(&document, "没印手写的字"));
    text_copy(again.masked_name, sizeof again.masked_name, "张**"); // nothing to show
    document = compose(&again);
    assert_null(picture_on(&document));
    assert_false(says(&document, "没印手写的字"));
}

static void what_stands_in_full_has_its_pictures_and_all_of_it_can_be_kept(void **state)
{
    (void)state;
    struct receipt_facts facts = sample_application("zh"), again;
    for (facts.line_count = 0; facts.line_count < RECEIPT_LINES; facts.line_count++) {
        struct slip_note *line = &facts.lines[facts.line_count];
        text_copy(line->label, sizeof line->label, "child");
        text_copy(line->text, sizeof line->text, "张" DRAWN_SIGN);
    }
    for (facts.paper_count = 0; facts.paper_count < DRAFT_PAPERS; facts.paper_count++) {
        struct paper_note *paper = &facts.papers[facts.paper_count];
        *paper =
            (struct paper_note){.id = "id-card-of-somebody-whose-name", .answer = 2, .items = 63};
    }
    drawn_again(&facts, DRAWN_PRINTED, &again);
    struct paper_document document = compose(&again);
    assert_true(says(&document, "张" DRAWN_SIGN));
    assert_true(picture_on(&document)->width >= DRAWN_PRINTED * DRAWN_SIDE);
    assert_true(picture_on(&document)->width <= 576); // as wide as a receipt is printed
    assert_false(says(&document, "没印手写的字"));
}

// The school must be able to find the pupil: what it reads stands in full, no ID number does.
static void a_referral_says_whom_to_give_it_to_and_for_whom_it_is(void **state)
{
    (void)state;
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        struct receipt_facts facts = sample_application(LANGUAGES[l]);
        static const struct slip_note LINES[] = {{"child", "张小三"},
                                                 {"school", "示例小学"},
                                                 {"grade", "三年级二班"},
                                                 {"applicant", "张三"}};
        facts.line_count = sizeof LINES / sizeof LINES[0];
        memcpy(facts.lines, LINES, sizeof LINES);
        (void)text_copy(facts.service, sizeof facts.service, "education-referral");
        struct paper_document document = compose(&facts);
        assert_true(says(&document, word(LANGUAGES[l], "service.education-referral.slip")));
        assert_true(says(&document, word(LANGUAGES[l], "service.education-referral.slip-title")));
        assert_false(says(&document, word(LANGUAGES[l], "receipt.not-accepted")));
        for (size_t i = 0; i < facts.line_count; i++)
            assert_true(says(&document, LINES[i].text));
        assert_false(says(&document, facts.masked_name));
        assert_true(says(&document, facts.masked_id));
    }
}

// A whistle, an enquiry, a referral is decided by nobody: nothing is published or refused, and no
// time runs.
static void what_is_no_application_speaks_of_none(void **state)
{
    static const char *const services[] = {"whistle", "which-help", "kin-register",
                                           "education-referral"};
    static const char *const words[] = {"公示", "不同意", "受理由", "是否受理", "工作日"};
    (void)state;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        struct receipt_facts facts = sample_urgent("zh");
        facts.urgent = false;
        (void)text_copy(facts.service, sizeof facts.service, services[i]);
        struct paper_document document = compose(&facts);
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
            if (says(&document, words[w]))
                fail_msg("%s speaks of %s", services[i], words[w]);
    }
}

static void what_belongs_to_a_case_names_its_receipt(void **state)
{
    (void)state;
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        struct receipt_facts facts = sample_application(LANGUAGES[l]);
        struct paper_document alone = compose(&facts);
        assert_false(says(&alone, word(LANGUAGES[l], "receipt.of-number")));
        (void)text_copy(facts.service, sizeof facts.service, "correction");
        (void)text_copy(facts.of_number, sizeof facts.of_number, "370212001261101240012");
        struct paper_document document = compose(&facts);
        assert_true(says(&document, word(LANGUAGES[l], "receipt.of-number")));
        assert_true(says(&document, "370212 001 261101 240012"));
        // It opens as its case does, which the machine that adds to it may not know.
        facts.masked_id[0] = '\0';
        facts.factor_kind = FACTOR_NONE;
        struct paper_document without = compose(&facts);
        assert_true(says(&without, word(LANGUAGES[l], "receipt.second-factor-as-before")));
        assert_false(says(&without, word(LANGUAGES[l], "receipt.second-factor-slip")));
    }
}

static void a_clock_nobody_vouches_for_gives_no_date(void **state)
{
    (void)state;
    struct receipt_facts facts = sample_urgent("zh");
    facts.saved.quality = facts.first_touch.quality = TIME_UNKNOWN;
    struct paper_document document = compose(&facts);
    assert_false(says(&document, "2026年"));
    assert_true(says(&document, word("zh", "receipt.time-unconfirmed")));
    assert_true(says(&document, "24"));
}

static void from_the_second_print_on_the_paper_says_so(void **state)
{
    (void)state;
    struct receipt_facts facts = sample_application("zh");
    struct paper_document first = compose(&facts);
    assert_false(says(&first, "次打印"));
    facts.print_count = 3;
    struct paper_document third = compose(&facts);
    assert_true(says(&third, "第 3 次打印"));
}

static void an_outstanding_signature_adds_a_sheet_to_take_home(void **state)
{
    (void)state;
    struct receipt_facts facts = sample_application("zh");
    struct paper_document without = compose(&facts);
    facts.signature_outstanding = true;
    struct paper_document with = compose(&facts);
    assert_false(says(&without, word("zh", "receipt.sheet-title")));
    assert_true(says(&with, word("zh", "receipt.sheet-title")));
    assert_true(says(&with, word("zh", "receipt.sheet-sign")));
    assert_true(says(&with, catalogue_commitment_version(BENCH.catalogue)));
}

static void a_receipt_of_several_services_lists_each_with_its_limits(void **state)
{
    (void)state;
    struct receipt_facts facts = sample_several("zh");
    struct paper_document document = compose(&facts);
    assert_true(says(&document, "1. 最低生活保障"));
    assert_true(says(&document, "2. 医疗救助"));
    assert_true(says(&document, "按规定 30 个工作日，争取 20 个"));
    assert_true(says(&document, word("zh", "receipt.items-limits-later")));
    assert_true(says(&document, "按规定 60 个工作日，争取 30 个"));
    assert_true(says(&document, "家人的授权书（用于低保）"));
    assert_true(says(&document, word("zh", "paper.insurance-statement.name")));
    assert_true(says(&document, "370000000001"));
}

static void who_signs_at_home_has_a_sheet_for_it(void **state)
{
    (void)state;
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        struct receipt_facts facts = sample_several(LANGUAGES[l]);
        struct paper_document document = compose(&facts);
        assert_true(says(&document, word(LANGUAGES[l], "paper.member-consent.sheet")));
        facts.papers[3].answer = 3; // the clerk has it
        document = compose(&facts);
        assert_false(says(&document, word(LANGUAGES[l], "paper.member-consent.sheet")));
    }
}

static void odd_facts_make_a_receipt_all_the_same(void **state)
{
    (void)state;
    struct receipt_facts facts;
    memset(&facts, 0, sizeof facts);
    facts.paper_count = 999;
    facts.papers[0].answer = -7;
    (void)text_copy(facts.language, sizeof facts.language, "xx");
    (void)text_copy(facts.masked_name, sizeof facts.masked_name,
                    "\x1b@\xE2\x80\xAE<b>'; DROP TABLE\n\xF0\x9F\x98\x80");
    struct paper_output out = {0};
    strbuf_init(&out.pwg, BUFFER);
    sample_render(&BENCH, &facts, &out);
    assert_true(out.height_dots > 500);
    strbuf_free(&out.pwg);
}

static void the_code_on_the_paper_reads_back_in_every_language(void **state)
{
    (void)state;
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        struct receipt_facts facts = sample_application(LANGUAGES[l]);
        struct paper_output out = {0};
        struct picture picture;
        char text[512];
        strbuf_init(&out.pwg, BUFFER);
        sample_render(&BENCH, &facts, &out);
        assert_false(out.missing_glyphs);
        assert_true(picture_from_pwg(out.pwg.data, out.pwg.length, &picture));
        assert_true(picture_read_qr(&picture, text, sizeof text));
        assert_int_equal(strncmp(text, facts.qr_text, strlen(facts.qr_text)), 0);
        picture_free(&picture);
        strbuf_free(&out.pwg);
    }
}

// -- pictures -------------------------------------------------------------------------------------

static void compare_with_picture(const struct receipt_facts *facts, const char *name)
{
    struct paper_document document = compose(facts);
    golden_compare(&BENCH, &document, name);
}

static void receipts_look_as_they_were_approved(void **state)
{
    (void)state;
    struct receipt_facts facts = sample_application("zh");
    compare_with_picture(&facts, "application-zh");
    facts = sample_urgent("zh");
    compare_with_picture(&facts, "urgent-zh");
    facts = sample_reprint("en");
    compare_with_picture(&facts, "reprint-en");
    facts = sample_application("ko");
    compare_with_picture(&facts, "application-ko");
    facts = sample_several("zh");
    compare_with_picture(&facts, "several-zh");
}

// The paper driver says that it is too long; nothing is left out of it in silence.
static void a_sheet_loses_no_line_however_long_it_is(void **state)
{
    (void)state;
    enum { LINES = 1000 };
    struct sheet sheet;
    struct paper_document document;
    struct paper_output out = {0};
    sheet_begin(&sheet, BENCH.texts, "zh", BENCH.arena);
    for (int i = 0; i < LINES; i++)
        sheet_text(&sheet, SHEET_BODY, i == LINES - 1 ? "last" : "line");
    sheet_end(&sheet, "receipt.title", &document);
    assert_int_equal(document.count, LINES);
    assert_string_equal(document.items[0].text, "line");
    assert_string_equal(document.items[LINES - 1].text, "last");
    strbuf_init(&out.pwg, 16 << 20);
    assert_int_equal(BENCH.paper.ops->render(BENCH.paper.self, &document, &out, NULL), ERR_FULL);
    strbuf_free(&out.pwg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sentence_exists_in_every_language),
        cmocka_unit_test(no_print_is_smaller_than_ten_points),
        cmocka_unit_test(an_application_says_what_is_missing_and_what_is_promised),
        cmocka_unit_test(an_urgent_receipt_says_by_when),
        cmocka_unit_test(who_left_no_id_number_is_not_asked_for_the_card),
        cmocka_unit_test(what_opens_the_case_is_said_in_words),
        cmocka_unit_test(a_character_that_was_drawn_is_on_the_paper),
        cmocka_unit_test(a_drawn_character_that_is_missing_is_said_to_be),
        cmocka_unit_test(what_stands_in_full_has_its_pictures_and_all_of_it_can_be_kept),
        cmocka_unit_test(a_ticket_has_its_code_to_scan_and_to_type),
        cmocka_unit_test(a_referral_says_whom_to_give_it_to_and_for_whom_it_is),
        cmocka_unit_test(what_is_no_application_speaks_of_none),
        cmocka_unit_test(what_belongs_to_a_case_names_its_receipt),
        cmocka_unit_test(a_clock_nobody_vouches_for_gives_no_date),
        cmocka_unit_test(from_the_second_print_on_the_paper_says_so),
        cmocka_unit_test(an_outstanding_signature_adds_a_sheet_to_take_home),
        cmocka_unit_test(a_receipt_of_several_services_lists_each_with_its_limits),
        cmocka_unit_test(who_signs_at_home_has_a_sheet_for_it),
        cmocka_unit_test(odd_facts_make_a_receipt_all_the_same),
        cmocka_unit_test(the_code_on_the_paper_reads_back_in_every_language),
        cmocka_unit_test(a_sheet_loses_no_line_however_long_it_is),
        cmocka_unit_test(receipts_look_as_they_were_approved),
    };
    return cmocka_run_group_tests_name("receipt", tests, open_bench, close_bench);
}
