// SPDX-License-Identifier: GPL-3.0-or-later
// yimen-kiosk: reads options and the kiosk's folder, opens what a run needs from the bottom up,
// turns the loop of the UI thread, closes in reverse order.
//
// The loop: what happened on the screen becomes intents, what the workers answered becomes inputs,
// both go to the session; the session asks the workers through its output table (kiosk_wire.c);
// after each step the window is shown the new view. Nothing in it waits but ui_wait.
//
// A new content pack, or the day of one that waited, ends a run between two visits and begins the
// next one in the same process. A visit keeps the content it began with.
#include "kiosk_preview.h"
#include "kiosk_run.h"
#include "kiosk_time.h"
#include "version.h"
#include "wipe.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { TLS_KEYS_BYTES = 1 << 18 };

// Signals are waited for by one thread; every other one, also those of libraries, has them blocked.
static void block_signals(sigset_t *out)
{
    (void)sigemptyset(out);
    (void)sigaddset(out, SIGTERM);
    (void)sigaddset(out, SIGINT);
    (void)sigaddset(out, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, out, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void *wait_for_signals(void *argument)
{
    struct kiosk *kiosk = argument;
    int number = 0;
    (void)sigwait(&kiosk->signals, &number);
    atomic_store(&kiosk->is_ending, true);
    ui_wake();
    return NULL;
}

static enum err read_config(struct kiosk *kiosk, struct fail *why)
{
    struct files folder;
    enum err err = system_files_open(kiosk->options.kiosk, &folder, why);
    if (err)
        return err;
    err = kiosk_config_look(&folder, kiosk->options.kiosk, &kiosk->config, why);
    system_files_close(&folder);
    const char *refused = kiosk_options_demo_only(&kiosk->options);
    if (!err && refused && !kiosk->config.demo)
        err = fail_set(why, ERR_DENIED, "%s is for a demo kiosk only", refused);
    return err;
}

// Somebody may have put right meanwhile what kept it closed.
static enum err run_once(struct kiosk *kiosk, enum run_end *end, struct fail *why)
{
    if (kiosk->base.code[0]) {
        kiosk_config_wipe(&kiosk->config);
        enum err err = read_config(kiosk, why);
        if (err)
            return err;
    }
    return kiosk_run(kiosk, end, why);
}

// Opens what outlives a run, and runs until it is over.
static enum err run_all(struct kiosk *kiosk, struct fail *why)
{
    pthread_t signals;
    enum run_end end = RUN_AGAIN;
    enum err err = sodium_crypto_open(&kiosk->crypto, why);
    if (!err)
        err = system_clock_open(&kiosk->clock, why);
    if (err)
        return err;
    if (pthread_create(&signals, NULL, wait_for_signals, kiosk) != 0) {
        system_clock_close(&kiosk->clock);
        return fail_set(why, ERR_FULL, "no thread for signals");
    }
    kiosk->end_at_ms = kiosk->options.seconds
                           ? clock_now(&kiosk->clock).monotonic_ms + kiosk->options.seconds * 1000LL
                           : -1;
    if (!err && kiosk->options.preview)
        err = kiosk_preview(kiosk, why);
    if (!err && !kiosk->options.preview)
        kiosk_know_time(&kiosk->config, &kiosk->crypto, &kiosk->clock);
    while (!err && !kiosk->options.preview && end == RUN_AGAIN)
        err = run_once(kiosk, &end, why);
    system_notify_stopping();
    (void)pthread_kill(signals, SIGTERM);
    (void)pthread_join(signals, NULL);
    system_clock_close(&kiosk->clock);
    return err;
}

int main(int argc, char **argv)
{
    static struct kiosk kiosk;
    struct fail why = {0};
    int code;
    if (version_asked(argc, argv, "yimen-kiosk"))
        return EXIT_SUCCESS;
    wipe_begin(argv);
    if (!kiosk_options_read(argc, argv, &kiosk.options, &code))
        return code;
    wipe_forbid_dumps();
    wipe_lock(&kiosk.config, sizeof kiosk.config);
    crypto_lock_keys(TLS_KEYS_BYTES);
    block_signals(&kiosk.signals);
    enum err err = kiosk.options.preview ? ERR_OK : read_config(&kiosk, &why);
    if (!err)
        err = run_all(&kiosk, &why);
    kiosk_config_wipe(&kiosk.config);
    if (!err)
        return EXIT_SUCCESS;
    log_fail(LOG_ERROR, "kiosk", "ended", &why);
    return EXIT_FAILURE;
}
