// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk without its window, and people who touch what it would show: the program's own store,
// print, sync and compute workers, its session and its wiring, on a provisioned folder.
//   counter DIR [--seconds S] [--cases N] [--pace MS] [--urgent PERCENT] [--services A,B,...]
//               [--printer NAME]
// Ends on SIGTERM as the kiosk does, after N cases, or after S seconds; with --cases 0 nobody comes
// and only the queue is sent. Standard output: see resident.h.
#include "../../app/main/kiosk_run.h"
#include "../../app/main/wipe.h"
#include "resident.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { SERVICES = 32, WAIT_AT_MOST_MS = 200 };

struct stand {
    struct kiosk kiosk;
    struct resident resident;
    const char *services[SERVICES];
    int64_t seconds, cases, pace_ms, urgent_percent;
};

static int wake_file = -1;
static volatile sig_atomic_t is_ending;

// What the window does in the kiosk: the workers call it from their threads.
void ui_wake(void)
{
    (void)eventfd_write(wake_file, 1);
}

static void end(int number)
{
    (void)number;
    is_ending = 1;
}

static void must(enum err err, const struct fail *why)
{
    if (!err)
        return;
    (void)fprintf(stderr, "counter: %s\n", why->text);
    exit(1);
}

static int64_t now_ms(const struct stand *stand)
{
    return clock_now(&stand->kiosk.clock).monotonic_ms;
}

static bool split(char *list, struct stand *stand)
{
    for (char *rest = NULL, *one = strtok_r(list, ",", &rest); one;
         one = strtok_r(NULL, ",", &rest)) {
        if (stand->resident.service_count == SERVICES)
            return false;
        stand->services[stand->resident.service_count++] = one;
    }
    return stand->resident.service_count > 0;
}

static bool read_arguments(int argc, char **argv, struct stand *stand)
{
    const struct {
        const char *name;
        int64_t *to;
    } numbers[] = {{"--seconds", &stand->seconds},
                   {"--cases", &stand->cases},
                   {"--pace", &stand->pace_ms},
                   {"--urgent", &stand->urgent_percent}};
    static char usual[] = "minimum-living,counselling,companionship,expenditure-relief";
    char *services = usual;
    stand->kiosk.options.kiosk = argc > 1 ? argv[1] : NULL;
    stand->kiosk.options.printer = "sim";
    stand->cases = -1;
    stand->urgent_percent = 20;
    bool good = argc > 1 && argc % 2 == 0;
    for (int i = 2; good && i < argc; i += 2) {
        bool known = text_equal(argv[i], "--services") || text_equal(argv[i], "--printer");
        if (text_equal(argv[i], "--services"))
            services = argv[i + 1];
        else if (text_equal(argv[i], "--printer"))
            stand->kiosk.options.printer = argv[i + 1];
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
            if (text_equal(argv[i], numbers[k].name))
                known = text_to_int64(argv[i + 1], numbers[k].to);
        good = known;
    }
    return good && split(services, stand);
}

static void open_all(struct stand *stand)
{
    struct kiosk *kiosk = &stand->kiosk;
    struct fail why = {0};
    struct files folder;
    must(sodium_crypto_open(&kiosk->crypto, &why), &why);
    must(system_clock_open(&kiosk->clock, &why), &why);
    must(system_files_open(kiosk->options.kiosk, &folder, &why), &why);
    must(kiosk_config_read(&folder, kiosk->options.kiosk, &kiosk->config, &why), &why);
    system_files_close(&folder);
    must(kiosk_content_open(&kiosk->content, &kiosk->config, &kiosk->options, &kiosk->crypto,
                            &kiosk->clock, &why),
         &why);
    must(system_call_open(NULL, &kiosk->lamp, &why), &why);
    struct workers_options workers = {.config = &kiosk->config,
                                      .options = &kiosk->options,
                                      .content = &kiosk->content,
                                      .crypto = &kiosk->crypto,
                                      .clock = &kiosk->clock};
    must(workers_start(&workers, &kiosk->workers, &why), &why);
    struct session_options session = {.texts = kiosk->content.texts,
                                      .catalogue = kiosk->content.catalogue,
                                      .clock = &kiosk->clock,
                                      .crypto = &kiosk->crypto,
                                      .counter = kiosk->config.counter,
                                      .device_id = kiosk->config.device_id,
                                      .time_zone = kiosk->config.time_zone,
                                      .pack_version = kiosk->content.version,
                                      .language = kiosk->config.language,
                                      .practice = kiosk->config.demo};
    struct session_output output = kiosk_wire(kiosk);
    must(session_open(&session, &output, &kiosk->session, &why), &why);
}

static void close_all(struct stand *stand)
{
    struct kiosk *kiosk = &stand->kiosk;
    session_end(kiosk->session);
    workers_stop(kiosk->workers);
    session_close(kiosk->session);
    system_call_close(&kiosk->lamp);
    kiosk_content_close(&kiosk->content);
    system_clock_close(&kiosk->clock);
    kiosk_config_wipe(&kiosk->config);
}

static void wait_for_something(struct stand *stand, int64_t until_ms)
{
    struct pollfd wake = {.fd = wake_file, .events = POLLIN};
    int64_t wait = until_ms - now_ms(stand);
    int session = session_wait_ms(stand->kiosk.session);
    wait = session >= 0 && session < wait ? session : wait;
    wait = wait > WAIT_AT_MOST_MS ? WAIT_AT_MOST_MS : wait;
    eventfd_t count;
    if (wait > 0 && poll(&wake, 1, (int)wait) > 0)
        (void)eventfd_read(wake_file, &count);
}

static void loop(struct stand *stand)
{
    struct kiosk *kiosk = &stand->kiosk;
    struct resident *resident = &stand->resident;
    int64_t begun = now_ms(stand), next = begun;
    while (!is_ending) {
        kiosk_take_answers(kiosk);
        session_step(kiosk->session, &(struct session_input){.kind = SESSION_TICK});
        int64_t now = now_ms(stand);
        bool nobody_else = stand->cases >= 0 && resident->visits >= stand->cases;
        bool at_rest = session_view(kiosk->session)->screen == SCREEN_ATTRACT;
        if (stand->seconds && now - begun >= stand->seconds * 1000)
            return;
        if (nobody_else && at_rest && stand->cases > 0)
            return;
        if (now < next) {
            wait_for_something(stand, next);
        } else if (!resident_act(resident, now, !nobody_else)) {
            next = now + WAIT_AT_MOST_MS / 10;
        } else {
            next = now + stand->pace_ms;
        }
    }
}

int main(int argc, char **argv)
{
    static struct stand stand;
    if (!read_arguments(argc, argv, &stand)) {
        (void)fputs("usage: counter DIR [--seconds S] [--cases N] [--pace MS] [--urgent PERCENT]"
                    " [--services A,B] [--printer NAME]\n",
                    stderr);
        return 2;
    }
    wake_file = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGTERM, end);
    (void)signal(SIGINT, end);
    open_all(&stand);
    stand.resident.session = stand.kiosk.session;
    stand.resident.catalogue = stand.kiosk.content.catalogue;
    stand.resident.services = stand.services;
    stand.resident.seed = (unsigned)getpid();
    stand.resident.urgent_percent = (int)stand.urgent_percent;
    if (!residents_load(&stand.resident)) {
        (void)fputs("counter: no residents; run it in the source folder\n", stderr);
        return 1;
    }
    tell("open", stand.kiosk.config.counter);
    loop(&stand);
    tell("closing", stand.kiosk.config.counter);
    close_all(&stand);
    residents_free(&stand.resident);
    return 0;
}
