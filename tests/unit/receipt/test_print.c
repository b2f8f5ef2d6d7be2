// SPDX-License-Identifier: GPL-3.0-or-later
// The print worker's step against the simulated printer, on a clock that the test moves.
#include "fakes/fake_clock.h"
#include "fakes/fakes_files.h"
#include "unit/receipt/samples.h"
#include "yimen/base/text.h"
#include "yimen/driver/sim_printer.h"
#include "yimen/receipt/print.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// By value, as print_event says.
enum { PRINT_MS = 1000, EVENTS = 64 };

struct desk {
    struct bench bench;
    struct fake_clock clock;
    struct printer inner, printer; // the simulated one, and the one that may stumble before it
    struct print *print;
    struct print_event events[EVENTS];
    size_t event_count;
    int lose_documents; // so many Send-Documents are lost before they arrive
    int creates, cancel_alls;
};

static enum err desk_status(void *self, struct printer_status *out, struct fail *why)
{
    struct desk *desk = self;
    return desk->inner.ops->status(desk->inner.self, out, why);
}

static enum err desk_create(void *self, struct printer_job *job, const char *media,
                            struct fail *why)
{
    struct desk *desk = self;
    desk->creates++;
    return desk->inner.ops->create(desk->inner.self, job, media, why);
}

static enum err desk_send(void *self, const struct printer_job *job, const void *pwg, size_t length,
                          struct fail *why)
{
    struct desk *desk = self;
    if (desk->lose_documents > 0) {
        desk->lose_documents--;
        return fail_set(why, ERR_RETRY, "lost on the way");
    }
    return desk->inner.ops->send(desk->inner.self, job, pwg, length, why);
}

static enum err desk_job_state(void *self, const struct printer_job *job,
                               enum printer_job_state *state, struct printer_status *status,
                               struct fail *why)
{
    struct desk *desk = self;
    return desk->inner.ops->job_state(desk->inner.self, job, state, status, why);
}

static enum err desk_cancel(void *self, const struct printer_job *job, struct fail *why)
{
    struct desk *desk = self;
    return desk->inner.ops->cancel(desk->inner.self, job, why);
}

static enum err desk_cancel_all(void *self, const char *prefix, struct fail *why)
{
    struct desk *desk = self;
    desk->cancel_alls++;
    return desk->inner.ops->cancel_all(desk->inner.self, prefix, why);
}

static const struct printer_ops DESK_OPS = {desk_status,    desk_create, desk_send,
                                            desk_job_state, desk_cancel, desk_cancel_all};

static struct desk DESK;

static int open_desk(void **state)
{
    bench_open(&DESK.bench);
    *state = &DESK;
    return 0;
}

static int close_desk(void **state)
{
    bench_close(&((struct desk *)*state)->bench);
    return 0;
}

static void hear(void *context, const struct print_event *event)
{
    struct desk *desk = context;
    assert_true(desk->event_count < EVENTS);
    desk->events[desk->event_count++] = *event;
}

static int begin(void **state)
{
    struct desk *desk = *state;
    struct bench bench = desk->bench;
    memset(desk, 0, sizeof *desk);
    desk->bench = bench;
    fake_clock_begin(&desk->clock, SAMPLE_UTC_MS);
    struct sim_printer_options sim = {.clock = &desk->clock.clock, .print_ms = PRINT_MS};
    assert_int_equal(sim_printer_open(&sim, &desk->inner, NULL), ERR_OK);
    desk->printer = (struct printer){&DESK_OPS, desk};
    struct print_options options = {.printer = &desk->printer,
                                    .paper = &desk->bench.paper,
                                    .clock = &desk->clock.clock,
                                    .texts = desk->bench.texts,
                                    .catalogue = desk->bench.catalogue};
    return print_open(&options, &desk->print, NULL) != ERR_OK;
}

static int end(void **state)
{
    struct desk *desk = *state;
    print_close(desk->print);
    sim_printer_close(&desk->inner);
    return 0;
}

static void ask(struct desk *desk, enum print_request_kind kind, const char *job)
{
    struct print_request request = {.kind = kind};
    (void)text_copy(request.job, sizeof request.job, job);
    if (kind == PRINT_RECEIPT) {
        request.facts = malloc(sizeof *request.facts);
        assert_non_null(request.facts);
        *request.facts = sample_urgent("zh");
    }
    if (kind == PRINT_SLIP) {
        request.slip = calloc(1, sizeof *request.slip);
        assert_non_null(request.slip);
        request.slip->kind = SLIP_HAND;
    }
    if (kind == PRINT_TICKET) {
        request.ticket = calloc(1, sizeof *request.ticket);
        assert_non_null(request.ticket);
        (void)text_copy(request.ticket->qr_text, sizeof request.ticket->qr_text, "ticket");
    }
    print_step(desk->print, &request, hear, desk);
    assert_null(request.facts); // taken
}

// Lets `ms` pass, stepping whenever the worker asks for it.
static void pass(struct desk *desk, int ms)
{
    while (ms > 0) {
        int wait = print_wait_ms(desk->print);
        if (wait < 0 || wait > ms)
            wait = ms;
        fake_clock_pass(&desk->clock, wait);
        ms -= wait;
        print_step(desk->print, NULL, hear, desk);
        if (wait == 0)
            ms--;
    }
}

static int last_state(const struct desk *desk, const char *job)
{
    int state = -1;
    for (size_t i = 0; i < desk->event_count; i++)
        if (desk->events[i].kind == PRINT_EVENT_JOB && text_equal(desk->events[i].job, job))
            state = desk->events[i].state;
    return state;
}

static const struct print_event *last_event(const struct desk *desk)
{
    assert_true(desk->event_count > 0);
    return &desk->events[desk->event_count - 1];
}

static int came_out(struct desk *desk)
{
    return sim_printer_count(&desk->inner, NULL);
}

static void a_receipt_is_composed_accepted_printed(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_RECEIPT, "a");
    pass(desk, 5000);
    static const int EXPECTED[] = {PRINT_COMPOSED, PRINT_ACCEPTED, PRINT_PRINTED};
    assert_int_equal(desk->event_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(desk->events[i].state, EXPECTED[i]);
        assert_string_equal(desk->events[i].job, "a");
        assert_string_equal(desk->events[i].receipt, sample_urgent("zh").number);
    }
    assert_int_equal(came_out(desk), 1);
    assert_int_equal(print_wait_ms(desk->print), -1);
}

static void printed_is_not_said_before_the_printer_says_it(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_RECEIPT, "a");
    pass(desk, PRINT_MS - 100);
    assert_int_equal(last_state(desk, "a"), PRINT_ACCEPTED);
    pass(desk, 500);
    assert_int_equal(last_state(desk, "a"), PRINT_PRINTED);
}

static void without_paper_it_is_refused_at_once_and_nothing_prints_by_itself(void **state)
{
    struct desk *desk = *state;
    sim_printer_set(&desk->inner, SIM_PRINTER_PAPER_OUT);
    ask(desk, PRINT_RECEIPT, "a");
    assert_int_equal(last_state(desk, "a"), PRINT_FAILED);
    assert_int_equal(last_event(desk)->reasons, PRINTER_NO_PAPER);
    sim_printer_set(&desk->inner, SIM_PRINTER_GOOD);
    pass(desk, 120000);
    assert_int_equal(came_out(desk), 0);
    assert_int_equal(desk->creates, 0);
    ask(desk, PRINT_RECEIPT, "a-2"); // the resident asked for it
    pass(desk, 5000);
    assert_int_equal(last_state(desk, "a-2"), PRINT_PRINTED);
    assert_int_equal(came_out(desk), 1);
}

static void every_standstill_is_refused_with_its_reason(void **state)
{
    struct desk *desk = *state;
    static const struct {
        enum sim_printer_fault fault;
        unsigned reason;
    } CASES[] = {{SIM_PRINTER_COVER_OPEN, PRINTER_COVER_OPEN},
                 {SIM_PRINTER_JAM, PRINTER_JAM},
                 {SIM_PRINTER_OFFLINE, PRINTER_OFFLINE}};
    for (size_t i = 0; i < 3; i++) {
        sim_printer_set(&desk->inner, CASES[i].fault);
        ask(desk, PRINT_RECEIPT, "a");
        assert_int_equal(last_state(desk, "a"), PRINT_FAILED);
        assert_int_equal(last_event(desk)->reasons & CASES[i].reason, CASES[i].reason);
        sim_printer_set(&desk->inner, SIM_PRINTER_GOOD);
    }
    pass(desk, 60000);
    assert_int_equal(came_out(desk), 0);
}

static void what_surely_did_not_print_is_tried_again(void **state)
{
    struct desk *desk = *state;
    desk->lose_documents = LIMIT_PRINT_ATTEMPTS - 1;
    ask(desk, PRINT_RECEIPT, "a");
    pass(desk, 10000);
    assert_int_equal(last_state(desk, "a"), PRINT_PRINTED);
    assert_int_equal(desk->creates, LIMIT_PRINT_ATTEMPTS);
    assert_int_equal(came_out(desk), 1);
}

static void tries_have_an_end(void **state)
{
    struct desk *desk = *state;
    desk->lose_documents = 100;
    ask(desk, PRINT_RECEIPT, "a");
    pass(desk, 60000);
    assert_int_equal(last_state(desk, "a"), PRINT_FAILED);
    assert_int_equal(desk->creates, LIMIT_PRINT_ATTEMPTS);
    assert_int_equal(came_out(desk), 0);
}

static void what_may_have_printed_is_never_repeated(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_RECEIPT, "a");
    pass(desk, 300);
    sim_printer_set(&desk->inner, SIM_PRINTER_FORGETS);
    pass(desk, 120000);
    assert_int_equal(last_state(desk, "a"), PRINT_UNKNOWN);
    assert_int_equal(desk->creates, 1);
    assert_int_equal(print_wait_ms(desk->print), -1);
}

static void a_printer_killed_halfway_leaves_it_unknown(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_RECEIPT, "a");
    pass(desk, 300);
    sim_printer_set(&desk->inner, SIM_PRINTER_OFFLINE);
    pass(desk, 1000);
    assert_int_equal(last_event(desk)->state, PRINT_ACCEPTED);
    assert_int_equal(last_event(desk)->reasons, PRINTER_OFFLINE);
    pass(desk, 120000);
    assert_int_equal(last_state(desk, "a"), PRINT_UNKNOWN);
    sim_printer_set(&desk->inner, SIM_PRINTER_GOOD);
    pass(desk, 60000);
    assert_int_equal(desk->creates, 1);
    assert_int_equal(came_out(desk), 0);
}

static void a_jam_in_the_middle_is_told_and_ends_unknown(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_RECEIPT, "a");
    pass(desk, 300);
    sim_printer_set(&desk->inner, SIM_PRINTER_JAM);
    pass(desk, 500);
    assert_int_equal(last_event(desk)->reasons, PRINTER_JAM);
    pass(desk, 120000);
    assert_int_equal(last_state(desk, "a"), PRINT_UNKNOWN);
    assert_int_equal(desk->creates, 1);
}

static void paper_that_ends_before_it_began_fails_and_a_refill_prints_nothing(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_SELF_TEST, "slip");
    ask(desk, PRINT_RECEIPT, "a"); // in line behind the slip
    sim_printer_set(&desk->inner, SIM_PRINTER_PAPER_OUT);
    pass(desk, 10000);
    assert_int_equal(last_state(desk, "a"), PRINT_FAILED);
    int before = came_out(desk);
    sim_printer_set(&desk->inner, SIM_PRINTER_GOOD);
    pass(desk, 60000);
    assert_int_equal(came_out(desk), before);
}

static void a_bouncing_cover_is_waited_for(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_SELF_TEST, "slip");
    ask(desk, PRINT_RECEIPT, "a");
    sim_printer_set(&desk->inner, SIM_PRINTER_COVER_OPEN);
    pass(desk, 1500);
    sim_printer_set(&desk->inner, SIM_PRINTER_GOOD);
    pass(desk, 10000);
    assert_int_equal(last_state(desk, "a"), PRINT_PRINTED);
}

static void at_the_end_of_the_visit_what_has_not_begun_comes_back(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_SELF_TEST, "first");
    ask(desk, PRINT_RECEIPT, "a");
    ask(desk, PRINT_VISIT_ENDED, "");
    assert_int_equal(last_state(desk, "a"), PRINT_WAITING_FOR_OWNER);
    pass(desk, 60000);
    assert_int_equal(last_state(desk, "first"), PRINT_PRINTED); // it had begun
    assert_int_equal(came_out(desk), 1);
}

static void at_the_end_of_the_visit_no_other_try_is_made(void **state)
{
    struct desk *desk = *state;
    desk->lose_documents = 1;
    ask(desk, PRINT_RECEIPT, "a");
    ask(desk, PRINT_VISIT_ENDED, "");
    assert_int_equal(last_state(desk, "a"), PRINT_WAITING_FOR_OWNER);
    pass(desk, 60000);
    assert_int_equal(came_out(desk), 0);
}

static void a_printer_away_at_the_end_of_the_visit_prints_nothing_when_it_is_back(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_RECEIPT, "a");
    sim_printer_set(&desk->inner, SIM_PRINTER_OFFLINE);
    ask(desk, PRINT_VISIT_ENDED, "");
    pass(desk, 5000);
    sim_printer_set(&desk->inner, SIM_PRINTER_GOOD);
    pass(desk, 120000);
    assert_int_equal(last_state(desk, "a"), PRINT_UNKNOWN);
    assert_int_equal(came_out(desk), 0);
}

static void what_an_earlier_run_left_is_cleared_before_anything_else(void **state)
{
    struct desk *desk = *state;
    sim_printer_set(&desk->inner, SIM_PRINTER_PAPER_OUT);
    struct printer_job old = {.name = "yimen-old-1"};
    assert_int_equal(desk->inner.ops->create(desk->inner.self, &old, "custom_80x", NULL), ERR_OK);
    assert_int_equal(desk->inner.ops->send(desk->inner.self, &old, "RaS2", 4, NULL), ERR_OK);
    assert_int_equal(print_wait_ms(desk->print), 0);
    print_step(desk->print, NULL, hear, desk);
    assert_int_equal(desk->cancel_alls, 1);
    sim_printer_set(&desk->inner, SIM_PRINTER_GOOD);
    pass(desk, 20000);
    assert_int_equal(came_out(desk), 0);
    assert_int_equal(desk->cancel_alls, 1);
}

static void until_that_is_done_nothing_prints(void **state)
{
    struct desk *desk = *state;
    sim_printer_set(&desk->inner, SIM_PRINTER_OFFLINE);
    print_step(desk->print, NULL, hear, desk);
    assert_true(print_wait_ms(desk->print) > 0);
    ask(desk, PRINT_RECEIPT, "a");
    assert_int_equal(last_state(desk, "a"), PRINT_FAILED);
    assert_int_equal(last_event(desk)->reasons, PRINTER_OFFLINE);
    sim_printer_set(&desk->inner, SIM_PRINTER_GOOD);
    ask(desk, PRINT_RECEIPT, "b");
    pass(desk, 5000);
    assert_int_equal(last_state(desk, "b"), PRINT_PRINTED);
}

static void its_status_is_told_when_asked(void **state)
{
    struct desk *desk = *state;
    ask(desk, PRINT_STATUS, "");
    assert_int_equal(last_event(desk)->kind, PRINT_EVENT_STATUS);
    assert_int_equal(last_event(desk)->reasons, 0);
    sim_printer_set(&desk->inner, SIM_PRINTER_COVER_OPEN);
    ask(desk, PRINT_STATUS, "");
    assert_int_equal(last_event(desk)->reasons, PRINTER_COVER_OPEN);
}

static void too_many_at_once_are_refused(void **state)
{
    struct desk *desk = *state;
    char job[16];
    for (int i = 0; i < 10; i++) {
        (void)snprintf(job, sizeof job, "j%d", i);
        ask(desk, PRINT_RECEIPT, job);
    }
    assert_int_equal(last_state(desk, "j9"), PRINT_FAILED);
    pass(desk, 60000);
    assert_int_equal(came_out(desk), 4);
}

static void in_development_each_receipt_is_kept_as_raster_pdf_and_picture(void **state)
{
    struct desk *desk = *state;
    static const char *const FOLDERS[] = {"", "receipts"};
    static const char *const BEGINNINGS[][2] = {
        {"pwg", "RaS2"}, {"pdf", "%PDF"}, {"png", "\x89PNG"}};
    for (size_t i = 0; i < 2; i++) {
        struct fake_files *kept = fake_files_new();
        struct print_options options = {.printer = &desk->printer,
                                        .paper = &desk->bench.paper,
                                        .clock = &desk->clock.clock,
                                        .texts = desk->bench.texts,
                                        .catalogue = desk->bench.catalogue,
                                        .keep_folder_pdf = FOLDERS[i],
                                        .keep = &kept->files};
        print_close(desk->print);
        assert_int_equal(print_open(&options, &desk->print, NULL), ERR_OK);
        ask(desk, PRINT_RECEIPT, "a");
        for (size_t k = 0; k < 3; k++) {
            char path[96];
            (void)snprintf(path, sizeof path, "%s%s%s-1.%s", FOLDERS[i], i ? "/" : "",
                           sample_urgent("zh").number, BEGINNINGS[k][0]);
            const struct fake_file *file = fake_files_get(kept, path);
            assert_non_null(file);
            assert_memory_equal(file->data, BEGINNINGS[k][1], 4);
        }
        fake_files_free(kept);
    }
}

static char FIRST_WORDS[200]; // of the paper that was rendered last

static enum err note_words(void *self, const struct paper_document *document,
                           struct paper_output *out, struct fail *why)
{
    const struct paper *real = self;
    FIRST_WORDS[0] = '\0';
    for (size_t i = 0; i < document->count && !FIRST_WORDS[0]; i++)
        if (document->items[i].text)
            (void)text_copy(FIRST_WORDS, sizeof FIRST_WORDS, document->items[i].text);
    return real->ops->render(real->self, document, out, why);
}

// What a machine to practise on prints says so before anything else, whatever it is.
static void a_practice_machine_says_so_on_every_paper(void **state)
{
    struct desk *desk = *state;
    static const struct paper_ops ops = {note_words};
    struct paper paper = {&ops, &desk->bench.paper};
    const char *words = texts_get(desk->bench.texts, "zh", "receipt.practice");
    for (int practice = 0; practice < 2; practice++) {
        struct print_options options = {.printer = &desk->printer,
                                        .paper = &paper,
                                        .clock = &desk->clock.clock,
                                        .texts = desk->bench.texts,
                                        .catalogue = desk->bench.catalogue,
                                        .practice = practice};
        static const enum print_request_kind kinds[] = {PRINT_RECEIPT, PRINT_SELF_TEST, PRINT_SLIP,
                                                        PRINT_TICKET};
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            print_close(desk->print);
            assert_int_equal(print_open(&options, &desk->print, NULL), ERR_OK);
            ask(desk, kinds[i], "a");
            assert_int_equal(text_equal(FIRST_WORDS, words), practice);
        }
    }
}

static void a_script_plays_its_faults_in_time(void **state)
{
    struct desk *desk = *state;
    struct printer printer;
    struct printer_status status;
    struct sim_printer_options options = {.clock = &desk->clock.clock,
                                          .script = "1000 paper-out, 3000 good"};
    assert_int_equal(sim_printer_open(&options, &printer, NULL), ERR_OK);
    static const unsigned EXPECTED[] = {0, PRINTER_NO_PAPER, PRINTER_NO_PAPER, 0};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(printer.ops->status(printer.self, &status, NULL), ERR_OK);
        assert_int_equal(status.reasons, EXPECTED[i]);
        fake_clock_pass(&desk->clock, 1000);
    }
    sim_printer_close(&printer);
}

#define WITH_DESK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DESK(a_receipt_is_composed_accepted_printed),
        WITH_DESK(a_practice_machine_says_so_on_every_paper),
        WITH_DESK(printed_is_not_said_before_the_printer_says_it),
        WITH_DESK(without_paper_it_is_refused_at_once_and_nothing_prints_by_itself),
        WITH_DESK(every_standstill_is_refused_with_its_reason),
        WITH_DESK(what_surely_did_not_print_is_tried_again),
        WITH_DESK(tries_have_an_end),
        WITH_DESK(what_may_have_printed_is_never_repeated),
        WITH_DESK(a_printer_killed_halfway_leaves_it_unknown),
        WITH_DESK(a_jam_in_the_middle_is_told_and_ends_unknown),
        WITH_DESK(paper_that_ends_before_it_began_fails_and_a_refill_prints_nothing),
        WITH_DESK(a_bouncing_cover_is_waited_for),
        WITH_DESK(at_the_end_of_the_visit_what_has_not_begun_comes_back),
        WITH_DESK(at_the_end_of_the_visit_no_other_try_is_made),
        WITH_DESK(a_printer_away_at_the_end_of_the_visit_prints_nothing_when_it_is_back),
        WITH_DESK(what_an_earlier_run_left_is_cleared_before_anything_else),
        WITH_DESK(until_that_is_done_nothing_prints),
        WITH_DESK(its_status_is_told_when_asked),
        WITH_DESK(too_many_at_once_are_refused),
        WITH_DESK(in_development_each_receipt_is_kept_as_raster_pdf_and_picture),
        WITH_DESK(a_script_plays_its_faults_in_time),
    };
    return cmocka_run_group_tests_name("print", tests, open_desk, close_desk);
}
