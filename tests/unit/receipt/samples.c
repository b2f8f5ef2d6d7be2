// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/receipt/samples.h"
#include "yimen/base/text.h"
#include "yimen/receipt/receipt.h"
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

const int64_t SAMPLE_UTC_MS = 1795399500000;

// 127 bytes, as a host of ordinary length gives.
static const char QR_TEXT[] =
    "https://jz.laoshan.example/t/q83vEjRWeJCrze8SNFZ4kA?n=370212001261123248217&s="
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-Pw";

// cairo 1.16 loses 768 bytes with each PDF; a kiosk makes none.
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libcairo\n";
}

void bench_open(struct bench *bench)
{
    *bench = (struct bench){.arena = arena_new(0)};
    assert_int_equal(system_files_open("assets", &bench->pack, NULL), ERR_OK);
    assert_int_equal(texts_load(&bench->pack, &bench->texts, NULL), ERR_OK);
    assert_int_equal(catalogue_load(&bench->pack, &bench->catalogue, NULL), ERR_OK);
    assert_int_equal(policies_load(&bench->pack, bench->catalogue, &bench->policies, NULL), ERR_OK);
    assert_int_equal(paper_open(NULL, &bench->paper, NULL), ERR_OK);
}

void bench_close(struct bench *bench)
{
    paper_close(&bench->paper);
    policies_free(bench->policies);
    catalogue_free(bench->catalogue);
    texts_free(bench->texts);
    system_files_close(&bench->pack);
    arena_free(bench->arena);
    // What the libraries keep for the whole process is given back, so that real leaks show.
    cairo_debug_reset_static_data();
    FcFini();
}

static struct receipt_facts sample(const char *language, const char *service, const char *number)
{
    struct receipt_facts facts = {.print_count = 1};
    (void)text_copy(facts.number, sizeof facts.number, number);
    (void)text_copy(facts.qr_text, sizeof facts.qr_text, QR_TEXT);
    (void)text_copy(facts.service, sizeof facts.service, service);
    (void)text_copy(facts.item_code, sizeof facts.item_code, "000511002000");
    (void)text_copy(facts.language, sizeof facts.language, language);
    (void)text_copy(facts.counter_code, sizeof facts.counter_code, "001");
    facts.saved.utc_ms = SAMPLE_UTC_MS;
    facts.first_touch.utc_ms = SAMPLE_UTC_MS - 4 * 60000;
    facts.saved.quality = facts.first_touch.quality = TIME_DISTRICT;
    return facts;
}

struct receipt_facts sample_application(const char *language)
{
    struct receipt_facts facts = sample(language, "expenditure-relief", "370212001261123248217");
    (void)text_copy(facts.masked_name, sizeof facts.masked_name, "张*");
    (void)text_copy(facts.masked_id, sizeof facts.masked_id, "370212************");
    static const struct paper_note PAPERS[] = {{"id-card", 4, 0},
                                               {"household-register", 4, 0},
                                               {"medical-proof", 2, 0},
                                               {"school-proof", 2, 0}};
    facts.paper_count = sizeof PAPERS / sizeof PAPERS[0];
    for (size_t i = 0; i < facts.paper_count; i++)
        facts.papers[i] = PAPERS[i];
    return facts;
}

struct receipt_facts sample_several(const char *language)
{
    static const struct item_note ITEMS[] = {{"minimum-living", "", 30, 20},
                                             {"medical-aid", "", 0, 0},
                                             {"disability-living", "370000000001", 60, 30}};
    static const struct paper_note PAPERS[] = {{"id-card", 4, 7},
                                               {"household-register", 4, 1},
                                               {"disability-certificate", 2, 5},
                                               {"member-consent", 2, 1},
                                               {"insurance-statement", 2, 2}};
    struct receipt_facts facts = sample_application(language);
    (void)text_copy(facts.service, sizeof facts.service, "one-visit");
    facts.item_code[0] = '\0';
    facts.paper_count = sizeof PAPERS / sizeof PAPERS[0];
    memcpy(facts.papers, PAPERS, sizeof PAPERS);
    facts.item_count = sizeof ITEMS / sizeof ITEMS[0];
    memcpy(facts.items, ITEMS, sizeof ITEMS);
    return facts;
}

struct receipt_facts sample_urgent(const char *language)
{
    struct receipt_facts facts = sample(language, "urgent-relief", "370212001261123148216");
    facts.urgent = true;
    facts.limit_hours = 24;
    return facts;
}

struct receipt_facts sample_reprint(const char *language)
{
    struct receipt_facts facts = sample_application(language);
    facts.print_count = 2;
    facts.signature_outstanding = true;
    facts.saved.quality = facts.first_touch.quality = TIME_UNKNOWN;
    facts.legal_limit_days = 30;
    facts.promised_limit_days = 20;
    facts.papers[2].answer = 3;
    facts.papers[3].answer = 5;
    return facts;
}

void sample_render(struct bench *bench, const struct receipt_facts *facts, struct paper_output *out)
{
    struct paper_document document;
    receipt_compose(facts, bench->texts, bench->catalogue, bench->arena, &document);
    struct fail why = {0};
    if (bench->paper.ops->render(bench->paper.self, &document, out, &why))
        fail_msg("%s", why.text);
}
