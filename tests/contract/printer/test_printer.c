// SPDX-License-Identifier: GPL-3.0-or-later
// The printer port, tried alike on the simulator, on an IPP printer, and on a queue of a print
// system with that printer behind it.
#include "contract/printer/rig.h"
#include "yimen/base/strbuf.h"
#include "yimen/driver/cups.h"
#include "yimen/driver/sim_printer.h"
#include "yimen/driver/system.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { PATIENCE_MS = 15000, STEP_MS = 50, DOCUMENT_BYTES = 20000 };
static const char MEDIA[] = "custom_80x200mm_80x200mm";

struct bench {
    const char *name;
    bool holds_many; // the virtual printer itself takes one job at a time
    struct rig rig;  // not of the simulator
    struct clock clock;
    struct printer printer;
    int before; // what had come out when the test began
    char document[DOCUMENT_BYTES];
};

static bool is_simulated(const struct bench *bench)
{
    return bench->rig.folder[0] == '\0';
}

static void knob(struct bench *bench, const char *action, enum sim_printer_fault fault)
{
    if (is_simulated(bench))
        sim_printer_set(&bench->printer, fault);
    else
        rig_do(&bench->rig, action, strcmp(action, "slow") == 0 ? "3" : NULL);
}

static int came_out(struct bench *bench)
{
    int all =
        is_simulated(bench) ? sim_printer_count(&bench->printer, NULL) : rig_pages(&bench->rig);
    return all - bench->before;
}

static void wait_ms(int ms)
{
    (void)usleep((useconds_t)ms * 1000);
}

static int begin(void **state)
{
    struct bench *bench = *state;
    bench->before = 0;
    bench->before = came_out(bench);
    // A printer reads the head of what it gets and nothing else of it here.
    memcpy(bench->document, "RaS2", 4);
    for (size_t i = 4; i < sizeof bench->document; i++)
        bench->document[i] = (char)(i * 7 % 251);
    return 0;
}

static struct printer_status status_of(struct bench *bench)
{
    struct printer_status status;
    struct fail why = {0};
    if (bench->printer.ops->status(bench->printer.self, &status, &why))
        fail_msg("%s: status: %s", bench->name, why.text);
    return status;
}

static struct printer_job create(struct bench *bench, const char *name)
{
    struct printer_job job = {0};
    struct fail why = {0};
    (void)snprintf(job.name, sizeof job.name, "%s", name);
    if (bench->printer.ops->create(bench->printer.self, &job, MEDIA, &why))
        fail_msg("%s: create: %s", bench->name, why.text);
    return job;
}

static struct printer_job submit(struct bench *bench, const char *name)
{
    struct printer_job job = create(bench, name);
    struct fail why = {0};
    if (bench->printer.ops->send(bench->printer.self, &job, bench->document, sizeof bench->document,
                                 &why))
        fail_msg("%s: send: %s", bench->name, why.text);
    return job;
}

static enum printer_job_state state_of(struct bench *bench, const struct printer_job *job)
{
    enum printer_job_state state = PRINTER_JOB_PRINTING;
    struct printer_status status;
    enum err err = bench->printer.ops->job_state(bench->printer.self, job, &state, &status, NULL);
    assert_true(err == ERR_OK || err == ERR_RETRY);
    return state;
}

static enum printer_job_state outcome(struct bench *bench, const struct printer_job *job)
{
    enum printer_job_state state = state_of(bench, job);
    for (int waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
        if (state != PRINTER_JOB_PENDING && state != PRINTER_JOB_PRINTING)
            break;
        wait_ms(STEP_MS);
        state = state_of(bench, job);
    }
    return state;
}

static void wait_until_printing(struct bench *bench, const struct printer_job *job)
{
    for (int waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
        if (state_of(bench, job) == PRINTER_JOB_PRINTING)
            return;
        wait_ms(STEP_MS);
    }
    fail_msg("%s: never began", bench->name);
}

static void a_ready_printer_says_so(void **state)
{
    assert_int_equal(status_of(*state).reasons, 0);
}

static void a_job_is_printed_once_and_the_printer_says_so(void **state)
{
    struct bench *bench = *state;
    struct printer_job job = submit(bench, "yimen-once-1");
    assert_true(job.id > 0);
    assert_true(job.uuid[0] != '\0');
    assert_int_equal(outcome(bench, &job), PRINTER_JOB_PRINTED);
    wait_ms(300);
    assert_int_equal(came_out(bench), 1);
    assert_int_equal(state_of(bench, &job), PRINTER_JOB_PRINTED);
}

static void the_printer_gets_the_bytes_as_they_were_sent(void **state)
{
    struct bench *bench = *state;
    struct printer_job job = submit(bench, "yimen-bytes-1");
    assert_int_equal(outcome(bench, &job), PRINTER_JOB_PRINTED);
    if (is_simulated(bench)) {
        const struct strbuf *last;
        (void)sim_printer_count(&bench->printer, &last);
        assert_int_equal(last->length, sizeof bench->document);
        assert_memory_equal(last->data, bench->document, last->length);
        return;
    }
    char path[96], got[DOCUMENT_BYTES + 1];
    rig_page_path(&bench->rig, rig_pages(&bench->rig), path, sizeof path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(got, 1, sizeof got, file), sizeof bench->document);
    (void)fclose(file);
    assert_memory_equal(got, bench->document, sizeof bench->document);
}

static void a_job_without_its_document_prints_nothing_and_can_be_taken_back(void **state)
{
    struct bench *bench = *state;
    struct printer_job job = create(bench, "yimen-empty-1");
    assert_int_equal(state_of(bench, &job), PRINTER_JOB_PENDING);
    assert_int_equal(bench->printer.ops->cancel(bench->printer.self, &job, NULL), ERR_OK);
    wait_ms(500);
    assert_int_equal(came_out(bench), 0);
}

static void what_was_printed_cannot_be_taken_back(void **state)
{
    struct bench *bench = *state;
    struct printer_job job = submit(bench, "yimen-late-1");
    assert_int_equal(outcome(bench, &job), PRINTER_JOB_PRINTED);
    assert_int_equal(bench->printer.ops->cancel(bench->printer.self, &job, NULL), ERR_CONFLICT);
}

static void a_job_nobody_knows_is_unknown(void **state)
{
    struct bench *bench = *state;
    struct printer_job job = {.name = "yimen-nobody-1", .id = 31337};
    assert_int_equal(state_of(bench, &job), PRINTER_JOB_UNKNOWN);
    assert_int_equal(bench->printer.ops->cancel(bench->printer.self, &job, NULL), ERR_UNKNOWN);
}

static void no_paper_is_told_and_forgotten_after_the_refill(void **state)
{
    struct bench *bench = *state;
    knob(bench, "paper-out", SIM_PRINTER_PAPER_OUT);
    assert_int_equal(status_of(bench).reasons, PRINTER_NO_PAPER);
    knob(bench, "refill", SIM_PRINTER_GOOD);
    assert_int_equal(status_of(bench).reasons, 0);
}

static void a_job_waiting_for_paper_prints_after_the_refill_when_it_is_left(void **state)
{
    struct bench *bench = *state;
    knob(bench, "paper-out", SIM_PRINTER_PAPER_OUT);
    struct printer_job job = submit(bench, "yimen-refill-1");
    wait_ms(300);
    assert_int_equal(came_out(bench), 0);
    knob(bench, "refill", SIM_PRINTER_GOOD);
    assert_int_equal(outcome(bench, &job), PRINTER_JOB_PRINTED);
    assert_int_equal(came_out(bench), 1);
}

static void a_job_taken_back_while_there_is_no_paper_never_prints(void **state)
{
    struct bench *bench = *state;
    knob(bench, "paper-out", SIM_PRINTER_PAPER_OUT);
    struct printer_job job = submit(bench, "yimen-back-1");
    wait_ms(300);
    enum err err = bench->printer.ops->cancel(bench->printer.self, &job, NULL);
    assert_true(err == ERR_OK || err == ERR_UNKNOWN);
    knob(bench, "refill", SIM_PRINTER_GOOD);
    wait_ms(2500);
    assert_int_equal(came_out(bench), 0);
    assert_true(state_of(bench, &job) != PRINTER_JOB_PRINTED);
}

static void clearing_takes_back_ours_and_leaves_the_others(void **state)
{
    struct bench *bench = *state;
    knob(bench, "paper-out", SIM_PRINTER_PAPER_OUT);
    (void)submit(bench, "yimen-old-1");
    struct printer_job other = {0};
    if (bench->holds_many) {
        (void)submit(bench, "yimen-old-2");
        other = submit(bench, "label-1");
    }
    wait_ms(500);
    struct fail why = {0};
    if (bench->printer.ops->cancel_all(bench->printer.self, "yimen-", &why))
        fail_msg("%s", why.text);
    knob(bench, "refill", SIM_PRINTER_GOOD);
    if (bench->holds_many)
        assert_int_equal(outcome(bench, &other), PRINTER_JOB_PRINTED);
    wait_ms(1500);
    assert_int_equal(came_out(bench), bench->holds_many ? 1 : 0);
}

static void a_printer_that_is_off_is_told_and_takes_nothing(void **state)
{
    struct bench *bench = *state;
    knob(bench, "offline", SIM_PRINTER_OFFLINE);
    assert_int_equal(status_of(bench).reasons, PRINTER_OFFLINE);
    struct printer_job job = {.name = "yimen-off-1"};
    assert_int_equal(bench->printer.ops->create(bench->printer.self, &job, MEDIA, NULL), ERR_RETRY);
    knob(bench, "online", SIM_PRINTER_GOOD);
    assert_int_equal(status_of(bench).reasons, 0);
    wait_ms(500);
    assert_int_equal(came_out(bench), 0);
}

static void a_printer_switched_off_with_a_job_leaves_it_unknown(void **state)
{
    struct bench *bench = *state;
    knob(bench, "slow", SIM_PRINTER_SLOW);
    struct printer_job job = submit(bench, "yimen-cut-1");
    wait_until_printing(bench, &job);
    wait_ms(1200); // its clock counts seconds
    knob(bench, "offline", SIM_PRINTER_OFFLINE);
    knob(bench, "online", SIM_PRINTER_GOOD);
    assert_int_equal(outcome(bench, &job), PRINTER_JOB_UNKNOWN);
    assert_int_equal(came_out(bench), 0);
}

static void after_that_the_next_job_is_told_truly_again(void **state)
{
    struct bench *bench = *state;
    if (!is_simulated(bench))
        rig_do(&bench->rig, "slow", "0");
    struct printer_job job = submit(bench, "yimen-next-1");
    assert_int_equal(outcome(bench, &job), PRINTER_JOB_PRINTED);
    assert_int_equal(came_out(bench), 1);
}

static struct bench SIMULATED = {.name = "simulated", .holds_many = true};
static struct bench DIRECT = {.name = "printer"};
static struct bench QUEUED = {.name = "queue", .holds_many = true};

static int open_simulated(void **state)
{
    assert_int_equal(system_clock_open(&SIMULATED.clock, NULL), ERR_OK);
    struct sim_printer_options options = {.clock = &SIMULATED.clock, .print_ms = 100};
    *state = &SIMULATED;
    return sim_printer_open(&options, &SIMULATED.printer, NULL) != ERR_OK;
}

static int close_simulated(void **state)
{
    (void)state;
    sim_printer_close(&SIMULATED.printer);
    system_clock_close(&SIMULATED.clock);
    return 0;
}

static int open_rig(struct bench *bench, void **state, bool queue)
{
    rig_start(&bench->rig);
    struct cups_printer_options options = {.printer =
                                               queue ? bench->rig.queue : bench->rig.printer};
    *state = bench;
    return cups_printer_open(&options, &bench->printer, NULL) != ERR_OK;
}

static int open_direct(void **state)
{
    return open_rig(&DIRECT, state, false);
}

static int open_queued(void **state)
{
    return open_rig(&QUEUED, state, true);
}

static int close_rig(void **state)
{
    struct bench *bench = *state;
    cups_printer_close(&bench->printer);
    rig_stop(&bench->rig);
    return 0;
}

static void names_and_addresses_are_checked_when_opening(void **state)
{
    (void)state;
    static const char *const BAD[] = {"", "http://x/", "two words", "ipp//x", "a/b"};
    struct printer printer;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct cups_printer_options options = {.printer = BAD[i]};
        assert_int_equal(cups_printer_open(&options, &printer, NULL), ERR_INPUT);
    }
    struct cups_printer_options options = {.printer = "receipt"};
    assert_int_equal(cups_printer_open(&options, &printer, NULL), ERR_OK);
    cups_printer_close(&printer);
}

static void a_script_with_an_unknown_word_is_refused(void **state)
{
    (void)state;
    struct printer printer;
    struct fail why = {0};
    struct clock clock;
    assert_int_equal(system_clock_open(&clock, NULL), ERR_OK);
    struct sim_printer_options options = {.clock = &clock, .script = "0 good, 500 on-fire"};
    assert_int_equal(sim_printer_open(&options, &printer, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "on-fire"));
    system_clock_close(&clock);
}

#define ON(test) cmocka_unit_test_setup(test, begin)
#define CONTRACT                                                                                   \
    ON(a_ready_printer_says_so), ON(a_job_is_printed_once_and_the_printer_says_so),                \
        ON(the_printer_gets_the_bytes_as_they_were_sent),                                          \
        ON(a_job_without_its_document_prints_nothing_and_can_be_taken_back),                       \
        ON(what_was_printed_cannot_be_taken_back), ON(a_job_nobody_knows_is_unknown),              \
        ON(no_paper_is_told_and_forgotten_after_the_refill),                                       \
        ON(a_job_waiting_for_paper_prints_after_the_refill_when_it_is_left),                       \
        ON(a_job_taken_back_while_there_is_no_paper_never_prints),                                 \
        ON(clearing_takes_back_ours_and_leaves_the_others),                                        \
        ON(a_printer_that_is_off_is_told_and_takes_nothing),                                       \
        ON(a_printer_switched_off_with_a_job_leaves_it_unknown),                                   \
        ON(after_that_the_next_job_is_told_truly_again)

int main(void)
{
    const struct CMUnitTest opening[] = {
        cmocka_unit_test(names_and_addresses_are_checked_when_opening),
        cmocka_unit_test(a_script_with_an_unknown_word_is_refused),
    };
    const struct CMUnitTest contract[] = {CONTRACT};
    int failed = cmocka_run_group_tests_name("opening", opening, NULL, NULL);
    failed += cmocka_run_group_tests_name("simulated", contract, open_simulated, close_simulated);
    failed += cmocka_run_group_tests_name("printer", contract, open_direct, close_rig);
    failed += cmocka_run_group_tests_name("queue", contract, open_queued, close_rig);
    return failed;
}
