// SPDX-License-Identifier: GPL-3.0-or-later
// The print worker's step on real parts: a print system, a printer behind it, its faults pulled on
// real processes; what came out is read back.
#include "contract/paper/picture.h"
#include "contract/printer/rig.h"
#include "unit/receipt/samples.h"
#include "yimen/base/text.h"
#include "yimen/driver/cups.h"
#include "yimen/receipt/print.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { STEP_MS = 50 };

struct desk {
    struct bench bench;
    struct rig rig;
    struct clock clock;
    struct printer printer;
    struct print *print;
    struct print_event last;
    int before;
};

static struct desk DESK;

static int open_desk(void **state)
{
    struct desk *desk = &DESK;
    bench_open(&desk->bench);
    rig_start(&desk->rig);
    assert_int_equal(system_clock_open(&desk->clock, NULL), ERR_OK);
    struct cups_printer_options options = {.printer = desk->rig.queue};
    assert_int_equal(cups_printer_open(&options, &desk->printer, NULL), ERR_OK);
    *state = desk;
    return 0;
}

static int close_desk(void **state)
{
    struct desk *desk = *state;
    cups_printer_close(&desk->printer);
    system_clock_close(&desk->clock);
    rig_stop(&desk->rig);
    bench_close(&desk->bench);
    return 0;
}

static int begin(void **state)
{
    struct desk *desk = *state;
    struct print_options options = {.printer = &desk->printer,
                                    .paper = &desk->bench.paper,
                                    .clock = &desk->clock,
                                    .texts = desk->bench.texts,
                                    .catalogue = desk->bench.catalogue};
    desk->last = (struct print_event){.state = -1};
    desk->before = rig_pages(&desk->rig);
    return print_open(&options, &desk->print, NULL) != ERR_OK;
}

static int end(void **state)
{
    print_close(((struct desk *)*state)->print);
    return 0;
}

static void hear(void *context, const struct print_event *event)
{
    ((struct desk *)context)->last = *event;
}

static void ask(struct desk *desk, enum print_request_kind kind, const struct receipt_facts *facts)
{
    struct print_request request = {.kind = kind, .job = "visit-1"};
    if (facts) {
        request.facts = malloc(sizeof *facts);
        assert_non_null(request.facts);
        *request.facts = *facts;
    }
    print_step(desk->print, &request, hear, desk);
}

static void pass(struct desk *desk, int ms)
{
    for (int waited = 0; waited < ms; waited += STEP_MS) {
        (void)usleep(STEP_MS * 1000);
        if (print_wait_ms(desk->print) == 0)
            print_step(desk->print, NULL, hear, desk);
    }
}

static void wait_for_end(struct desk *desk)
{
    while (desk->last.state <= PRINT_ACCEPTED)
        pass(desk, STEP_MS);
}

static int came_out(const struct desk *desk)
{
    return rig_pages(&desk->rig) - desk->before;
}

static void read_page(const struct desk *desk, struct picture *out)
{
    char path[96];
    struct strbuf bytes;
    char more[4096];
    strbuf_init(&bytes, 8 << 20);
    rig_page_path(&desk->rig, rig_pages(&desk->rig), path, sizeof path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t got; (got = fread(more, 1, sizeof more, file)) > 0;)
        strbuf_add(&bytes, more, got);
    (void)fclose(file);
    assert_true(picture_from_pwg(bytes.data, bytes.length, out));
    strbuf_free(&bytes);
}

static void receipts_come_out_and_their_code_reads_back(void **state)
{
    struct desk *desk = *state;
    static const char *const LANGUAGES[] = {"zh", "en", "ko"};
    for (size_t i = 0; i < 3; i++) {
        struct receipt_facts facts = sample_application(LANGUAGES[i]);
        struct picture picture;
        char text[512];
        ask(desk, PRINT_RECEIPT, &facts);
        wait_for_end(desk);
        assert_int_equal(desk->last.state, PRINT_PRINTED);
        assert_int_equal(came_out(desk), (int)i + 1);
        read_page(desk, &picture);
        assert_true(picture_read_qr(&picture, text, sizeof text));
        assert_int_equal(strncmp(text, facts.qr_text, strlen(facts.qr_text)), 0);
        picture_free(&picture);
        desk->last.state = -1;
    }
}

static void without_paper_it_is_refused_and_prints_when_asked_after_the_refill(void **state)
{
    struct desk *desk = *state;
    struct receipt_facts facts = sample_urgent("zh");
    rig_do(&desk->rig, "paper-out", NULL);
    ask(desk, PRINT_RECEIPT, &facts);
    assert_int_equal(desk->last.state, PRINT_FAILED);
    assert_int_equal(desk->last.reasons, PRINTER_NO_PAPER);
    rig_do(&desk->rig, "refill", NULL);
    pass(desk, 2000);
    assert_int_equal(came_out(desk), 0);
    ask(desk, PRINT_RECEIPT, &facts);
    wait_for_end(desk);
    assert_int_equal(desk->last.state, PRINT_PRINTED);
    assert_int_equal(came_out(desk), 1);
}

static void paper_that_ends_under_way_and_a_visit_that_ends_print_nothing_later(void **state)
{
    struct desk *desk = *state;
    struct receipt_facts facts = sample_urgent("zh");
    // The printer accepts while the roll is fine; the roll goes before it starts.
    rig_do(&desk->rig, "slow", "1");
    ask(desk, PRINT_SELF_TEST, NULL);
    ask(desk, PRINT_RECEIPT, &facts);
    rig_do(&desk->rig, "paper-out", NULL);
    ask(desk, PRINT_VISIT_ENDED, NULL);
    pass(desk, 3000);
    int before = came_out(desk);
    rig_do(&desk->rig, "refill", NULL);
    pass(desk, 4000);
    assert_int_equal(came_out(desk), before);
    assert_true(before <= 1);
    assert_true(desk->last.state == PRINT_WAITING_FOR_OWNER || desk->last.state == PRINT_UNKNOWN ||
                desk->last.state == PRINT_PRINTED);
    rig_do(&desk->rig, "slow", "0");
}

static void a_printer_that_is_off_is_refused(void **state)
{
    struct desk *desk = *state;
    struct receipt_facts facts = sample_urgent("zh");
    print_step(desk->print, NULL, hear, desk);
    rig_do(&desk->rig, "offline", NULL);
    ask(desk, PRINT_RECEIPT, &facts);
    assert_int_equal(desk->last.state, PRINT_FAILED);
    assert_int_equal(desk->last.reasons, PRINTER_OFFLINE);
    rig_do(&desk->rig, "online", NULL);
    pass(desk, 2000);
    assert_int_equal(came_out(desk), 0);
}

static void a_printer_killed_with_the_job_leaves_it_unknown_and_unrepeated(void **state)
{
    struct desk *desk = *state;
    struct receipt_facts facts = sample_urgent("zh");
    rig_do(&desk->rig, "slow", "3");
    ask(desk, PRINT_RECEIPT, &facts);
    assert_int_equal(desk->last.state, PRINT_ACCEPTED);
    pass(desk, 1500);
    rig_do(&desk->rig, "offline", NULL);
    rig_do(&desk->rig, "slow", "0");
    rig_do(&desk->rig, "online", NULL);
    wait_for_end(desk);
    assert_int_equal(desk->last.state, PRINT_UNKNOWN);
    pass(desk, 3000);
    assert_int_equal(came_out(desk), 0);
}

static void a_print_system_that_is_away_is_told(void **state)
{
    struct desk *desk = *state;
    struct receipt_facts facts = sample_urgent("zh");
    rig_do(&desk->rig, "cups-stop", NULL);
    ask(desk, PRINT_RECEIPT, &facts);
    assert_int_equal(desk->last.state, PRINT_FAILED);
    assert_int_equal(desk->last.reasons, PRINTER_OFFLINE);
    rig_do(&desk->rig, "cups-start", NULL);
    ask(desk, PRINT_RECEIPT, &facts);
    wait_for_end(desk);
    assert_int_equal(desk->last.state, PRINT_PRINTED);
    assert_int_equal(came_out(desk), 1);
}

#define WITH_DESK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DESK(receipts_come_out_and_their_code_reads_back),
        WITH_DESK(without_paper_it_is_refused_and_prints_when_asked_after_the_refill),
        WITH_DESK(paper_that_ends_under_way_and_a_visit_that_ends_print_nothing_later),
        WITH_DESK(a_printer_that_is_off_is_refused),
        WITH_DESK(a_printer_killed_with_the_job_leaves_it_unknown_and_unrepeated),
        WITH_DESK(a_print_system_that_is_away_is_told),
    };
    return cmocka_run_group_tests_name("print on real parts", tests, open_desk, close_desk);
}
